"""Write the report: pictures, one self-contained HTML page, one PDF."""

from __future__ import annotations

import base64
import io
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import jinja2
from matplotlib.figure import Figure

from callotasis.alignment import MeasuredFilm
from callotasis.distraction import as_calendar, as_table
from callotasis.errors import RecordRefusal
from callotasis.fixation import Framed
from callotasis.fixation.hexapod.planned import PlannedHexapod
from callotasis.fixation.hinged.planned import PlannedRing
from callotasis.pose import Bone, Segment, Side
from callotasis.proposal import Worked
from callotasis.report.charts import prescription_chart, timeline_chart
from callotasis.report.content import Content, content_of
from callotasis.report.film_pictures import before_and_after, film_with_axes
from callotasis.report.frame_files import scene_of
from callotasis.report.frame_pictures import frame_views, path_views
from callotasis.report.hinge_pictures import hinge_views
from callotasis.report.style import font_folder
from callotasis.report.theatre import theatre_sheet
from callotasis.report.typeset import check_paper, template, typeset

SHAPES = {"note": "●", "caution": "▲", "stop": "⬣"}
FILM_DPI, CHART_DPI = 200, 160


@dataclass(frozen=True)
class Report:
    """Where the parts of a report were written."""

    html: Path
    pdf: Path
    pictures: tuple[Path, ...]
    calendar: Path | None
    table: Path | None
    theatre: Path | None = None


@dataclass(frozen=True)
class _Picture:
    name: str
    data: bytes
    kind: str
    alt: str
    caption: str

    @property
    def file(self) -> str:
        return f"{self.name}.{'jpg' if self.kind == 'jpeg' else 'png'}"


@dataclass(frozen=True)
class Rendered:
    """Every file of a report, worked out in full and not yet written.

    Attributes
    ----------
    files : dict of str to bytes
        By name; names of ``EVERY_FILE`` that are absent must not lie about either.
    """

    files: dict[str, bytes]


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
    files["report.html"] = _html(content, pictures).encode()
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


def ready_folder(folder: Path) -> None:
    """Make a report's folder for its owner alone, before anything is decided.

    Raises
    ------
    RecordRefusal
        If it cannot be made or written into.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RecordRefusal(
            f"report folder {folder} cannot be written: {error.strerror}"
        ) from None


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
    ready_folder(folder)
    try:
        for name in EVERY_FILE:
            (folder / name).unlink(missing_ok=True)
        for name, data in parts.files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise RecordRefusal(
            f"report folder {folder} cannot be written: {error.strerror}"
        ) from None
    there = {name: folder / name for name in parts.files}
    return Report(
        there["report.html"],
        there["report.pdf"],
        tuple(path for path in there.values() if path.suffix in {".jpg", ".png"}),
        there.get("turns.ics"),
        there.get("turns.csv"),
        there.get("theatre.pdf"),
    )


def _pictures(measured: MeasuredFilm, worked: Worked) -> list[_Picture]:
    sheets = worked.proposal.segments
    found = [
        _picture(
            "film",
            film_with_axes(measured),
            "jpeg",
            "Standing film of both legs with mechanical axes and joint lines.",
            "Blue: axes of femur and tibia. Green, dashed: load line from hip to "
            "ankle. Orange: joint lines. Points: landmarks. The patient's right is "
            "on the left.",
        ),
        _picture(
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
            _picture(
                "timeline",
                timeline_chart(sheets),
                "png",
                "Milestones as ranges of dates.",
                "Dot: median. Bar: range of 8 of 10, as far as the sources carry. Days "
                "that the prescription decides have no bar.",
            ),
            _picture(
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
) -> list[_Picture]:
    """How a frame is built, and its days unless a stop is open."""
    if isinstance(framed, PlannedRing):
        return [
            _picture(
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
    start = _picture(
        f"frame-{segment}",
        frame_views(scene, made.ends.start, "at the start"),
        "png",
        f"The frame of the {segment.words} from three sides.",
        f"Hexapod of the {segment.words} as it is put on: square on both fragments. "
        "Struts have numbers and colours; what is forward or turned was on no film.",
    )
    path = _picture(
        f"path-{segment}",
        path_views(scene, made.poses.on(scene.side)),
        "png",
        f"The frame of the {segment.words} on six days of turning.",
        f"Six days of turning the {segment.words}'s frame; the start is how it is put "
        "on.",
    )
    return [start, path] if turning else [start]


def _picture(name: str, figure: Figure, kind: str, alt: str, caption: str) -> _Picture:
    out = io.BytesIO()
    dpi = FILM_DPI if kind == "jpeg" else CHART_DPI
    figure.savefig(out, format=kind, dpi=dpi)
    return _Picture(name, out.getvalue(), kind, alt, caption)


def _html(content: Content, pictures: list[_Picture]) -> str:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    fonts = [
        (weight, _base64((font_folder() / f"IBMPlexSans-{face}.ttf").read_bytes()))
        for weight, face in ((400, "Regular"), (600, "SemiBold"))
    ]
    shown = {
        p.name: {
            "kind": p.kind,
            "data": _base64(p.data),
            "alt": p.alt,
            "caption": p.caption,
        }
        for p in pictures
    }
    return environment.from_string(template("report.html.jinja")).render(
        c=content,
        pictures=shown,
        frames=[name for name in shown if name.startswith(OF_FRAMES)],
        fonts=fonts,
        shapes=SHAPES,
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _pdf(
    content: Content, pictures: list[_Picture], made_on: date, paper: str
) -> bytes:
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
