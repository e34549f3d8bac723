"""The strut sheet: what each scale shows on each day, and what it refuses to say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import TypeAdapter

from callotasis import NOTICE, __version__
from callotasis.errors import FrameRefusal, PlanRefusal
from callotasis.fixation.hexapod import Schedule, ScheduleOrder, scheduled
from callotasis.fixation.hexapod.changes import StrutChange
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.pose import Side
from callotasis.report.frame_drawing import VIEWS, Scene
from callotasis.report.strut_sheet import (
    DAYS_A_PAGE,
    PLAIN,
    VIEW,
    StrutSheetOrder,
    _struts,
    frame_picture,
    strut_pages,
    strut_sheet,
)
from dora import CASE, LEFT_TIBIA
from hexapods import NEUTRAL, USUAL, ordered
from looks import contrast, pages_of

SIGNED = "signed by Ada on 16 January 2027"
FIRST_DAY = date(2027, 1, 18)
CALL = "Ward 3, 0123 456"


@cache
def picture() -> bytes:
    """A picture of nothing, as a PNG."""
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "#009E73").save(out, "png")
    return out.getvalue()


@cache
def schedule(z: float = 180.0) -> Schedule:
    """From the pose of case H7 to a straight frame, with one size of strut."""
    raw = ordered(target_pose={"translation_mm": [0, 0, z]})
    return scheduled(TypeAdapter(ScheduleOrder).validate_python(raw))


def steady(days: int, *changes: StrutChange) -> Schedule:
    """Six struts that grow by 1 mm a day, from 120 mm on."""
    rows = tuple((120.0 + day,) * 6 for day in range(days + 1))
    return replace(schedule(), days=days, struts_mm=rows, changes=changes)


def order(found: Schedule, **changed: Any) -> StrutSheetOrder:
    """Order a sheet; the scales show the length joint to joint."""
    usual: dict[str, Any] = {
        "schedule": found,
        "first_day": FIRST_DAY,
        "case": CASE,
        "segment": LEFT_TIBIA,
        "picture": picture(),
        "view": VIEW,
        "sizes": ("medium",) * 6,
        "scale_offset_mm": {"medium": 0.0},
        "graduation_mm": 1.0,
        "call": CALL,
        "made_on": date(2027, 1, 15),
    }
    return StrutSheetOrder(**{**usual, **changed})


def printed(folder: Path, asked: StrutSheetOrder) -> list[str]:
    """Print a sheet and read its pages."""
    path = folder / "struts.pdf"
    path.write_bytes(strut_sheet(asked))
    return pages_of(path)


# What the lines say.


def test_every_day_has_a_line_with_its_date_and_six_numbers() -> None:
    found = schedule()
    (page,) = strut_pages(order(found))
    assert len(page.rows) == found.days + 1
    assert [r.day for r in page.rows] == ["", *map(str, range(1, found.days + 1))]
    assert (page.rows[0].date, page.rows[1].date) == ("as set in theatre", "Mon 18 Jan")
    assert page.days.startswith("18 January")
    for row, lengths in zip(page.rows[1:], found.struts_mm[1:], strict=True):
        assert [float(cell) for cell in row.cells] == list(lengths)
    assert page.rows[0].cells == tuple(f"{v:.1f}" for v in found.struts_mm[0])


@given(offset=st.integers(-100, 100))
def test_the_scale_shows_the_length_and_what_the_maker_adds(offset: int) -> None:
    found = steady(5)
    (page,) = strut_pages(order(found, scale_offset_mm={"medium": float(offset)}))
    assert [float(row.cells[3]) for row in page.rows] == [
        120.0 + day + offset for day in range(6)
    ]


@pytest.mark.parametrize(
    ("days", "pages"), [(1, 1), (31, 1), (32, 2), (62, 2), (63, 3)]
)
def test_a_page_holds_31_days_and_none_is_lost(days: int, pages: int) -> None:
    found = strut_pages(order(steady(days)))
    assert len(found) == pages
    shown = [row.day for page in found for row in page.rows]
    assert shown == ["", *map(str, range(1, days + 1))]
    assert all(len(page.rows) <= DAYS_A_PAGE + 1 for page in found)


def test_a_change_of_struts_stands_after_its_day_in_words() -> None:
    change = StrutChange(3, 2, "medium", "long")
    offsets = {"medium": -30.0, "long": -40.0}
    (page,) = strut_pages(order(steady(4, change), scale_offset_mm=offsets))
    assert page.rows[3].words == (
        "Tue 19 Jan, after turning, at the clinic: strut 3 (yellow) goes from medium "
        "to long; then it shows 82."
    )
    third = [row.cells[2] for row in page.rows if row.cells]
    other = [row.cells[0] for row in page.rows if row.cells]
    assert third == ["90.0", "91", "92", "83", "84"]
    assert other == ["90.0", "91", "92", "93", "94"]


def test_the_head_names_the_sizes_that_a_page_starts_with() -> None:
    change = StrutChange(3, 31, "medium", "long")
    offsets = {"medium": 0.0, "long": 0.0}
    one, two = strut_pages(order(steady(40, change), scale_offset_mm=offsets))
    assert one.sizes == ("medium",) * 6
    assert two.sizes == ("medium", "medium", "long", "medium", "medium", "medium")
    assert one.rows[-1].words


def test_struts_without_names_are_given_none(tmp_path: Path) -> None:
    sizes, offsets = ("strut",) * 6, {"strut": 0.0}
    nameless = order(steady(3), sizes=sizes, scale_offset_mm=offsets)
    (page,) = strut_pages(nameless)
    assert page.sizes == ("",) * 6
    (text,) = printed(tmp_path, nameless)
    for strut, after in zip(STRUT_COLOURS, [*STRUT_COLOURS[1:], None], strict=True):
        then = f"{after.number} {after.word}" if after else "done"
        assert f"{strut.number} {strut.word} {then}" in text


def test_a_change_before_the_first_turn_is_not_lost() -> None:
    change = StrutChange(3, 0, "medium", "long")
    offsets = {"medium": 0.0, "long": 0.0}
    (page,) = strut_pages(order(steady(4, change), scale_offset_mm=offsets))
    assert "strut 3 (yellow) goes from medium to long" in page.rows[1].words


def test_half_marks_are_shown_as_such() -> None:
    rows = tuple((120.0 + day / 2,) * 6 for day in range(4))
    found = replace(steady(3), struts_mm=rows)
    (page,) = strut_pages(order(found, graduation_mm=0.5))
    assert [row.cells[0] for row in page.rows] == ["120.0", "120.5", "121", "121.5"]


# What is refused.


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"picture": b""}, "never told apart by words alone"),
        ({"picture": b"\xff\xd8\xff"}, "a PNG is needed"),
        ({"view": " "}, "view is empty"),
        ({"call": ""}, "call is empty"),
        ({"scale_offset_mm": {}}, "what the scale of size 'medium' reads"),
        ({"scale_offset_mm": {"medium": float("nan")}}, "scale of size 'medium'"),
        ({"graduation_mm": 0.0}, "graduation is 0 mm"),
        ({"graduation_mm": float("nan")}, "graduation is nan mm"),
        ({"first_day": date(1, 1, 1)}, "the first turn is on 0001-01-01"),
        ({"first_day": date(9999, 12, 31)}, "the first turn is on 9999-12-31"),
    ],
)
def test_an_order_that_leaves_a_question_open_is_refused(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(FrameRefusal, match=why):
        order(steady(3), **changed)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="paper 'a5' is unknown"):
        order(steady(3), paper="a5")


def test_a_change_of_another_size_than_was_fitted_is_refused() -> None:
    change = StrutChange(3, 2, "short", "long")
    with pytest.raises(FrameRefusal, match="strut 3 is 'medium' on day 2"):
        order(steady(4, change), scale_offset_mm={"medium": 0.0, "long": 0.0})


def test_the_scale_of_every_size_that_comes_must_be_known() -> None:
    change = StrutChange(3, 2, "medium", "long")
    with pytest.raises(FrameRefusal, match="scale of size 'long'"):
        order(steady(4, change))


def test_a_scale_between_two_marks_is_refused() -> None:
    with pytest.raises(FrameRefusal, match=r"strut 1 would show 120\.50 on day 1"):
        strut_pages(order(steady(3), scale_offset_mm={"medium": -0.5}))


def test_a_scale_below_its_start_is_refused() -> None:
    with pytest.raises(FrameRefusal, match=r"would show -80\.0 on day 0, below"):
        strut_pages(order(steady(3), scale_offset_mm={"medium": -200.0}))


# The paper.


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_31_days_and_six_changes_go_on_one_page(tmp_path: Path, paper: str) -> None:
    changes = [StrutChange(n, 2 * n, "medium", "long") for n in range(1, 7)]
    asked = order(
        steady(31, *changes), scale_offset_mm={"medium": 0.0, "long": 0.0}, paper=paper
    )
    (page,) = printed(tmp_path, asked)
    for number in range(1, 7):
        assert f"strut {number} (" in page
    assert "Wed 17 Feb" in page
    assert "This was the last turn." in page


def test_every_page_repeats_the_head(tmp_path: Path) -> None:
    pages = printed(tmp_path, order(steady(40), signed=SIGNED))
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        for words in (
            *("LEFT TIBIA", CASE, VIEW, SIGNED, NOTICE, f"Callotasis {__version__}"),
            f"Stop turning and call {CALL}",
            f"{number} of 2",
        ):
            assert words in page
        for strut in STRUT_COLOURS:
            assert f"{strut.number} {strut.word}" in page
    assert "This was the last turn." not in pages[0]
    assert "This was the last turn." in pages[1]


def test_nobody_turns_by_a_draft(tmp_path: Path) -> None:
    (draft,) = printed(tmp_path, order(steady(3)))
    assert "DRAFT" in draft
    assert "Nobody has signed this sheet. Do not turn by it." in draft
    (signed,) = printed(tmp_path, order(steady(3), signed=SIGNED))
    assert "DRAFT" not in signed
    assert "Once a day, turn each strut" in signed


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("long", [1, 5])
def test_what_to_do_when_unsure_never_runs_into_the_table(
    paper: str, long: int
) -> None:
    pymupdf = pytest.importorskip("pymupdf", reason="python -m pip install pymupdf")
    words = {"case": CASE * long, "call": f"{CALL} " * long, "signed": SIGNED * long}
    pdf = strut_sheet(order(steady(3), paper=paper, **words))
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        (page,) = document
        (last,) = page.search_for("grows.")
        (table,) = page.search_for("done")
        assert last.y1 < table.y0


def test_nobody_is_blamed_and_the_start_is_no_day_to_turn(tmp_path: Path) -> None:
    (page,) = printed(tmp_path, order(steady(3), signed=SIGNED))
    assert "A day was left out." in page
    assert "missed" not in page
    assert "as set in theatre 120.0" in page
    assert "17 Jan" not in page


def test_a_name_that_is_markup_is_printed_as_it_is(tmp_path: Path) -> None:
    hostile = "#x *Dora* $y$ <z>"
    (page,) = printed(tmp_path, order(steady(3), case=hostile, call=hostile))
    assert page.count(hostile) >= 3


@pytest.mark.parametrize("side", Side)
def test_the_picture_of_the_frame_can_go_on_the_sheet(side: Side) -> None:
    scene = Scene(USUAL, side)
    drawn = frame_picture(scene, NEUTRAL)
    order(steady(3), picture=drawn, view=VIEW)
    with Image.open(io.BytesIO(drawn)) as found:
        assert found.width > 1000
        low, high = found.convert("L").getextrema()
        assert high - low > 150


def test_the_picture_of_a_left_frame_is_that_of_a_right_one_mirrored() -> None:
    right, left = (frame_picture(Scene(USUAL, side), NEUTRAL) for side in Side)
    assert right != left
    assert {*PLAIN} >= {
        word
        for name in ("front", "above")
        for side in Side
        for word in (VIEWS[name].top, VIEWS[name].bottom, *VIEWS[name].words(side))
    }


def test_letters_on_the_colours_can_be_read() -> None:
    for strut in _struts():
        assert contrast(str(strut["ink"]), str(strut["fill"])) >= 4.5
