"""Devices in words: frames, how wrong they may be, and every device side by side."""

from __future__ import annotations

from callotasis.fixation import FrameSheet
from callotasis.fixation.doubt import Doubt
from callotasis.fixation.published import (
    COMPARED_HEAD,
    HEAD,
    NO_RANKING,
    comparison_rows,
    series_rows,
)
from callotasis.pose import Segment
from callotasis.proposal import SegmentSheet
from callotasis.proposal.beside import CONSTRUCT
from callotasis.proposal.option import Option, SideBySide
from callotasis.report.table import Table
from callotasis.wording import angle, dates, length, tenth

NONE = "none"
OWN = (
    "What each device alone may miss of the wanted leg, as if the film had been read "
    "without error: 95 % intervals from the makers' judgements of scatter, computed "
    "and not published. Reading the film adds to it, for every device alike; an "
    "opening wedge counts as length. A nail's drift is cancelled at surgery."
)


def frame_rows(frame: FrameSheet) -> list[tuple[str, str]]:
    """Say how a frame is built and set at surgery."""
    sizes = frame.sizes or ("",) * len(frame.parts)
    starts = (
        f"{part} {start:.1f} mm{f' ({size})' if size else ''}"
        for part, start, size in zip(frame.parts, frame.start_mm, sizes, strict=True)
    )
    return [
        ("Frame", frame.built),
        ("At surgery", "; ".join(starts)),
        ("Changes of struts", "; ".join(frame.changes) or NONE),
    ]


def frame_turns(segment: Segment, sheet: SegmentSheet, frame: FrameSheet) -> Table:
    """Every setting of a frame: a column for each strut or rod, joint to joint."""
    step = sheet.settings.step_mm
    before = frame.start_mm
    rows = []
    for turn in sheet.prescription.turns:
        lengths = zip(turn.lengths_mm, before, strict=True)
        rows.append(
            (
                str(turn.number),
                str(turn.day),
                f"{turn.at:%a %d %b %Y}",
                *(_set_to(now, last, step) for now, last in lengths),
                f"{turn.total_mm:.1f}",
            )
        )
        before = turn.lengths_mm
    head = ("day of turning", "day", "date", *frame.parts, "longer by [mm]")
    note = (
        "Lengths joint to joint [mm]; no scale reads so, and struts and rods are set "
        "by the sheet beside the frame."
    )
    if step < WHOLE_MM:
        note += f" In brackets: turns of {step:g} mm on that day."
    return Table(f"Prescription for the {segment.words}", head, tuple(rows), note)


WHOLE_MM = 1.0


def _set_to(now_mm: float, last_mm: float, step_mm: float) -> str:
    if step_mm >= WHOLE_MM:
        return f"{now_mm:g}"
    return f"{now_mm:.2f} ({round((now_mm - last_mm) / step_mm):+d})"


def doubt_rows(doubt: Doubt) -> list[tuple[str, str]]:
    """Say how wrong an external device may be."""
    parts = []
    for name, left in doubt.residual.items():
        what, unit = name.rsplit("_", 1)
        mark = " mm" if unit == "mm" else "°"
        parts.append(
            f"{what.replace('_', ' ')} {tenth(left.low)} to {tenth(left.high)}{mark}"
        )
    worst = doubt.read_again[0]
    return [
        ("What may be left at the bone", "; ".join(parts)),
        (
            "Beyond 2° or 2 mm",
            (
                f"in {doubt.chance_of_second_program:.0%} of the worlds; read or check "
                f"again first: {worst.reading} ({worst.share:.0%} of the scatter)"
            ),
        ),
    ]


def side_by_side_table(segment: Segment, found: SideBySide) -> Table:
    """Every device for one bone: a column each, in the order of kinds and names."""
    options = found.options
    rows = [
        ("kind", *(f"{o.kind} {o.approach}".strip() for o in options)),
        (
            "drawn out, of stroke",
            *(f"{o.extension_mm:.1f} of {o.stroke_mm:g} mm" for o in options),
        ),
        ("days of turning", *(str(o.turning_days) for o in options)),
        ("turns or settings a day", *(str(o.turns_per_day) for o in options)),
        ("minutes a day", *map(_minutes, options)),
        ("turned at surgery", *(f"{tenth(o.acute_turn_deg)}°" for o in options)),
        (
            "alone may miss, axis of the leg, valgus +",
            *(angle(o.missed.axis_deg) for o in options),
        ),
        (
            "alone may miss, length of the leg, longer +",
            *(length(o.missed.length_mm) for o in options),
        ),
        ("alone beyond 2° or 2 mm", *(f"{o.missed.chance:.0%}" for o in options)),
        ("check first", *(o.missed.first or NONE for o in options)),
        (
            "axis drift while lengthening, lateral +",
            *(length(o.axis_drift_mm) for o in options),
        ),
        ("whole leg after, valgus +", *(angle(o.hka_after_deg) for o in options)),
        ("operations", *(f"{o.operations.value:g}" for o in options)),
        ("weight bearing", *map(_loading, options)),
        ("stops", *("; ".join(o.stops) or NONE for o in options)),
    ]
    return Table(
        f"Devices side by side for the {segment.words}",
        ("", *(o.device for o in options)),
        tuple(rows),
    )


def _minutes(option: Option) -> str:
    return NONE if option.minutes_per_day is None else f"{option.minutes_per_day:g}"


def _loading(option: Option) -> str:
    said = []
    if option.loading is not None:
        said.append("as tolerated, in the frame, from the first days")
    if option.full_weight is not None:
        days = option.full_weight.days
        said.append(f"full weight {dates(days.low_on, days.high_on)}")
    return "; ".join(said) or "no source speaks of it"


def published_tables(segment: Segment, found: SideBySide) -> tuple[Table, ...]:
    """What was published of these kinds of device on this bone."""
    kinds = {CONSTRUCT[option.kind] for option in found.options}
    tables = [
        Table(
            f"Published of such devices, {segment.bone}",
            HEAD,
            series_rows(kinds, segment.bone),
            NO_RANKING,
        )
    ]
    compared = comparison_rows(kinds, segment.bone)
    if compared:
        tables.append(
            Table(f"Compared in one study, {segment.bone}", COMPARED_HEAD, compared)
        )
    return tuple(tables)
