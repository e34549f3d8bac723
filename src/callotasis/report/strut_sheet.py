"""The strut sheet: one row a day, as the scales read, for the patient's fridge."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from matplotlib.figure import Figure

from callotasis import NOTICE, __version__
from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import Placement, Schedule
from callotasis.fixation.hexapod.changes import StrutChange
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.pose import Bone, Segment
from callotasis.proposal.propose import FIRST_YEAR, LAST_YEAR
from callotasis.report.frame_drawing import VIEWS, Panel, Scene, ink_on
from callotasis.report.style import drawing
from callotasis.report.typeset import check_paper, typeset
from callotasis.wording import dates, tenth

DAYS_A_PAGE = 31
ROOM_MM = {"a4": 192.0, "us-letter": 174.0}  # for rows, below the head of a page
TALLEST_ROW_MM = 10.0
PNG = b"\x89PNG\r\n\x1a\n"
OFF_A_MARK_MM = 1e-6
NAMELESS = "strut"  # what a schedule calls the one size of struts without names
SET_IN_THEATRE, STANDS_NOW = "as set in theatre", "as it stands now"
VIEW = "The frame, seen from the front and from above"
PLAIN = {
    "proximal": "up",
    "distal": "down",
    "lateral": "outside",
    "medial": "inside",
    "posterior": "back",
    "anterior": "front",
}
PICTURE_INCHES, PICTURE_DPI = (3.7, 2.7), 300
WHERE = {Bone.FEMUR: "thigh", Bone.TIBIA: "lower leg"}


@dataclass(frozen=True)
class StrutSheetOrder:
    """What a strut sheet is made from.

    Attributes
    ----------
    schedule : Schedule
        Every strut for every day, joint to joint [mm].
    first_day : date
        Of the first turn; the frame stands at its start the day before.
    case : str
        Name of the case.
    segment : Segment
        Which bone the frame is on.
    picture : bytes
        The frame with its struts in their colours and numbers, a PNG.
    view : str
        From where the picture looks.
    sizes : tuple of str
        Size of each of the six struts at the start; ``NAMELESS`` is not printed.
    scale_offset_mm : dict of str to float
        What the scale of each size reads beyond the length joint to joint, from the
        maker's instructions [mm].
    graduation_mm : float
        Distance of two marks of the scales [mm].
    call : str
        Whom to call when unsure, with the number.
    made_on : date
        Printed on every page.
    start_is : str
        Where the lengths before the first turn come from; they lie between marks.
    signed : str
        Who signed and when; empty makes a draft.
    paper : str
        ``a4`` or ``us-letter``.
    """

    schedule: Schedule
    first_day: date
    case: str
    segment: Segment
    picture: bytes
    view: str
    sizes: tuple[str, str, str, str, str, str]
    scale_offset_mm: Mapping[str, float]
    graduation_mm: float
    call: str
    made_on: date
    start_is: str = SET_IN_THEATRE
    signed: str = ""
    paper: str = "a4"

    def __post_init__(self) -> None:
        check_paper(self.paper)
        if not self.picture.startswith(PNG):
            raise FrameRefusal(
                "the strut sheet has no picture (a PNG is needed): struts are never "
                "told apart by words alone"
            )
        for name in ("view", "call"):
            if not getattr(self, name).strip():
                raise FrameRefusal(f"{name} is empty; a strut sheet needs it")
        if not FIRST_YEAR <= self.first_day.year <= LAST_YEAR:
            raise FrameRefusal(
                f"the first turn is on {self.first_day}; allowed are the years "
                f"{FIRST_YEAR} to {LAST_YEAR}"
            )
        if not 0 < self.graduation_mm < math.inf:
            raise FrameRefusal(
                f"graduation is {self.graduation_mm:g} mm; allowed is more than 0"
            )
        self._check_sizes()

    def _check_sizes(self) -> None:
        changes = self.schedule.changes
        for name in (*self.sizes, *(change.after for change in changes)):
            if not math.isfinite(self.scale_offset_mm.get(name, math.nan)):
                raise FrameRefusal(
                    f"nobody said what the scale of size '{name}' reads beyond its "
                    "length joint to joint; see the maker's instructions"
                )
        for change in changes:
            fitted = self.size_on(change.strut, change.day)
            if fitted != change.before:
                raise FrameRefusal(
                    f"strut {change.strut} is '{fitted}' on day {change.day}, and the "
                    f"schedule changes '{change.before}' for '{change.after}'"
                )

    def size_on(self, strut: int, day: int) -> str:
        """Size of a strut on a day; what is changed at its end counts from the next."""
        size = self.sizes[strut - 1]
        for change in self.schedule.changes:
            if change.strut == strut and change.day < day:
                size = change.after
        return size


@dataclass(frozen=True)
class StrutRow:
    """One line of the sheet: a day, or a change of struts at the end of one.

    Attributes
    ----------
    day, date : str
        Of turning; before the first turn no day, and words in place of the date.
    words : str
        What happens at the clinic; empty on a day of turning.
    cells : tuple of str
        What each scale shows.
    """

    day: str = ""
    date: str = ""
    cells: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class StrutPage:
    """One page: its days, lines, first sizes, and how tall a line may be."""

    days: str
    rows: tuple[StrutRow, ...]
    sizes: tuple[str, ...]
    height_mm: float


def strut_sheet(order: StrutSheetOrder) -> bytes:
    """Typeset the daily strut table, 31 days a page, the head on each.

    Parameters
    ----------
    order : StrutSheetOrder
        Schedule, dates, picture and words [mm].

    Returns
    -------
    bytes
        A PDF; DRAFT lies across each page until it is signed.

    Raises
    ------
    FrameRefusal
        If a scale would have to stand between two marks.

    References
    ----------
    .. [1] Planning facts 5; the schedule's own references.
    """
    content = {
        "case": order.case,
        "bone": order.segment.words.upper(),
        "where": WHERE[order.segment.bone],
        "letter": order.segment.side.value,
        "view": order.view,
        "call": order.call,
        "made_on": dates(order.made_on, order.made_on),
        "version": __version__,
        "notice": NOTICE,
        "draft": not order.signed,
        "signed": order.signed,
        "struts": _struts(),
        "pages": [asdict(page) for page in strut_pages(order)],
    }
    pictures = {"frame.png": order.picture}
    return typeset(
        "strut_sheet.typ", {"content": content}, pictures, order.made_on, order.paper
    )


def frame_picture(scene: Scene, placement: Placement) -> bytes:
    """Draw the frame as the sheet shows it: ``VIEW``, with plain words around it.

    Parameters
    ----------
    scene : Scene
        Frame and side [mm].
    placement : Placement
        Of the distal ring at the start [mm].

    Returns
    -------
    bytes
        A PNG.
    """
    with drawing():
        figure = Figure(figsize=PICTURE_INCHES)
        panels = figure.subplots(1, 2)
        figure.subplots_adjust(
            left=0.06, right=0.94, bottom=0.06, top=0.86, wspace=0.32
        )
        for axes, name in zip(panels, ("front", "above"), strict=True):
            view = VIEWS[name]
            Panel(axes, view, scene, small=False).draw(placement)
            axes.set_title(view.title, fontsize=9, pad=13)
            for words, place, turned in zip(
                (view.top, view.bottom, *view.words(scene.side)),
                EDGES,
                TURNS,
                strict=True,
            ):
                axes.text(
                    *place,
                    PLAIN[words],
                    transform=axes.transAxes,
                    rotation=turned,
                    ha="center",
                    va="center",
                    fontsize=8,
                )
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=PICTURE_DPI)
    return out.getvalue()


EDGES = ((0.5, 1.05), (0.5, -0.05), (-0.06, 0.5), (1.06, 0.5))
TURNS = (0, 0, 90, 90)


def strut_pages(order: StrutSheetOrder) -> tuple[StrutPage, ...]:
    """Share the days out to pages.

    Parameters
    ----------
    order : StrutSheetOrder
        Schedule and sizes [mm].

    Returns
    -------
    tuple of StrutPage
        The first page starts with how the frame stands before the first turn.

    Raises
    ------
    FrameRefusal
        If a scale would have to stand between two marks.
    """
    last = order.schedule.days
    firsts = range(1, last + 1, DAYS_A_PAGE)
    return tuple(
        _page(order, 0 if first == 1 else first, min(first + DAYS_A_PAGE - 1, last))
        for first in firsts
    )


def _page(order: StrutSheetOrder, first: int, last: int) -> StrutPage:
    rows = [row for day in range(first, last + 1) for row in _rows_of(order, day)]
    return StrutPage(
        dates(_on(order, max(first, 1)), _on(order, last)),
        tuple(rows),
        tuple(_named(order.size_on(number, first)) for number in _numbers()),
        min(TALLEST_ROW_MM, ROOM_MM[order.paper] / len(rows)),
    )


def _named(size: str) -> str:
    return "" if size == NAMELESS else size


def _on(order: StrutSheetOrder, day: int) -> date:
    return order.first_day + timedelta(days=day - 1)


def _numbers() -> Sequence[int]:
    return [strut.number for strut in STRUT_COLOURS]


def _rows_of(order: StrutSheetOrder, day: int) -> list[StrutRow]:
    on = _on(order, day)
    cells = tuple(
        _shown(order, number, day, order.size_on(number, day)) for number in _numbers()
    )
    written = f"{on:%a} {on.day} {on:%b}" if day else order.start_is
    turning = StrutRow(str(day) if day else "", written, cells)
    changes = [c for c in order.schedule.changes if c.day == day]
    return [turning, *(StrutRow(words=_change(order, c, on)) for c in changes)]


def _shown(order: StrutSheetOrder, number: int, day: int, size: str) -> str:
    """What the scale of a size shows for a strut on a day."""
    length = order.schedule.struts_mm[day][number - 1]
    shown = length + order.scale_offset_mm[size]
    step = order.graduation_mm
    if shown < 0:
        raise FrameRefusal(
            f"strut {number} would show {shown:.1f} on day {day}, below the start of "
            f"its scale; what size '{size}' reads beyond its length is wrong"
        )
    if day and abs(shown - step * round(shown / step)) > OFF_A_MARK_MM:
        raise FrameRefusal(
            f"strut {number} would show {shown:.2f} on day {day}, between two marks of "
            f"{step:g} mm; its scale and the schedule do not belong together"
        )
    return f"{round(shown, 2):g}" if day else tenth(shown)


def _change(order: StrutSheetOrder, change: StrutChange, on: date) -> str:
    word = STRUT_COLOURS[change.strut - 1].word
    then = _shown(order, change.strut, change.day, change.after)
    return (
        f"{on:%a} {on.day} {on:%b}, after turning, at the clinic: strut {change.strut} "
        f"({word}) goes from {change.before} to {change.after}; then it shows {then}."
    )


def _struts() -> list[dict[str, object]]:
    return [
        {
            "number": strut.number,
            "word": strut.word,
            "fill": strut.colour,
            "ink": ink_on(strut.colour),
        }
        for strut in STRUT_COLOURS
    ]
