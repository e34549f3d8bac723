"""Pictures of hinges: what stands still does so, what turns is where it was turned."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.path import Path

from callotasis.fixation.hinged.planned import PlannedRing, planned_ring
from callotasis.pose import Bone, Segment, Side
from callotasis.report.frame_drawing import VIEWS
from callotasis.report.hinge_pictures import bone_outlines, hinge_views, ring_lines
from callotasis.report.style import FIXED, MOVING
from framing import FEW, RING, Bent
from looks import words_on

BENDS = st.builds(
    Bent,
    segment=st.builds(Segment, st.sampled_from(Side), st.sampled_from(Bone)),
    valgus_deg=st.floats(-20, 20).filter(lambda deg: abs(deg) > 3),
    apex=st.just(0.5),
    cut=st.floats(0.4, 0.6),
    gain_mm=st.sampled_from([0.0, 15.0]),
)
few = settings(max_examples=20)


@cache
def framed(bent: Bent) -> PlannedRing:
    return planned_ring(RING, *bent.planned(), 1.0, 55.0, FEW)


def varus(side: Side, gain_mm: float = 15.0) -> Figure:
    return hinge_views(framed(Bent(Segment(side, Bone.TIBIA), -12.0, gain_mm=gain_mm)))


@given(bent=BENDS)
@few
def test_both_fragments_together_are_the_bent_bone_and_meet_at_the_cut(
    bent: Bent,
) -> None:
    found = framed(bent)
    upper, lower = bone_outlines(found)
    assert len(upper) + len(lower) == 3
    for above, below in zip([*upper, *lower][:-1], [*upper, *lower][1:], strict=True):
        assert above[[3, 2]] == pytest.approx(below[[0, 1]])
    edge = lower[0][:2]
    # The saw passes the plan's cut centre, parallel to the bisector.
    along = (edge[1] - edge[0]) / np.linalg.norm(edge[1] - edge[0])
    off = edge[0] - (edge[0] @ along) * along
    assert np.linalg.norm(off) < 0.03 * abs(bent.valgus_deg) + 1e-6


@given(bent=BENDS)
@few
def test_rings_lie_square_on_their_fragments_with_the_bone_in_their_middle(
    bent: Bent,
) -> None:
    found = framed(bent)
    down = found.angulation.axes[2]
    below = found.frame.motion(found.turned.turn_deg, 0.0)[0].T @ down
    apex = np.array(found.angulation.apex_mm)
    for (end, across), way in zip(ring_lines(found), (down, below), strict=True):
        assert across @ way == pytest.approx(0, abs=1e-9)
        middle = end + across / 2 - apex
        assert np.linalg.norm(np.cross(middle, way)) == pytest.approx(0, abs=1e-6)
        assert np.linalg.norm(across) == pytest.approx(150, abs=0.01)


@pytest.mark.parametrize("side", Side)
def test_the_picture_says_whose_leg_it_is_and_where_lateral_lies(side: Side) -> None:
    figure = varus(side)
    left, right = ("lateral", "medial") if side is Side.RIGHT else ("medial", "lateral")
    assert any(
        t.get_text().startswith(f"{side.word.capitalize()} tibia, seen from the front.")
        for t in figure.texts
    )
    assert str(side) in [t.get_text() for t in figure.texts]
    for axes in figure.axes:
        places = {t.get_text(): t.get_position()[0] for t in axes.texts}
        assert places[left] < places[right]


@pytest.mark.parametrize("side", Side)
def test_the_hinges_of_a_varus_bone_are_drawn_laterally(side: Side) -> None:
    for axes in varus(side).axes:
        (hinge,) = (t.xy for t in axes.texts if t.get_text().startswith("hinges"))
        (rod,) = (t.xy for t in axes.texts if "medial rod" in t.get_text())
        # A right leg from the front has its lateral side on the left.
        assert (hinge[0] < rod[0]) == (side is Side.RIGHT)


def test_words_say_the_turn_and_both_lengths_of_the_rod() -> None:
    found = framed(Bent(Segment.parse("L.tibia"), -12.0, gain_mm=15.0))
    before, after = (words_on(axes) for axes in hinge_views(found).axes)
    assert "before the first turn" in before
    assert "turned by 12.0°" in after
    assert f"medial rod\n{found.sheet.start_mm[0]:.1f} mm" in before
    (last,) = (word for word in after if word.startswith("medial rod"))
    assert float(last.split()[2]) == pytest.approx(
        found.days[-1].lengths_mm[0], abs=0.3
    )
    out = found.settings.extension_mm
    assert f"hinges drawn\nout by {round(out, 1)} mm" in after
    assert "hinges" in before


def test_hinges_that_are_not_drawn_out_say_nothing_of_it() -> None:
    assert "hinges" in words_on(varus(Side.LEFT, 0.0).axes[1])


def test_both_panels_have_one_scale_and_hold_all_that_is_drawn() -> None:
    one, other = varus(Side.RIGHT).axes
    assert one.get_xlim() == other.get_xlim()
    assert one.get_ylim() == other.get_ylim()
    for axes in (one, other):
        box, (left, right) = axes.dataLim, axes.get_xlim()
        assert left < box.x0 < box.x1 < right


def test_no_word_leaves_the_picture() -> None:
    for side in Side:
        figure = varus(side, 0.0)
        figure.draw_without_rendering()
        whole = figure.bbox
        for axes in figure.axes:
            for text in axes.texts:
                box = text.get_window_extent()
                assert whole.x0 <= box.x0 < box.x1 <= whole.x1, text.get_text()


def test_the_upper_ring_is_grey_as_all_that_stands_still() -> None:
    for axes in varus(Side.RIGHT).axes:
        rings = [line for line in axes.lines if line.get_linewidth() == 3.0]
        assert [line.get_color() for line in rings] == [FIXED, MOVING]


@pytest.mark.parametrize("limb_mm", [40.0, 55.0], ids=str)
@pytest.mark.parametrize(
    "bent",
    [
        Bent(Segment(Side.LEFT, Bone.TIBIA), -12.0, gain_mm=15.0),
        Bent(Segment(Side.RIGHT, Bone.FEMUR), 20.0, 0.5, 0.55, 15.0),
        Bent(Segment(Side.RIGHT, Bone.TIBIA), 5.0, 0.5, 0.5),
        Bent(Segment(Side.LEFT, Bone.FEMUR), -25.0, 0.5),
        Bent(Segment(Side.LEFT, Bone.TIBIA), -10.0, 0.25, 0.35),
    ],
    ids=lambda bent: str(bent.segment),
)
def test_the_bisector_runs_from_the_hinges_and_through_no_word(
    bent: Bent, limb_mm: float
) -> None:
    ring = planned_ring(RING, *bent.planned(), 1.0, limb_mm, FEW)
    figure = hinge_views(ring)
    figure.draw_without_rendering()
    before, after = figure.axes
    (line,) = (line for line in before.lines if line.get_linestyle() == ":")
    start, end = np.asarray(line.get_xydata(), float)
    hinge = VIEWS["front"].seen(ring.frame.hinge_mm, bent.segment.side)[:2]
    assert start == pytest.approx(hinge)
    assert np.linalg.norm(end - start) < 60
    path = before.transData.transform_path(Path([start, end]))
    for text in before.texts:
        assert not path.intersects_bbox(text.get_window_extent()), text.get_text()
    assert ":" not in [line.get_linestyle() for line in after.lines]
