"""What a follow-up report says, once, for the page and for the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callotasis import NOTICE, __version__
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.followup import (
    Followed,
    Forecast,
    Gate,
    Observed,
    Standing,
    walking_change,
)
from callotasis.pose import Segment
from callotasis.report.motion_words import (
    exercises_table,
    stretch_table,
    walking_table,
)
from callotasis.report.table import Table
from callotasis.wording import dates, length, whole

NO_LENGTH = "No bone is drawn out yet."
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class FollowUp:
    """The whole report in words.

    Attributes
    ----------
    answers : tuple of (question, answer)
        What somebody wants to know first.
    bones, stretch, exercises, walking, proposals, gates, due, silenced, sources : Table
        Each without rows where there is nothing to say.
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
    bones: Table
    stretch: Table
    exercises: Table
    walking: Table
    proposals: Table
    gates: Table
    due: Table
    silenced: Table
    sources: Table


def words_of_standing(case: str, standing: Standing, *, synthetic: bool) -> FollowUp:
    """Put a standing into words.

    Parameters
    ----------
    case : str
        Name of the case.
    standing : Standing
        How it stands on one day.
    synthetic : bool
        Whether the case is invented.

    Returns
    -------
    FollowUp
        The same words for page and paper.

    References
    ----------
    .. [1] House look.
    """
    return FollowUp(
        case=case,
        made_on=dates(standing.on, standing.on),
        version=__version__,
        notice=NOTICE,
        draft=False,
        signed="",
        synthetic=synthetic,
        answers=_answers(standing),
        findings=tuple(_finding(observed) for observed in standing.findings),
        bones=_bones(standing),
        stretch=stretch_table(standing),
        exercises=exercises_table(standing),
        walking=walking_table(standing),
        proposals=_proposals(standing),
        gates=_gates(standing),
        due=_due(standing),
        silenced=_silenced(standing),
        sources=_sources(standing),
    )


def _answers(standing: Standing) -> tuple[tuple[str, str], ...]:
    bones = standing.segments.items()
    longer = [(b, f) for b, f in bones if f.forecast is not None or f.prescribed_mm]
    follows = " ".join(_follows(b, f) for b, f in longer)
    when = " ".join(_when(b, f.forecast) for b, f in longer)
    return (
        ("Where do we stand?", " ".join(_where(b, f) for b, f in bones)),
        ("What must be done?", _must(standing)),
        ("Does the bone follow?", follows or NO_LENGTH),
        ("When will it be solid?", when or NO_LENGTH),
        ("How much load?", " ".join(_load(b, f) for b, f in bones)),
        ("What would change?", _change(standing)),
    )


def _where(bone: Segment, followed: Followed) -> str:
    return f"{bone.words.capitalize()}: day {followed.day}, {followed.phase}."


def _must(standing: Standing) -> str:
    findings = standing.findings
    stops = [
        quiet
        for quiet in standing.silenced
        if quiet.observed.finding.level is Level.STOP
    ]
    if not findings and stops:
        last = stops[0]
        return (
            f"Nothing new. Answered by {last.by} on day {last.day}: "
            f"{last.observed.finding.sentence}"
        )
    if not findings:
        return "Nothing stands out. Go on as prescribed."
    worst = findings[0]
    more = len(findings) - 1
    rest = f" {more} more below." if more else ""
    return f"{worst.soon.capitalize()}: {worst.finding.sentence}{rest}"


def _follows(bone: Segment, followed: Followed) -> str:
    seen = followed.lengths.gained
    if not seen and followed.lengths.reads:
        return (
            f"{bone.words.capitalize()}: films measured it, none of them before the "
            "first turn; only steps between them are told."
        )
    if not seen:
        return f"{bone.words.capitalize()}: no film has measured it yet."
    last = seen[-1]
    return (
        f"{bone.words.capitalize()}: {length(last.gained_mm)} on the film of day "
        f"{last.day}, {last.turned_mm:.1f} mm turned until then."
    )


def _when(bone: Segment, forecast: Forecast | None) -> str:
    if forecast is None:
        return f"{bone.words.capitalize()}: not said."
    solid = forecast.consolidation_day
    if solid.low == solid.high:
        return f"{bone.words.capitalize()}: loaded fully since day {solid.low:.0f}."
    return (
        f"{bone.words.capitalize()}: day {solid.low:.0f} to {solid.high:.0f} since "
        "surgery in 9 of 10."
    )


def _load(bone: Segment, followed: Followed) -> str:
    loading = followed.loading
    if loading is None:
        return f"{bone.words.capitalize()}: not operated on yet."
    why = "; ".join(loading.why)
    status = loading.status.capitalize()
    return f"{bone.words.capitalize()}: {loading.step} ({why}). {status}."


def _change(standing: Standing) -> str:
    said = [f.proposal.text for f in standing.segments.values() if f.proposal]
    if not said:
        return "Nothing is proposed."
    return f"{' '.join(said)} A proposal: it binds once a surgeon signs it."


def _finding(observed: Observed) -> dict[str, str]:
    finding = observed.finding
    return {
        "level": finding.level.value,
        "sentence": f"Since day {observed.since_day}: {finding.sentence}",
        "action": f"{finding.action} ({observed.soon})",
        "why": _why(finding.evidence),
    }


def _why(key: str) -> str:
    if not key:
        return ""
    row = constant(key)
    return (
        f"{row.statement}: {row.value:g} {row.unit} ({row.low:g} to {row.high:g}, "
        f"{row.interval_is}). {row.population}. {row.source}, {row.locator}; "
        f"{row.mark.value}. [{key}]"
    )


def _bones(standing: Standing) -> Table:
    rows = tuple(
        (
            bone.words,
            followed.phase.value,
            f"{followed.prescribed_mm:.2f} mm",
            f"{followed.turned_mm.value:.2f} mm",
            NOT_MEASURED
            if followed.measured_mm is None
            else length(followed.measured_mm),
            _band(followed.forecast, "consolidation_day"),
            _band(followed.forecast, "full_weight_bearing_day"),
        )
        for bone, followed in standing.segments.items()
    )
    head = (
        *("bone", "phase", "prescribed", "turned", "on film (95 %)"),
        *("solid on day (90 %)", "fully loaded (90 %)"),
    )
    note = "Days count from each bone's own operation. No date is a promise."
    return Table("Every bone", head, rows, note)


def _band(forecast: Forecast | None, name: str) -> str:
    if forecast is None:
        return "not said"
    return whole(getattr(forecast, name))


def _proposals(standing: Standing) -> Table:
    rows = []
    for bone, followed in standing.segments.items():
        change, effect = followed.proposal, followed.effect
        if change is None:
            continue
        rows.append((bone.words, "change", change.text))
        rows.append((bone.words, "because of", ", ".join(change.because)))
        if change.impossible:
            rows.append((bone.words, "not by this device", change.impossible))
        if effect is not None:
            now, then = effect.end_day
            rows.append((bone.words, "last turn", f"day {then} instead of {now}"))
            if effect.consolidation_day is not None:
                solid = effect.consolidation_day
                said = f"day {solid.low:.0f} to {solid.high:.0f}"
                rows.append((bone.words, "solid then", said))
            for group, stretch in effect.residual_stretch_mm.items():
                rows.append((bone.words, f"{group} in four weeks", length(stretch)))
    note = "It binds nobody until a surgeon signs it; what binds now stays readable."
    return Table("Proposed change", ("bone", "", ""), tuple(rows), note)


def _gates(standing: Standing) -> Table:
    rows = tuple(
        (bone.words, gate.step.value, _state(gate), _asked(gate), gate.note)
        for bone, followed in standing.segments.items()
        for gate in followed.gates
    )
    note = "Proposals with their sources; a clinician decides on each step."
    head = ("bone", "step", "", "asks for", "what sources warn of")
    return Table("Steps after lengthening", head, rows, note)


def _state(gate: Gate) -> str:
    if gate.allowed_day is not None:
        return f"allowed on day {gate.allowed_day}"
    return "everything met" if gate.open else "waits"


MET = {True: "met", False: "not yet", None: "not looked at"}


def _asked(gate: Gate) -> str:
    return "; ".join(f"{c.words}: {MET[c.met]}" for c in gate.conditions)


def _due(standing: Standing) -> Table:
    rows = tuple(
        (
            one.what,
            Segment.parse(one.about).words if one.about else "",
            f"day {one.since_day}",
        )
        for one in standing.due
    )
    return Table("Due", ("what", "of", "since"), rows)


def _silenced(standing: Standing) -> Table:
    rows = tuple(
        (
            quiet.observed.finding.sentence,
            f"{quiet.by}, day {quiet.day}",
            quiet.reason,
        )
        for quiet in standing.silenced
    )
    note = "Seen and answered by name; said again once they begin anew."
    return Table("Answered findings", ("finding", "by", "reason"), rows, note)


def _sources(standing: Standing) -> Table:
    keys = {one.finding.evidence for one in standing.findings}
    for followed in standing.segments.values():
        keys |= {*(followed.forecast.evidence if followed.forecast else ())}
        keys |= {*(followed.proposal.evidence if followed.proposal else ())}
        keys |= {c.evidence for gate in followed.gates for c in gate.conditions}
        keys |= {"softtissue.nerve_path"} if followed.nerve else set()
    changed = walking_change(standing.walks)
    keys |= {*(changed.evidence if changed else ())}
    rows = tuple(
        (key, f"{row.statement}: {row.value:g} {row.unit}", row.source, row.mark.value)
        for key in sorted(keys)
        if key
        for row in [constant(key)]
    )
    return Table("Sources", ("key", "number", "source", "mark"), rows)
