"""Charts of an outcome: what was said against what happened, before beside after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from callotasis.evidence import constant
from callotasis.instruments import catalogue
from callotasis.outcome import BeforeAfter, Expected, Outcome, Verdict
from callotasis.report.style import FIXED, INK, MEASURED, MOVING, PAPER, RULE, drawing
from callotasis.wording import angle, length, tenth, whole
from callotasis.worlds import Interval

WIDTH = 7.2
VERDICT_AT = 1.76  # widths of the small axes, right of its left end
SAID_COLOUR, NORMAL_COLOUR = "#cfe3f3", "#d9f0e6"
VERDICT_MARKER = {
    Verdict.WITHIN: "o",
    Verdict.UNDECIDED: "D",
    Verdict.BELOW: "v",
    Verdict.ABOVE: "^",
    Verdict.OPEN: "o",
}
"""Shape of each verdict beside its word; what is not known yet is hollow."""

LABELS = {
    "gained_mm": "Length gained",
    "distraction_ended_day": "End of distraction",
    "consolidated_day": "Bone solid",
    "full_weight_bearing_day": "Full weight bearing",
    "mad_mm": "Mechanical axis deviation",
    "hka_deviation_deg": "HKA deviation",
    "mldfa_deg": "mLDFA",
    "mpta_deg": "MPTA",
    "discrepancy_mm": "Right minus left leg",
    "knee_flexion_deg": "Knee flexion",
    "knee_extension_lack_deg": "Lack of knee extension",
    "dorsiflexion_knee_straight_deg": "Dorsiflexion, knee straight",
    "dorsiflexion_knee_bent_deg": "Dorsiflexion, knee bent",
    "hip_extension_deg": "Hip extension",
}
NORMAL = {
    "mad_mm": "alignment.mad_normal",
    "hka_deviation_deg": "alignment.hka",
    "mldfa_deg": "alignment.mldfa",
    "mpta_deg": "alignment.mpta",
}
"""Rows of the normal ranges that are drawn as bands."""


def label(name: str) -> str:
    """What a quantity is called on the page."""
    if name in catalogue():
        return catalogue()[name].title
    return LABELS.get(name, name.replace("_", " "))


def reading(name: str, found: Interval | None) -> str:
    """A value with its interval as people read it; exact ones without.

    Examples
    --------
    >>> reading("consolidated_day", Interval(122.4, 85.0, 190.0, 0.9))
    'day 122 (85 to 190)'
    >>> reading("gained_mm", Interval(50.0, 50.0, 50.0))
    '50.0 mm'
    >>> reading("phq9", None)
    'not measured'
    """
    if found is None:
        return "not measured"
    exact = found.low == found.high
    if name.endswith("_day"):
        return f"day {found.value:.0f}" if exact else f"day {whole(found)}"
    if name.endswith("_mm"):
        return f"{tenth(found.value)} mm" if exact else length(found)
    if name.endswith("_deg"):
        return f"{tenth(found.value)}°" if exact else angle(found)
    return f"{found.value:g}"


def all_expected(outcome: Outcome) -> tuple[Expected, ...]:
    """The gain against its plan, then what else was said."""
    return (outcome.gain, *outcome.expected)


@dataclass(frozen=True)
class _Place:
    """Where one row of small axes stands on a figure, as shares of it."""

    left: float
    width: float
    bottom: float
    height: float


def expected_chart(outcome: Outcome) -> Figure:
    """Draw what was said as bands and what happened as dots with whiskers.

    Parameters
    ----------
    outcome : Outcome
        Of one bone [mm, day, deg].

    Returns
    -------
    Figure
        One row for each thing said; days share one scale.

    References
    ----------
    .. [1] House look: measured is a black dot with its interval as a whisker, what was
       said a band with a line at its middle.
    """
    rows = all_expected(outcome)
    with drawing():
        figure = Figure(figsize=(WIDTH, 0.41 * len(rows)))
        for place, part in zip(_places(rows, 0.235, 0.36), rows, strict=True):
            alike = [r for r in rows if r is part or _are_days(r, part)]
            shown = [x for r in alike for x in (r.said, r.happened)]
            axes = _small_axes(figure, place, shown)
            _band(axes, part.said)
            _dot(axes, part.happened, MEASURED, 0.0)
            _beside(axes, label(part.name), -0.04, "right", "semibold")
            said = reading(part.name, part.said)
            was = reading(part.name, part.happened) if part.happened else "–"
            _beside(axes, f"said {said}\nwas {was}", 1.04, "left")
            _verdict(axes, part)
    return figure


def change_chart(outcome: Outcome) -> Figure:
    """Draw every quantity before treatment and after it.

    Parameters
    ----------
    outcome : Outcome
        Of one bone [mm, deg, 1].

    Returns
    -------
    Figure
        Left axis and joints, right what people answered; before is a grey square,
        after a blue dot, a normal range a band.

    References
    ----------
    .. [1] House look; the normal ranges are evidence rows named in ``NORMAL``.
    """
    columns = ((*outcome.alignment, *outcome.ranges), outcome.scores)
    tallest = max(1, *map(len, columns))
    with drawing():
        figure = Figure(figsize=(WIDTH, 0.35 * tallest))
        for (left, width), parts in zip(
            ((0.235, 0.235), (0.79, 0.11)), columns, strict=True
        ):
            spots = _places(range(tallest), left, width)
            for place, part in zip(spots, parts, strict=False):
                _change_row(figure, place, part)
    return figure


def _are_days(*parts: Expected) -> bool:
    """Days go by one calendar, so they share a scale."""
    return all(part.name.endswith("_day") for part in parts)


def verdict_words(part: Expected) -> str:
    """The verdict as people say it: a day is earlier or later, never below."""
    if _are_days(part):
        return {Verdict.BELOW: "earlier", Verdict.ABOVE: "later"}.get(
            part.verdict, str(part.verdict)
        )
    return str(part.verdict)


def _verdict(axes: Axes, part: Expected) -> None:
    verdict = part.verdict
    axes.plot(
        VERDICT_AT,
        0.5,
        VERDICT_MARKER[verdict],
        color=INK,
        mfc=PAPER if verdict is Verdict.OPEN else INK,
        ms=5,
        transform=axes.transAxes,
        clip_on=False,
    )
    _beside(axes, verdict_words(part), VERDICT_AT + 0.04, "left", "semibold")


def _change_row(figure: Figure, place: _Place, part: BeforeAfter) -> None:
    band = _normal(part.name)
    axes = _small_axes(figure, place, [part.before, part.after, band])
    if part.name in catalogue():
        most = catalogue()[part.name].most
        axes.set_xlim(-0.04 * most, 1.04 * most)
        axes.set_xticks([0, most])
    if band is not None:
        axes.axvspan(band.low, band.high, ymin=0.1, ymax=0.9, color=NORMAL_COLOUR, lw=0)
    _dot(axes, part.before, FIXED, 0.22, "s")
    _dot(axes, part.after, MOVING, -0.22)
    called = label(part.name).removesuffix(", 0 to 10")
    _beside(axes, called, -0.06, "right")
    _beside(axes, _short(part), 1.06, "left")


def _normal(name: str) -> Interval | None:
    """Normal range of an angle or a distance; None where none is drawn."""
    if name not in NORMAL:
        return None
    row = constant(NORMAL[name])
    return Interval(row.value, row.low, row.high)


def _short(part: BeforeAfter) -> str:
    """Before and after as bare numbers with their unit."""
    units = {"_mm": " mm", "_deg": "°"}
    unit = next((u for k, u in units.items() if part.name.endswith(k)), "")
    write = tenth if unit else "{:g}".format
    before, after = (
        None if found is None else write(found.value)
        for found in (part.before, part.after)
    )
    if before is None or after is None:
        told = (f"{x}{unit}" if x else "–" for x in (before, after))
        return " → ".join(told)
    return f"{before} → {after}{unit}"


def _places(rows: Sequence[object], left: float, width: float) -> list[_Place]:
    """One strip for each row, from the top down."""
    high = 1.0 / len(rows)
    return [
        _Place(left, width, 1 - (i + 1) * high + 0.42 * high, 0.5 * high)
        for i in range(len(rows))
    ]


def _small_axes(
    figure: Figure, place: _Place, shown: Sequence[Interval | None]
) -> Axes:
    """An axis of its own for one row, wide enough for all that is drawn on it."""
    axes = figure.add_axes((place.left, place.bottom, place.width, place.height))
    ends = [end for x in shown if x is not None for end in (x.low, x.value, x.high)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = 0.12 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(-0.6, 0.6)
    axes.set_yticks([])
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.tick_params(axis="x", labelsize=6.5, length=2, pad=1, color=RULE)
    axes.locator_params(axis="x", nbins=4)
    return axes


def _band(axes: Axes, said: Interval) -> None:
    if said.high > said.low:
        axes.axvspan(said.low, said.high, ymin=0.12, ymax=0.88, color=SAID_COLOUR, lw=0)
    axes.plot([said.value] * 2, [-0.45, 0.45], color=MOVING, lw=1.6)


def _dot(
    axes: Axes, found: Interval | None, colour: str, height: float, marker: str = "o"
) -> None:
    if found is None:
        return
    axes.plot([found.low, found.high], [height] * 2, color=colour, lw=1.4)
    axes.plot(found.value, height, marker, color=colour, ms=4.5)


def _beside(
    axes: Axes, words: str, across: float, align: str, weight: str = "regular"
) -> None:
    axes.text(
        across,
        0.5,
        words,
        transform=axes.transAxes,
        ha=align,
        va="center",
        fontsize=8,
        fontweight=weight,
        color=INK,
        linespacing=1.25,
    )
