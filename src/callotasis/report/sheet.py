"""Write the report: pictures, one self-contained HTML page, one PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from callotasis.alignment import MeasuredFilm
from callotasis.distraction import as_calendar, as_table
from callotasis.fixation import Framed
from callotasis.fixation.hexapod.planned import PlannedHexapod
from callotasis.fixation.hinged.planned import PlannedRing
from callotasis.pose import Bone, Segment, Side
from callotasis.proposal import Worked
from callotasis.report.charts import prescription_chart, timeline_chart
from callotasis.report.content import Content, content_of
from callotasis.report.files import Rendered, write_files
from callotasis.report.film_pictures import before_and_after, film_with_axes
from callotasis.report.frame_files import scene_of
from callotasis.report.frame_pictures import frame_views, path_views
from callotasis.report.hinge_pictures import hinge_views
from callotasis.report.page import Picture, html_page, picture_of
from callotasis.report.theatre import theatre_sheet
from callotasis.report.typeset import check_paper, typeset


@dataclass(frozen=True)
class Report:
    """Where the parts of a report were written."""

    html: Path
    pdf: Path
    pictures: tuple[Path, ...]
    calendar: Path | None
    table: Path | None
    theatre: Path | None = None


OF_FRAMES = ("frame-", "path-")
EVERY_FILE = (
    "report.html",
    "report.pdf",
    "theatre.pdf",
    "film.jpg",
    "before_after.jpg",
    "timeline.png",
    "prescription.png",
    *(
        f"{what}{Segment(side, bone)}.png"
        for side in Side
        for bone in Bone
        for what in OF_FRAMES
    ),
    "turns.ics",
    "turns.csv",
)


def rendered(
    case: str,
    measured: MeasuredFilm,
    worked: Worked,
    *,
    made_on: date,
    signed: str = "",
    paper: str = "a4",
) -> Rendered:
    """Work out every file of a report.

    Parameters
    ----------
    case : str
        Name of the case.
    measured : MeasuredFilm
        The measured film.
    worked : Worked
        The proposal and its poses.
    made_on : date
        Printed on every page; a fixed date makes the files repeatable.
    signed : str
        Who signed and when; empty makes a draft.
    paper : str
        ``a4`` or ``us-letter``.

    Returns
    -------
    Rendered
        Without calendar, table, dates and theatre sheet while a stop is open.

    Raises
    ------
    PlanRefusal
        If the paper is unknown.

    References
    ----------
    .. [1] The evidence rows listed in the report.
    """
    check_paper(paper)
    content = content_of(case, measured, worked.proposal, made_on, signed)
    pictures = _pictures(measured, worked)
    files = {picture.file: picture.data for picture in pictures}
    frames = [p.name for p in pictures if p.name.startswith(OF_FRAMES)]
    page = html_page("report.html.jinja", asdict(content), pictures, frames=frames)
    files["report.html"] = page.encode()
    files["report.pdf"] = _pdf(content, pictures, made_on, paper)
    if not worked.proposal.withheld:
        files["theatre.pdf"] = theatre_sheet(
            case, measured, worked, made_on=made_on, signed=signed, paper=paper
        )
    turning = [
        s.prescription
        for s in worked.proposal.segments.values()
        if s.prescription.turns
    ]
    if turning:
        files["turns.ics"] = as_calendar(case, turning, draft=not signed)
        files["turns.csv"] = as_table(turning, draft=not signed).encode()
    return Rendered(files)


def write_report(folder: Path, parts: Rendered) -> Report:
    """Write a report; what an earlier one left and this one lacks is taken away.

    Parameters
    ----------
    folder : Path
        Made if it is not there, for its owner alone.
    parts : Rendered
        From :func:`rendered`.

    Returns
    -------
    Report
        Calendar, table and theatre sheet are absent while a stop is open.

    Raises
    ------
    RecordRefusal
        If the folder cannot be written.

    References
    ----------
    .. [1] A calendar of a withheld prescription must not be found by anybody.
    """
    there = write_files(folder, parts, instead_of=EVERY_FILE)
    return Report(
        there["report.html"],
        there["report.pdf"],
        tuple(path for path in there.values() if path.suffix in {".jpg", ".png"}),
        there.get("turns.ics"),
        there.get("turns.csv"),
        there.get("theatre.pdf"),
    )


def _pictures(measured: MeasuredFilm, worked: Worked) -> list[Picture]:
    sheets = worked.proposal.segments
    found = [
        picture_of(
            "film",
            film_with_axes(measured),
            "jpeg",
            "Standing film of both legs with mechanical axes and joint lines.",
            "Blue: axes of femur and tibia. Green, dashed: load line from hip to "
            "ankle. Orange: joint lines. Points: landmarks. The patient's right is "
            "on the left.",
        ),
        picture_of(
            "before_after",
            before_and_after(measured, worked.targets, worked.poses),
            "jpeg",
            "The film before, and cut and moved as planned, side by side.",
            "Left: before. Right: after surgery and distraction, as planned; what "
            "moves is blue, cuts are dashed orange. One scale for both, in the plane "
            "of the calibration; skin and foot move with the bone.",
        ),
    ]
    if any(s.prescription.turns for s in sheets.values()):
        found += [
            picture_of(
                "timeline",
                timeline_chart(sheets),
                "png",
                "Milestones as ranges of dates.",
                "Dot: median. Bar: range of 8 of 10, as far as the sources carry. Days "
                "that the prescription decides have no bar.",
            ),
            picture_of(
                "prescription",
                prescription_chart(sheets),
                "png",
                "Prescribed length over the days after surgery.",
                "What is to be turned, by day; day 0 is the osteotomy.",
            ),
        ]
    for segment, framed in worked.frames.items():
        turning = bool(sheets[segment].prescription.turns)
        found += _frame_pictures(segment, framed, turning=turning)
    return found


def _frame_pictures(
    segment: Segment, framed: Framed, *, turning: bool
) -> list[Picture]:
    """How a frame is built, and its days unless a stop is open."""
    if isinstance(framed, PlannedRing):
        return [
            picture_of(
                f"frame-{segment}",
                hinge_views(framed),
                "png",
                f"The {segment.words} with its hinges and its rod, before and after.",
                f"Ring frame of the {segment.words}, from the front. The hinges lie on "
                "the bisector of the bend, at the convex cortex; the rod on the other "
                "side is turned until the bone is straight.",
            )
        ]
    if not isinstance(framed, PlannedHexapod):
        return []
    made = framed.programmed
    scene = scene_of(made, framed.room)
    start = picture_of(
        f"frame-{segment}",
        frame_views(scene, made.ends.start, "at the start"),
        "png",
        f"The frame of the {segment.words} from three sides.",
        f"Hexapod of the {segment.words} as it is put on: square on both fragments. "
        "Struts have numbers and colours; what is forward or turned was on no film.",
    )
    path = picture_of(
        f"path-{segment}",
        path_views(scene, made.poses.on(scene.side)),
        "png",
        f"The frame of the {segment.words} on six days of turning.",
        f"Six days of turning the {segment.words}'s frame; the start is how it is put "
        "on.",
    )
    return [start, path] if turning else [start]


def _pdf(content: Content, pictures: list[Picture], made_on: date, paper: str) -> bytes:
    shown = {
        p.name: {"file": p.file, "alt": p.alt, "caption": p.caption} for p in pictures
    }
    return typeset(
        "report.typ",
        {"content": asdict(content), "pictures": shown},
        {p.file: p.data for p in pictures},
        made_on,
        paper,
    )
