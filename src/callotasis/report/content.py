"""What a report says, once, for the page and for the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from callotasis import NOTICE, __version__
from callotasis.alignment import Longer, MeasuredFilm
from callotasis.alignment.frontal import QUANTITIES
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Segment, Side
from callotasis.proposal import Proposal, SegmentSheet
from callotasis.report.device_words import (
    OWN,
    doubt_rows,
    frame_rows,
    frame_turns,
    published_tables,
    side_by_side_table,
)
from callotasis.report.nail_words import nail_rows
from callotasis.report.sources import sources_of
from callotasis.report.table import Table
from callotasis.wording import angle, dates, length
from callotasis.worlds import Interval

SHOWN = 0.05  # what is less prints as 0.0


@dataclass(frozen=True)
class Content:
    """A whole report in words.

    Attributes
    ----------
    answers : tuple of (question, answer)
        The five questions of page 1.
    draft : bool
        Whether nobody has signed.
    """

    case: str
    made_on: str
    version: str
    notice: str
    draft: bool
    signed: str
    synthetic: bool
    answers: tuple[tuple[str, str], ...]
    findings: tuple[Mapping[str, str], ...]
    measured: Table
    planned: tuple[Table, ...]
    turns: tuple[Table, ...]
    devices: tuple[Table, ...]
    timeline: Table
    beside: Table
    sources: Table
    withheld: str


def content_of(
    case: str, measured: MeasuredFilm, proposal: Proposal, made_on: date, signed: str
) -> Content:
    """Put a proposal into words.

    Parameters
    ----------
    case : str
        Name of the case.
    measured : MeasuredFilm
        The measured film [mm, deg].
    proposal : Proposal
        The plan [mm, deg, day].
    made_on : date
        Printed on every page.
    signed : str
        Who signed and when; empty makes it a draft.

    Returns
    -------
    Content
        The same words for HTML and PDF.

    References
    ----------
    .. [1] The evidence rows listed in its last table.
    """
    return Content(
        case=case,
        made_on=dates(made_on, made_on),
        version=__version__,
        notice=NOTICE,
        draft=not signed,
        signed=signed,
        synthetic=measured.film.synthetic,
        answers=_answers(measured, proposal),
        findings=tuple(_finding(f) for f in proposal.findings),
        measured=_measured(measured, proposal),
        planned=tuple(_planned(s, x) for s, x in proposal.segments.items()),
        turns=tuple(_turns(s, x) for s, x in _turning(proposal)),
        devices=tuple(_devices(proposal)),
        timeline=_timeline(proposal),
        beside=_beside(proposal),
        sources=sources_of(proposal),
        withheld=_withheld(proposal),
    )


def _turning(proposal: Proposal) -> list[tuple[Segment, SegmentSheet]]:
    return [(s, x) for s, x in proposal.segments.items() if x.prescription.turns]


def _withheld(proposal: Proposal) -> str:
    if not proposal.withheld:
        return ""
    return (
        "The prescription is withheld until a named clinician decides on: "
        + ", ".join(proposal.withheld)
    )


def _answers(measured: MeasuredFilm, proposal: Proposal) -> tuple[tuple[str, str], ...]:
    worries = [f.sentence for f in proposal.findings if f.level is not Level.NOTE]
    return (
        ("How long?", _how_long(measured)),
        ("How crooked?", _how_crooked(measured)),
        (
            "What do we plan?",
            " ".join(_in_words(s, x) for s, x in proposal.segments.items()),
        ),
        ("When?", _when(proposal)),
        ("What worries us?", " ".join(worries) or "Nothing beyond the notes below."),
    )


def _how_long(measured: MeasuredFilm) -> str:
    sides = measured.measurement.sides
    legs = " and ".join(
        f"{length(found['leg_length_mm'])} {side.word}" for side, found in sides.items()
    )
    found = measured.measurement.discrepancy_mm
    if found is None:
        return f"Leg {legs}."
    if found.longer is Longer.UNDECIDED:
        return (
            f"Legs {legs}. Right minus left is {found.value:.1f} mm "
            f"({found.low:.1f} to {found.high:.1f}): which leg is longer is undecided."
        )
    longer = Side(found.longer)
    low, high = sorted((abs(found.low), abs(found.high)))
    return (
        f"Legs {legs}. The {longer.word} leg is longer by {abs(found.value):.1f} mm "
        f"({low:.1f} to {high:.1f})."
    )


def _how_crooked(measured: MeasuredFilm) -> str:
    said = []
    for side, found in measured.measurement.sides.items():
        deviation = found["hka_deviation_deg"]
        blame = measured.measurement.deformity[side].to_blame
        bones = sorted({b.part for b in blame if b.verdict == "proven"})
        because = f", from the {' and the '.join(bones)}" if bones else ""
        said.append(f"{side.word} leg {_valgus_or_varus(deviation)}{because}")
    return "; ".join(said).capitalize() + "."


def _valgus_or_varus(found: Interval) -> str:
    """Say a deviation by its name; signed where its interval holds both names."""
    low, high = found.low, found.high
    if low < 0 < high:
        return f"{found.value:+.1f}° ({low:+.1f} to {high:+.1f}, valgus +)"
    word = "valgus" if found.value > 0 else "varus"
    low, high = sorted((abs(low), abs(high)))
    return f"{abs(found.value):.1f}° {word} ({low:.1f} to {high:.1f})"


def _in_words(segment: Segment, sheet: SegmentSheet) -> str:
    steps = [f"cut {sheet.cut.level_mm:.0f} mm below its proximal joint"]
    for pose, when in (
        (sheet.acute_pose, "at surgery"),
        (sheet.gradual_pose, f"day by day with {sheet.device}"),
    ):
        turn = pose["valgus_deg"]
        if isinstance(turn, float) and abs(turn) >= SHOWN:
            way = "valgus" if turn > 0 else "varus"
            steps.append(f"turn {abs(turn):.1f}° into {way} {when}")
    if sheet.nail is not None and abs(sheet.nail.step_mm) >= SHOWN:
        side = "laterally" if sheet.nail.step_mm > 0 else "medially"
        steps.append(f"shift {abs(sheet.nail.step_mm):.1f} mm {side} at the cut")
    if sheet.settings.extension_mm:
        rate = sheet.prescription.protocol.rate_mm_per_day
        pace = f" at {rate:g} mm a day" if sheet.prescription.turns else ""
        steps.append(
            f"lengthen by {sheet.settings.extension_mm:.4g} mm{pace} with "
            f"{sheet.device}"
        )
    return f"{segment.words.capitalize()}: {', '.join(steps)}."


def _when(proposal: Proposal) -> str:
    if proposal.withheld:
        return "No date is given while a stop is open."
    said = [f"Surgery on {dates(proposal.surgery_on, proposal.surgery_on)}."]
    for segment, sheet in _turning(proposal):
        by_name = {m.name: m.days for m in sheet.timeline}
        start, end = by_name["distraction starts"], by_name["distraction ends"]
        turning = (
            f"{segment.words.capitalize()}: turning from "
            f"{dates(start.value_on, start.value_on)} to "
            f"{dates(end.value_on, end.value_on)}"
        )
        if "bone consolidated" not in by_name:
            said.append(f"{turning}; no source tells when so small a gap heals.")
            continue
        bearing, healed = by_name["full weight bearing"], by_name["bone consolidated"]
        said.append(
            f"{turning}, bone consolidated "
            f"{dates(healed.low_on, healed.high_on)}, full weight bearing "
            f"{dates(bearing.low_on, bearing.high_on)} "
            "(8 of 10, as far as the sources carry)."
        )
    return " ".join(said)


def _finding(finding: Finding) -> dict[str, str]:
    why = ""
    if finding.evidence:
        row = constant(finding.evidence)
        why = f"{row.statement}: {row.source}, {row.locator} [{row.mark}]"
    return {
        "level": finding.level.value,
        "sentence": finding.sentence,
        "action": finding.action,
        "why": why,
        "key": finding.reference,
    }


def _measured(measured: MeasuredFilm, proposal: Proposal) -> Table:
    rows = []
    for quantity in QUANTITIES:
        cells = [quantity.words]
        show = angle if quantity.is_angle else length
        for sides in (measured.measurement.sides, proposal.after.sides):
            for side in Side:
                found = sides.get(side, {}).get(quantity.name)
                cells.append("not measured" if found is None else show(found))
        cells.append(_normal(quantity.normal))
        rows.append(tuple(cells))
    head = ("", "R before", "L before", "R after", "L after", "normal")
    return Table("Measured, and as planned (95 % intervals)", head, tuple(rows))


def _normal(key: str) -> str:
    if not key:
        return ""
    row = constant(key)
    return f"{row.low:g} to {row.high:g}"


def _planned(segment: Segment, sheet: SegmentSheet) -> Table:
    drift = sheet.axis_drift
    published = (
        f"; published {length(drift.published_mm)}" if drift.published_mm else ""
    )
    rows = [
        (
            "Level of the cut",
            f"{sheet.cut.level_mm:.1f} mm below the proximal joint centre",
        ),
        ("Osteotomy rule", f"{int(sheet.cut.rule)}" if sheet.cut.rule else "none"),
        ("At surgery", _motion(sheet.acute_pose)),
        ("By distraction", _motion(sheet.gradual_pose)),
        ("Gain", f"{sheet.gain_mm:.1f} mm, {sheet.gain_percent:.0f} % of the bone"),
        ("Device", f"{sheet.device} {sheet.approach}".strip()),
        (
            "Setting",
            f"{sheet.settings.extension_mm:.4g} mm, step {sheet.settings.step_mm:g} mm",
        ),
        ("What the device leaves", _motion(sheet.remaining_pose)),
        ("Axis drift by lengthening, lateral +", length(drift.geometry_mm) + published),
        (
            "Not seen on this film",
            "shift forward, apex forward or back, rotation",
        ),
    ]
    if sheet.nail is not None:
        rows += nail_rows(sheet.nail)
    if sheet.frame is not None:
        rows += frame_rows(sheet.frame)
    if sheet.doubt is not None:
        rows += doubt_rows(sheet.doubt)
    if sheet.fibula is not None:
        rows.append(("Fibula", _fibula(sheet)))
    return Table(f"Plan for the {segment.words}", ("", ""), tuple(rows))


def _fibula(sheet: SegmentSheet) -> str:
    fibula = sheet.fibula
    if fibula is None or fibula.cut_mm is None:
        return "not planned"
    held = {True: "fixed", False: "not fixed"}
    return (
        f"cut {fibula.cut_mm:.0f} mm above the ankle, {held[fibula.fixed_proximally]} "
        f"proximally, {held[fibula.fixed_distally]} distally"
    )


def _motion(pose: Mapping[str, object]) -> str:
    """Say the seen parts of a motion of the distal fragment."""
    names = (
        ("proximal_mm", "distal", "proximal", -1.0, "mm"),
        ("lateral_mm", "lateral", "medial", 1.0, "mm"),
        ("valgus_deg", "valgus", "varus", 1.0, "°"),
    )
    parts = []
    for name, plus, minus, sign, unit in names:
        value = pose.get(name)
        if isinstance(value, float) and abs(value) >= SHOWN:
            amount = sign * value
            space = "" if unit == "°" else " "
            parts.append(
                f"{abs(amount):.1f}{space}{unit} {plus if amount > 0 else minus}"
            )
    return ", ".join(parts) or "nothing"


def _turns(segment: Segment, sheet: SegmentSheet) -> Table:
    if sheet.frame is not None:
        return frame_turns(segment, sheet, sheet.frame)
    rows = []
    for day, grouped in groupby(sheet.prescription.turns, key=lambda t: t.day):
        turns = list(grouped)
        rows.append(
            (
                str(day),
                f"{turns[0].at:%a %d %b %Y}",
                ", ".join(f"{t.at:%H:%M}" for t in turns),
                " + ".join(f"{t.turn_mm:g}" for t in turns),
                f"{turns[-1].total_mm:g}",
            )
        )
    head = ("day", "date", "at", "turns [mm]", "total [mm]")
    return Table(f"Prescription for the {segment.words}", head, tuple(rows))


def _devices(proposal: Proposal) -> Iterator[Table]:
    """Every device for every bone; a bone of which all was said is not said again."""
    told = set()
    for segment, found in proposal.side_by_side.items():
        yield replace(side_by_side_table(segment, found), note=OWN)
        if segment.bone not in told:
            yield from published_tables(segment, found)
        told.add(segment.bone)


def _timeline(proposal: Proposal) -> Table:
    rows = tuple(
        (
            segment.words,
            milestone.name,
            dates(milestone.days.value_on, milestone.days.value_on),
            "as prescribed"
            if milestone.days.low == milestone.days.high
            else dates(milestone.days.low_on, milestone.days.high_on),
            f"{milestone.counted_from}; {milestone.evidence or 'as prescribed'}",
        )
        for segment, sheet in _turning(proposal)
        for milestone in sheet.timeline
    )
    head = ("", "milestone", "median", "8 of 10 within", "counted from; source")
    return Table("Timeline", head, rows)


def _beside(proposal: Proposal) -> Table:
    adjuncts = [
        ("beside", Segment.parse(a.segment).words, a.procedure, a.trigger)
        for sheet in proposal.segments.values()
        for a in sheet.adjuncts
    ]
    others = [("instead", "", a.name, a.sentence) for a in proposal.alternatives]
    head = ("", "", "procedure", "trigger or meaning")
    return Table(
        "Procedures beside the plan, and alternatives", head, (*adjuncts, *others)
    )
