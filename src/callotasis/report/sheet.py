"""Write the report: pictures, one self-contained HTML page, one PDF."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import jinja2
import typst
from matplotlib.figure import Figure

from callotasis.alignment import MeasuredFilm
from callotasis.distraction import as_calendar, as_table
from callotasis.proposal import Worked
from callotasis.report.charts import prescription_chart, timeline_chart
from callotasis.report.content import Content, content_of
from callotasis.report.film_pictures import before_and_after, film_with_axes
from callotasis.report.style import font_folder

SHAPES = {"note": "●", "caution": "▲", "stop": "⬣"}
PAPERS = ("a4", "us-letter")
FILM_DPI, CHART_DPI = 200, 160


@dataclass(frozen=True)
class Report:
    """Where the parts of a report were written."""

    html: Path
    pdf: Path
    pictures: tuple[Path, ...]
    calendar: Path | None
    table: Path | None


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


def write_report(  # noqa: PLR0913 - everything that a page shows
    folder: Path,
    case: str,
    measured: MeasuredFilm,
    worked: Worked,
    *,
    made_on: date,
    signed: str = "",
    paper: str = "a4",
) -> Report:
    """Write the whole report into a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
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
    Report
        Calendar and table are absent while stops withhold the prescription.

    References
    ----------
    .. [1] The evidence rows listed in the report.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = content_of(case, measured, worked.proposal, made_on, signed)
    pictures = _pictures(measured, worked)
    for picture in pictures:
        (folder / picture.file).write_bytes(picture.data)
    html, pdf = folder / "report.html", folder / "report.pdf"
    html.write_text(_html(content, pictures), "utf-8")
    pdf.write_bytes(_pdf(content, pictures, made_on, paper))
    calendar, table = _turn_files(folder, case, worked, signed=signed)
    return Report(html, pdf, tuple(folder / p.file for p in pictures), calendar, table)


def _turn_files(
    folder: Path, case: str, worked: Worked, *, signed: str
) -> tuple[Path | None, Path | None]:
    """Calendar and table of every turn; nothing while a stop is open."""
    turning = [
        s.prescription
        for s in worked.proposal.segments.values()
        if s.prescription.turns
    ]
    if worked.proposal.withheld or not turning:
        return None, None
    calendar, table = folder / "turns.ics", folder / "turns.csv"
    calendar.write_bytes(as_calendar(case, turning, draft=not signed))
    table.write_text(as_table(turning), "utf-8", newline="")
    return calendar, table


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
                "Dot: median. Bar: range of 8 of 10 patients of the source. Days that "
                "the prescription decides have no bar.",
            ),
            _picture(
                "prescription",
                prescription_chart(sheets),
                "png",
                "Prescribed length over the days after surgery.",
                "What is to be turned, by day; day 0 is the osteotomy.",
            ),
        ]
    return found


def _picture(name: str, figure: Figure, kind: str, alt: str, caption: str) -> _Picture:
    out = io.BytesIO()
    dpi = FILM_DPI if kind == "jpeg" else CHART_DPI
    figure.savefig(out, format=kind, dpi=dpi)
    return _Picture(name, out.getvalue(), kind, alt, caption)


def _template(name: str) -> str:
    return files("callotasis.report").joinpath("templates", name).read_text("utf-8")


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
    return environment.from_string(_template("report.html.jinja")).render(
        c=content, pictures=shown, fonts=fonts, shapes=SHAPES
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _pdf(
    content: Content, pictures: list[_Picture], made_on: date, paper: str
) -> bytes:
    """Typeset the report; data travel as JSON, never as markup."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for picture in pictures:
            (root / picture.file).write_bytes(picture.data)
        (root / "report.typ").write_text(_template("report.typ"), "utf-8")
        shown = {
            p.name: {"file": p.file, "alt": p.alt, "caption": p.caption}
            for p in pictures
        }
        noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
        pdf: bytes = typst.compile(
            str(root / "report.typ"),
            root=str(root),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "content": json.dumps(asdict(content)),
                "pictures": json.dumps(shown),
                "paper": paper,
            },
            timestamp=int(noon.timestamp()),
        )
    return pdf
