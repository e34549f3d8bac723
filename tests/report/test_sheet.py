"""The report on disk: one page for the screen, one for paper, and what goes with it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image

from callotasis import NOTICE, __version__
from callotasis.alignment import MeasuredFilm
from callotasis.casework import Order
from callotasis.proposal import Worked
from callotasis.report import Report, rendered, write_report
from dora import CASE, FORGOTTEN_FIBULA, MADE_ON, ORDER, RIGHT_FEMUR, work_out
from looks import Page, pages_of, paper_of

HOSTILE = '<script>alert(1)</script> & "Dora"'
MARKUP = "#import $x$ *Dora* _x_ `y` @z <a> \\ [ ] // {{ 7 * 7 }} {% if %}"
SIGNED = "signed by Ada on 2 December 2026"
WITHOUT_FIBULA = replace(ORDER, fibula={})
AXIS_ONLY = replace(ORDER, equalise=None)


@dataclass(frozen=True)
class Written:
    """A report, with what it was written from."""

    worked: Worked
    report: Report

    @property
    def html(self) -> str:
        """The page as text."""
        return self.report.html.read_text("utf-8")

    @property
    def page(self) -> Page:
        """The page as a browser reads it."""
        return Page(self.html)


Write = Callable[..., Written]


@pytest.fixture(scope="module")
def write(
    dora_measured: MeasuredFilm, tmp_path_factory: pytest.TempPathFactory
) -> Write:
    """Write the report of an order; the same question is written once."""
    known: dict[tuple[str, ...], Written] = {}

    def written(
        order: Order = ORDER,
        case: str = CASE,
        signed: str = "",
        paper: str = "a4",
        copy: int = 1,
    ) -> Written:
        asked = (repr(order), case, signed, paper, str(copy))
        if asked not in known:
            worked = work_out(dora_measured, order)
            parts = rendered(
                case,
                dora_measured,
                worked,
                made_on=MADE_ON,
                signed=signed,
                paper=paper,
            )
            folder = tmp_path_factory.mktemp("report") / "made here"
            report = write_report(folder, parts)
            known[asked] = Written(worked, report)
        return known[asked]

    return written


def every_file(report: Report) -> dict[str, bytes]:
    """Read everything that was written."""
    folder = report.html.parent
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# What is written.


def test_a_report_is_a_page_papers_pictures_a_calendar_and_a_table(
    write: Write,
) -> None:
    report = write().report
    assert report.calendar is not None
    assert report.table is not None
    assert report.theatre is not None
    papers = {report.html, report.pdf, report.theatre}
    listed = {*papers, report.calendar, report.table, *report.pictures}
    assert {path.name for path in listed} == {*every_file(report)}
    assert [path.name for path in report.pictures] == [
        "film.jpg",
        "before_after.jpg",
        "timeline.png",
        "prescription.png",
    ]


def test_every_picture_can_be_opened_and_has_something_on_it(write: Write) -> None:
    for path in write().report.pictures:
        with Image.open(io.BytesIO(path.read_bytes())) as picture:
            assert min(picture.size) > 300
            low, high = picture.convert("L").getextrema()
            assert high - low > 150


def test_the_same_plan_gives_the_same_files_to_the_last_byte(write: Write) -> None:
    once, again = (every_file(write(copy=n).report) for n in (1, 2))
    assert once == again


def test_calendar_and_table_hold_every_turn(write: Write) -> None:
    written = write()
    turns = written.worked.proposal.segments[RIGHT_FEMUR].prescription.turns
    assert written.report.calendar is not None
    assert written.report.table is not None
    events = Calendar.from_ical(written.report.calendar.read_bytes()).walk("VEVENT")
    assert len(events) == len(turns)
    assert len(written.report.table.read_text("utf-8").splitlines()) == len(turns) + 1


# Frames.


def in_frame(kind: str, **other: Any) -> Order:
    """Straighten and lengthen the left tibia in a frame, and nothing else."""
    order = replace(
        AXIS_ONLY,
        device={"L.tibia": f"example-{kind}"},
        limb_radius_mm={"L.tibia": 50.0},
        gain_mm={"L.tibia": 10.0},
        equalise="R.femur",
    )
    devices = {**order.device, "R.femur": "example-nail"}
    return replace(order, device=devices, **other)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("hexapod", ["frame-L.tibia.png", "path-L.tibia.png"]),
        ("ring", ["frame-L.tibia.png"]),
        ("rail", []),
    ],
)
def test_a_frame_has_its_pictures_in_folder_page_and_paper(
    write: Write, kind: str, names: list[str]
) -> None:
    written = write(in_frame(kind))
    assert [p.name for p in written.report.pictures][4:] == names
    shown = [tag["alt"] for tag in written.page.all_of("img")]
    assert sum("left tibia" in alt for alt in shown) == len(names)
    said = ("Hexapod of the left tibia", "Ring frame of the left tibia")
    pages = pages_of(written.report.pdf)
    assert any(words in page for page in pages for words in said) == bool(names)


def test_pictures_of_a_frame_can_be_opened_and_are_not_empty(write: Write) -> None:
    for kind in ("hexapod", "ring"):
        for path in write(in_frame(kind)).report.pictures[4:]:
            with Image.open(io.BytesIO(path.read_bytes())) as picture:
                assert picture.width > 1000
                low, high = picture.convert("L").getextrema()
                assert high - low > 150


def test_an_open_stop_leaves_the_frame_and_takes_its_days(write: Write) -> None:
    written = write(in_frame("hexapod", fibula={}))
    names = [path.name for path in written.report.pictures]
    assert written.worked.proposal.withheld == (FORGOTTEN_FIBULA,)
    assert "frame-L.tibia.png" in names
    assert "path-L.tibia.png" not in names


def test_a_plan_without_a_frame_takes_the_pictures_of_an_older_one_away(
    dora_measured: MeasuredFilm, tmp_path: Path
) -> None:
    def files(order: Order) -> set[str]:
        worked = work_out(dora_measured, order)
        write_report(tmp_path, rendered(CASE, dora_measured, worked, made_on=MADE_ON))
        return {path.name for path in tmp_path.iterdir()}

    assert {"frame-L.tibia.png", "path-L.tibia.png"} <= files(in_frame("hexapod"))
    assert not [name for name in files(ORDER) if "tibia" in name]


# Nobody has signed.


def test_a_draft_says_so_on_the_page_and_in_every_event(write: Write) -> None:
    written = write()
    assert "DRAFT, not signed" in written.page.text
    assert "watermark" in {tag.get("class") for tag in written.page.all_of("div")}
    assert written.report.calendar is not None
    events = Calendar.from_ical(written.report.calendar.read_bytes()).walk("VEVENT")
    assert all("DRAFT" in event["summary"] for event in events)


def test_a_signed_report_names_who_signed_and_is_no_draft(write: Write) -> None:
    written = write(signed=SIGNED)
    assert SIGNED in written.page.text
    assert "DRAFT" not in written.page.text
    assert "watermark" not in {tag.get("class") for tag in written.page.all_of("div")}
    assert written.report.calendar is not None
    assert b"DRAFT" not in written.report.calendar.read_bytes()


@pytest.mark.parametrize("signed", ["", SIGNED])
def test_a_paper_says_draft_on_every_page_until_it_is_signed(
    write: Write, signed: str
) -> None:
    pages = pages_of(write(signed=signed).report.pdf)
    assert len(pages) > 3
    for page in pages:
        assert ("DRAFT" in page) == (not signed)
    assert ("DRAFT, not signed" in pages[0]) == (not signed)
    assert (SIGNED in pages[0]) == bool(signed)


# Open stops.


def test_open_stops_leave_no_calendar_and_no_table(write: Write) -> None:
    report = write(WITHOUT_FIBULA).report
    assert report.calendar is None
    assert report.table is None
    assert not {"turns.ics", "turns.csv"} & {*every_file(report)}


def test_open_stops_leave_no_sheet_for_the_theatre(write: Write) -> None:
    report = write(WITHOUT_FIBULA).report
    assert report.theatre is None
    assert "theatre.pdf" not in every_file(report)


def test_open_stops_are_named_and_no_turn_is_listed(write: Write) -> None:
    text = write(WITHOUT_FIBULA).page.text
    assert "The prescription is withheld until a named clinician decides on" in text
    assert FORGOTTEN_FIBULA in text
    assert "Prescription for the right femur" not in text
    assert "Prescription for the right femur" in write().page.text


def test_a_withheld_prescription_is_not_drawn_either(write: Write) -> None:
    names = [path.name for path in write(WITHOUT_FIBULA).report.pictures]
    assert "prescription.png" not in names


def test_a_withheld_prescription_takes_the_turns_of_an_older_report_away(
    dora_measured: MeasuredFilm, tmp_path: Path
) -> None:
    for order in (ORDER, WITHOUT_FIBULA):
        worked = work_out(dora_measured, order)
        parts = rendered(CASE, dora_measured, worked, made_on=MADE_ON)
        write_report(tmp_path, parts)
    assert not list(tmp_path.glob("turns.*"))
    assert not list(tmp_path.glob("theatre.*"))


def test_a_correction_alone_has_a_report_without_turns(write: Write) -> None:
    written = write(AXIS_ONLY)
    assert written.report.calendar is None
    assert [path.name for path in written.report.pictures] == [
        "film.jpg",
        "before_after.jpg",
    ]
    assert len(written.page.all_of("img")) == 2


# The page.


def test_the_page_stands_alone(write: Write) -> None:
    page = write().page
    assert not {"script", "link", "iframe", "object", "embed"} & {
        t for t, _ in page.tags
    }
    for _, carried in page.tags:
        for name in ("src", "href", "action", "background", "srcset"):
            assert carried.get(name, "data:").startswith("data:")


def test_the_style_of_the_page_asks_for_nothing_from_elsewhere(write: Write) -> None:
    html = write().html
    wanted = re.findall(r"""url\(\s*["']?([^)"']{0,9})""", html)
    assert wanted
    assert {*wanted} == {"data:font"}
    assert "@import" not in html
    assert not re.search(r"\son[a-z]+\s*=", html)


def test_the_page_says_what_it_is(write: Write) -> None:
    page = write().page
    assert page.all_of("html")[0]["lang"] == "en"
    assert page.all_of("meta")[0]["charset"] == "utf-8"
    assert NOTICE in page.text
    assert "SYNTHETIC" in page.text
    assert f"Callotasis {__version__}" in page.text
    assert "made on 1 December 2026" in page.text


def test_a_real_film_is_not_called_synthetic(
    dora_measured: MeasuredFilm, tmp_path: Path
) -> None:
    real = replace(dora_measured, film=replace(dora_measured.film, synthetic=False))
    worked = work_out(real, AXIS_ONLY)
    parts = rendered(CASE, real, worked, made_on=MADE_ON)
    report = write_report(tmp_path, parts)
    assert "SYNTHETIC" not in Page(report.html.read_text("utf-8")).text


def test_every_picture_of_the_page_has_words_for_those_who_cannot_see_it(
    write: Write,
) -> None:
    page = write().page
    pictures = page.all_of("img")
    assert len(pictures) == 4
    assert all(len(picture["alt"]) > 20 for picture in pictures)
    assert len(page.all_of("figcaption")) == 4


def test_the_page_says_every_finding_in_full(write: Write) -> None:
    for order in (ORDER, WITHOUT_FIBULA):
        written = write(order)
        text = written.page.text
        for finding in written.worked.proposal.findings:
            assert finding.sentence in text
            assert finding.action in text


def test_the_page_names_every_source(write: Write) -> None:
    written = write()
    text = written.page.text
    keys = [f.evidence for f in written.worked.proposal.findings if f.evidence]
    for sheet in written.worked.proposal.segments.values():
        keys += [m.evidence for m in sheet.timeline if m.evidence]
        keys += sheet.prescription.protocol.evidence
    assert len(keys) > 5
    assert [key for key in keys if key not in text] == []


def test_a_hostile_name_is_shown_and_not_run(write: Write) -> None:
    page = write(AXIS_ONLY, case=HOSTILE, signed=HOSTILE).page
    assert page.all_of("script") == []
    assert page.text.count(HOSTILE) >= 3
    assert page.all_of("title") == [{}]


def test_a_name_that_is_markup_elsewhere_is_shown_as_it_is(write: Write) -> None:
    assert MARKUP in write(AXIS_ONLY, case=MARKUP).page.text


# The paper.


def test_every_page_of_the_paper_says_what_it_is(write: Write) -> None:
    pages = pages_of(write().report.pdf)
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert NOTICE in page
        assert CASE in page
        assert "1 December 2026" in page
        assert f"Callotasis {__version__}" in page
        assert f"{number} of {len(pages)}" in page


def test_the_paper_says_what_the_page_says(write: Write) -> None:
    written = write(WITHOUT_FIBULA)
    text = " ".join(pages_of(written.report.pdf))
    assert "SYNTHETIC" in text
    assert "withheld until a named clinician decides on" in text
    for finding in written.worked.proposal.findings:
        assert finding.sentence in text


def test_the_paper_lists_every_day_of_turning(write: Write) -> None:
    written = write()
    text = " ".join(pages_of(written.report.pdf))
    turns = written.worked.proposal.segments[RIGHT_FEMUR].prescription.turns
    for day in {turn.at.date() for turn in turns}:
        assert f"{day:%a %d %b %Y}" in text


def test_a_hostile_name_reaches_the_paper_as_words(write: Write) -> None:
    for name in (HOSTILE, MARKUP):
        pages = pages_of(write(AXIS_ONLY, case=name).report.pdf)
        assert all(name in page for page in pages)


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))]
)
def test_the_paper_has_the_size_that_was_asked_for(
    write: Write, paper: str, size: tuple[int, int]
) -> None:
    report = write(paper=paper).report
    assert paper_of(report.pdf) == size
    assert len(pages_of(report.pdf)) > 3


def test_the_paper_is_a_pdf_that_names_its_case(write: Write) -> None:
    data = write().report.pdf.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
