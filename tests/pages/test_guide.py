"""What the landmark page asks for: every landmark, in order, in words."""

from __future__ import annotations

import pytest

from callotasis.alignment import LATERAL_QUANTITIES
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
from callotasis.evidence import constant
from callotasis.pages.guide import FRONTAL_ORDER, guide_for, quantities_of, words
from callotasis.radiograph.landmarks import (
    REFINED,
    SCATTER,
    View,
    names_on,
    required_on,
)
from callotasis.radiograph.refine import refinable

GROUPS = {"essential", "usual", "extra"}


@pytest.mark.parametrize("view", View)
def test_every_landmark_of_a_view_is_asked_for_once(view: View) -> None:
    names = [step["name"] for step in guide_for(view)]
    assert sorted(names) == sorted(names_on(view))


@pytest.mark.parametrize("view", View)
def test_every_landmark_has_a_title_an_instruction_and_a_group(view: View) -> None:
    for step in guide_for(view):
        assert step["title"], step["name"]
        assert step["title"][0].isupper()
        assert step["how"].endswith(".")
        assert step["group"] in GROUPS


@pytest.mark.parametrize("view", View)
def test_titles_of_a_view_are_told_apart(view: View) -> None:
    titles = [step["title"] for step in guide_for(view)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("view", View)
def test_what_a_measurement_needs_is_essential_and_nothing_else_is(view: View) -> None:
    essential = [s["name"] for s in guide_for(view) if s["group"] == "essential"]
    assert sorted(essential) == sorted(required_on(view))


def test_the_words_speak_of_known_landmarks_and_of_nothing_else() -> None:
    assert set(words()) == set(SCATTER)


def test_the_frontal_order_names_known_landmarks_once_from_head_to_foot() -> None:
    assert set(FRONTAL_ORDER) <= set(names_on(View.FRONTAL))
    assert len(set(FRONTAL_ORDER)) == len(FRONTAL_ORDER)
    first = [step["name"] for step in guide_for(View.FRONTAL)]
    assert tuple(first[: len(FRONTAL_ORDER)]) == FRONTAL_ORDER
    joints = [n for n in FRONTAL_ORDER if n.endswith("_centre")]
    assert joints == ["hip_centre", "knee_centre", "ankle_centre"]


def test_the_frontal_order_measures_every_usual_quantity() -> None:
    assert all(set(q.needs) <= set(FRONTAL_ORDER) for q in QUANTITIES)


def test_only_a_frontal_film_is_refined_and_only_where_a_picture_can_tell() -> None:
    frontal = {s["name"] for s in guide_for(View.FRONTAL) if s["refines"]}
    assert frontal == set(refinable()) & set(names_on(View.FRONTAL))
    assert "hip_centre" in frontal
    assert "knee_centre" not in frontal
    assert frontal <= set(REFINED)
    for view in (View.LATERAL_FEMUR, View.LATERAL_TIBIA):
        assert not any(step["refines"] for step in guide_for(view))


@pytest.mark.parametrize("view", View)
def test_every_number_of_a_view_has_name_words_unit_and_normal_range(
    view: View,
) -> None:
    by_code = LATERAL_QUANTITIES.get(view, (*QUANTITIES, *EXTRAS))
    found = quantities_of(view)
    assert [q["name"] for q in found] == [q.name for q in by_code]
    for quantity in found:
        assert quantity["words"]
        assert (quantity["unit"] == "°") == quantity["name"].endswith("_deg")
        assert (quantity["unit"] == "mm") == quantity["name"].endswith("_mm")
        if quantity["normal"] is None:
            assert quantity["evidence"] == ""
        else:
            row = constant(quantity["evidence"])
            assert quantity["normal"] == [row.low, row.high]
