"""The theatre sheet: the side in words, one page a bone, room for what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from callotasis import NOTICE, __version__
from callotasis.alignment import Limb, MeasuredFilm
from callotasis.casework import Order
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.plan import Adjunct, Fibula
from callotasis.pose import Bone, Segment
from callotasis.proposal import SegmentSheet
from callotasis.report.theatre import (
    CORRIDORS,
    TheatrePage,
    cut_words,
    motion_words,
    theatre_page,
    theatre_sheet,
)
from callotasis.surgery import BOXES
from dora import CASE, LEFT_TIBIA, MADE_ON, ORDER, RIGHT_FEMUR, work_out
from looks import contrast, pages_of
from orders import straightening

SIGNED = "signed by Ada on 2 December 2026"
Print = Callable[..., list[str]]


@pytest.fixture(scope="module")
def sheets(dora_measured: MeasuredFilm) -> dict[Segment, SegmentSheet]:
    """The plan of each of Dora's bones."""
    return dict(work_out(dora_measured).proposal.segments)


@pytest.fixture
def printed(dora_measured: MeasuredFilm, tmp_path: Path) -> Print:
    """Print the theatre sheet and read its pages."""

    def read(
        order: Order = ORDER, case: str = CASE, signed: str = "", paper: str = "a4"
    ) -> list[str]:
        worked = work_out(dora_measured, order)
        path = tmp_path / "theatre.pdf"
        path.write_bytes(
            theatre_sheet(
                case, dora_measured, worked, made_on=MADE_ON, signed=signed, paper=paper
            )
        )
        return pages_of(path)

    return read


def page_of(
    segment: Segment,
    sheets: dict[Segment, SegmentSheet],
    measured: MeasuredFilm,
    signed: str = "",
    **changed: object,
) -> TheatrePage:
    """Put a bone into words, with parts of its plan changed."""
    sheet = replace(sheets[segment], **changed)
    return theatre_page(segment, sheet, measured.limbs[segment.side], signed)


# The words.


def test_side_and_bone_are_said_in_capitals(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    for segment, bone, letter in (
        (RIGHT_FEMUR, "RIGHT FEMUR", "R"),
        (LEFT_TIBIA, "LEFT TIBIA", "L"),
    ):
        page = page_of(segment, sheets, dora_measured)
        assert (page.bone, page.letter) == (bone, letter)
        side = bone.split()[0]
        assert sum(side in line for line in page.time_out) >= 2


def test_every_part_of_the_surgery_entry_has_its_box(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    page = page_of(RIGHT_FEMUR, sheets, dora_measured)
    assert [box["words"] for box in page.boxes] == [*BOXES.values()]


def straight_leg(worlds: int = 5) -> Limb:
    """A femur of 450 mm whose trochanter lies 10 mm above the hip, ± some."""
    points = {
        "hip_centre": (0.0, 0.0, 450.0),
        "knee_centre": (0.0, 0.0, 0.0),
        "troch_tip": (60.0, 0.0, 460.0),
    }
    spread = np.linspace(0, 1, worlds)[:, None] * np.array([0.0, 0.0, 4.0])
    placed = {name: np.tile(point, (worlds, 1)) for name, point in points.items()}
    placed["troch_tip"] = placed["troch_tip"] + spread
    return Limb(RIGHT_FEMUR.side, placed)


def test_the_cut_is_said_from_both_joints_and_from_the_landmark(
    sheets: dict[Segment, SegmentSheet],
) -> None:
    sheet = sheets[RIGHT_FEMUR]
    sheet = replace(sheet, cut=replace(sheet.cut, level_mm=140.0))
    below, landmark, above = cut_words(Bone.FEMUR, sheet, straight_leg())
    assert below == "140.0 mm below the hip centre along the mechanical axis"
    assert landmark.startswith("150.0 mm (15")
    assert landmark.endswith("below the tip of the greater trochanter")
    assert above == "310.0 mm (310.0 to 310.0) above the knee centre"


def test_a_landmark_that_was_not_placed_is_not_named(
    sheets: dict[Segment, SegmentSheet],
) -> None:
    limb = straight_leg()
    bare = Limb(limb.side, {k: v for k, v in limb.points.items() if k != "troch_tip"})
    said = cut_words(Bone.FEMUR, sheets[RIGHT_FEMUR], bare)
    assert len(said) == 2
    assert not any("trochanter" in line for line in said)


@pytest.mark.parametrize(
    ("pose", "words"),
    [
        ({"valgus_deg": 9.6}, "turn the lower fragment 9.6° into valgus"),
        ({"lateral_mm": -3.0}, "shift the lower fragment 3.0 mm to medial"),
        ({"proximal_mm": -2.0}, "shift the lower fragment 2.0 mm distally"),
        ({"valgus_deg": 0.04, "lateral_mm": 0.0}, "cut only: neither turn nor shift"),
    ],
)
def test_a_motion_is_said_as_an_order(pose: dict[str, object], words: str) -> None:
    assert motion_words(pose) == words


def test_what_no_film_shows_is_named(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    plan = dict(page_of(LEFT_TIBIA, sheets, dora_measured).plan)
    assert plan["Not seen on the film"] == (
        "shift forward or back, apex forward or back, rotation: look at the leg"
    )


def test_the_fibula_of_a_tibia_is_said_with_level_and_both_ends(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    plan = dict(page_of(LEFT_TIBIA, sheets, dora_measured).plan)
    assert plan["Fibula"] == (
        "cut it 90.0 mm above the ankle centre, fix it above, fix it below"
    )
    loose = page_of(LEFT_TIBIA, sheets, dora_measured, fibula=Fibula(80.0, False, True))
    assert "do not fix it above, fix it below" in dict(loose.plan)["Fibula"]
    assert "Fibula" not in dict(page_of(RIGHT_FEMUR, sheets, dora_measured).plan)


def test_what_is_done_beside_the_cut_is_said_with_its_trigger(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    adjunct = Adjunct("R.femur", "release of the band", "gain 60 mm", "plan.x")
    page = page_of(RIGHT_FEMUR, sheets, dora_measured, adjuncts=(adjunct,))
    assert dict(page.plan)["Beside the cut"] == "release of the band (gain 60 mm)"


def test_an_unsigned_plan_says_do_not_start(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    draft = page_of(RIGHT_FEMUR, sheets, dora_measured)
    assert "The plan is NOT SIGNED: do not start." in draft.time_out
    signed = page_of(RIGHT_FEMUR, sheets, dora_measured, SIGNED)
    assert f"The plan is {SIGNED}." in signed.time_out
    assert not any("NOT SIGNED" in line for line in signed.time_out)


def test_a_nail_is_said_as_the_report_says_it_with_its_blocking_screws(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    page = page_of(RIGHT_FEMUR, sheets, dora_measured)
    nail = sheets[RIGHT_FEMUR].nail
    assert nail is not None
    plan = dict(page.plan)
    assert plan["Entry of the nail"].startswith(nail.entry.words)
    assert f"at least {nail.length_mm:.0f} mm" in plan["Length of the nail"]
    assert {"Thickness of the nail", "For the nail at surgery"} <= {*plan}
    assert page.screws == tuple(
        f"{s.place}, against {s.against}" for s in nail.blocking
    )
    assert page.screws


def test_a_rail_has_no_nail_no_screws_and_no_controller(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    page = page_of(LEFT_TIBIA, sheets, dora_measured)
    assert page.screws == ()
    assert not any("nail" in name for name, _ in page.plan)
    assert not any("controller" in line for line in page.time_out)


@pytest.mark.parametrize("bone", Bone)
def test_what_pins_must_respect_says_its_number_and_how_sure_it_is(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet], bone: Bone
) -> None:
    segment = RIGHT_FEMUR if bone is Bone.FEMUR else LEFT_TIBIA
    shown = page_of(segment, sheets, dora_measured).corridors
    assert len(shown) == len(CORRIDORS[bone])
    for (words, number, source), key in zip(shown, CORRIDORS[bone], strict=True):
        row = constant(key)
        assert words == row.statement
        assert re.search(r"\d", number)
        assert source.endswith(f"[{row.mark}]")


def test_the_numbers_of_the_corridors_are_those_that_were_read() -> None:
    capsule, nerve = (
        constant(f"theatre.{name}") for name in ("tibia_capsule", "tibia_peroneal")
    )
    assert (capsule.value, capsule.low) == (14.0, 4.0)
    assert (nerve.value, nerve.low, nerve.high, nerve.n) == (34.8, 21.5, 44.3, 10)


# Frames.


def framed_page(measured: MeasuredFilm, kind: str) -> TheatrePage:
    """The left tibia in a frame, straightened and 20 mm longer."""
    order = straightening(f"example-{kind}", 20.0, limb_radius_mm={"L.tibia": 50.0})
    sheet = work_out(measured, order).proposal.segments[LEFT_TIBIA]
    return theatre_page(LEFT_TIBIA, sheet, measured.limbs[LEFT_TIBIA.side], "")


def test_a_hexapod_has_its_rings_and_every_strut_with_number_and_colour(
    dora_measured: MeasuredFilm,
) -> None:
    page = framed_page(dora_measured, "hexapod")
    plan = dict(page.plan)
    assert plan["Device"] == "example-hexapod"
    assert plan["Frame"].startswith("two rings full 140 of example, square on the bone")
    assert plan["At surgery"] == "cut only: neither turn nor shift"
    assert "into valgus" in plan["Afterwards"]
    assert "the program is made again from two films" in plan["Afterwards"]
    assert [s["number"] for s in page.struts] == ["1", "2", "3", "4", "5", "6"]
    assert [s["word"] for s in page.struts][:3] == ["red", "orange", "yellow"]
    assert {s["size"] for s in page.struts} <= {"short", "medium", "long"}
    assert all(re.fullmatch(r"\d+\.\d mm", s["length"]) for s in page.struts)
    assert page.rods == ()
    for strut in page.struts:
        assert contrast(strut["ink"], strut["colour"]) > 3


def test_a_ring_frame_says_where_hinges_and_rods_go(
    dora_measured: MeasuredFilm,
) -> None:
    page = framed_page(dora_measured, "ring")
    plan = dict(page.plan)
    assert plan["Frame"].startswith("hinges on the convex, lateral cortex, 20 mm from")
    assert plan["Afterwards"].startswith("day by day in the frame: turn the lower")
    assert "two films" not in plan["Afterwards"]
    assert page.struts == ()
    rod, hinges = page.rods
    assert re.fullmatch(r"medial rod \d+\.\d mm", rod)
    assert hinges == "hinge rods, drawn out by 0.0 mm"


def test_only_a_frame_says_that_its_parts_were_tried(
    dora_measured: MeasuredFilm, sheets: dict[Segment, SegmentSheet]
) -> None:
    tried = "Rings, rods or struts on the table were tried together."
    assert tried in framed_page(dora_measured, "hexapod").time_out
    rail = page_of(LEFT_TIBIA, sheets, dora_measured)
    assert tried not in rail.time_out
    assert rail.struts == rail.rods == ()
    assert "Frame" not in dict(rail.plan)


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("kind", ["hexapod", "ring"])
def test_a_frame_has_one_page_with_its_struts_or_rods(
    printed: Print, kind: str, paper: str
) -> None:
    order = replace(
        ORDER,
        device={**ORDER.device, "L.tibia": f"example-{kind}"},
        gain_mm={"L.tibia": 10.0},
    )
    pages = printed(order, paper=paper)
    assert len(pages) == 2
    title = {"hexapod": "Struts before the first turn", "ring": "Rods before"}[kind]
    assert title in pages[0]
    assert "Blocking screws None" not in pages[0]
    assert "Why another" in pages[0]
    if kind == "hexapod":
        for word in ("red", "orange", "yellow", "green", "blue", "violet"):
            assert word in pages[0]


# The paper.


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("signed", ["", SIGNED])
def test_each_bone_has_one_page_that_says_what_it_is(
    printed: Print, paper: str, signed: str
) -> None:
    pages = printed(signed=signed, paper=paper)
    assert len(pages) == 2
    for number, (page, bone) in enumerate(
        zip(pages, ("LEFT TIBIA", "RIGHT FEMUR"), strict=True), start=1
    ):
        for words in (bone, CASE, NOTICE, f"Callotasis {__version__}", "SYNTHETIC"):
            assert words in page
        assert f"{number} of 2" in page
        assert "surgery planned for 11 January 2027" in page
        assert ("DRAFT" in page) == (not signed)
        assert (SIGNED in page) == bool(signed)
        for words in BOXES.values():
            assert words in page


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_a_bone_with_everything_still_has_one_page(printed: Print, paper: str) -> None:
    both = replace(
        ORDER,
        equalise=None,
        correct=(),
        gain_mm={"R.femur": 60.0, "L.tibia": 50.0},
        device=dict.fromkeys(ORDER.device, "example-nail"),
    )
    tibia, femur = printed(both, paper=paper)
    for words in ("gastrocsoleus recession", "lateral to the nail", "Why another"):
        assert words in tibia
    assert "release of the iliotibial band" in femur


def test_no_page_names_the_other_side(printed: Print) -> None:
    tibia, femur = printed()
    assert "RIGHT" not in tibia
    assert "LEFT" not in femur


def test_a_plan_with_an_open_stop_has_no_theatre_sheet(printed: Print) -> None:
    with pytest.raises(PlanRefusal, match=r"open stops: plan\.fibula@L\.tibia"):
        printed(replace(ORDER, fibula={}))


def test_a_name_that_is_markup_is_printed_as_it_is(printed: Print) -> None:
    hostile = "#x *Dora* $y$ <z>"
    assert all(hostile in page for page in printed(case=hostile, signed=hostile))


def test_the_same_plan_gives_the_same_sheet(dora_measured: MeasuredFilm) -> None:
    worked = work_out(dora_measured)
    once, again = (
        theatre_sheet(CASE, dora_measured, worked, made_on=MADE_ON) for _ in range(2)
    )
    assert once == again
