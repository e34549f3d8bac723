"""``callotasis follow``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from callotasis.cli.terminal import say, show_findings, show_table, step
from callotasis.courses import look_at
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.findings import Finding
from callotasis.followed import standing_of
from callotasis.following import write_follow_up
from callotasis.followup import Followed, Observed, ProposedChange, Standing
from callotasis.pose import Segment
from callotasis.record import CaseFolder
from callotasis.softtissue import MODEL_SAYS
from callotasis.wording import length, whole
from callotasis.worlds import Interval


def run_follow(
    case: Path, as_of: str | None, out: Path | None, *, paper: str, json: bool
) -> None:
    """Say how a case stands on a day, and write its report."""
    folder = CaseFolder(case)
    looked = look_at(folder, None if as_of is None else day_or_date(as_of))
    standing = standing_of(looked)
    if out is not None:
        with step("drawing the report", quiet=json):
            write_follow_up(folder, looked, standing, out, paper=paper)
    say(as_json(_document(standing))) if json else show_standing(standing)


def show_standing(standing: Standing) -> None:
    """Print a standing for people."""
    rows = [
        (
            bone.words,
            followed.phase.value,
            str(followed.day),
            f"{followed.prescribed_mm:.2f} mm",
            _turned(followed.turned_mm),
            _measured(followed.measured_mm),
            *_days(followed),
        )
        for bone, followed in standing.segments.items()
    ]
    heads = (
        *("", "phase", "day", "prescribed", "turned", "on film"),
        *("solid on day", "fully loaded"),
    )
    show_table(f"Day {standing.day}, {standing.on}", heads, rows)
    say("Days since surgery; in brackets the range of 9 in 10. A clinician decides.")
    sources = [f.forecast.evidence for f in standing.segments.values() if f.forecast]
    for key in sorted({key for keys in sources for key in keys}):
        say(f"Source: callotasis evidence {key}")
    show_findings(map(_since, standing.findings))
    for bone, followed in standing.segments.items():
        for line in _more(bone, followed):
            say(line)
    for due in standing.due:
        where = f" of the {Segment.parse(due.about).words}" if due.about else ""
        say(f"Due since day {due.since_day}: {due.what}{where}")
    for quiet in standing.silenced:
        say(
            f"Answered by {quiet.by} on day {quiet.day} ({quiet.reason}): "
            f"{quiet.observed.finding.sentence}"
        )


def _more(bone: Segment, followed: Followed) -> Iterator[str]:
    """Stretch, proposal and open gates of one bone."""
    if followed.residual_stretch_mm:
        said = ", ".join(
            f"{group} {whole(mm, ' mm')}"
            for group, mm in followed.residual_stretch_mm.items()
        )
        say_of = f"Stretch not yet grown, {bone.words} ({MODEL_SAYS}): {said}"
        yield say_of
    if followed.proposal is not None:
        yield f"Proposed: {followed.proposal.text} A surgeon decides and signs."
        if followed.proposal.impossible:
            yield f"  Not by this device: {followed.proposal.impossible}"
        if followed.effect is not None:
            now, then = followed.effect.end_day
            yield f"  Last turn on day {then} instead of {now}."
    if followed.loading is not None:
        loading = followed.loading
        yield f"Load on the {bone.words}: {loading.step}, {loading.status}"
    for gate in followed.gates:
        missing = [c.words for c in gate.conditions if not c.met]
        done = f"allowed on day {gate.allowed_day}" if gate.allowed_day else ""
        waits = f"waits for: {'; '.join(missing)}" if missing else "everything is met"
        yield f"{gate.step.capitalize()} of the {bone.words}: {done or waits}"


def _since(observed: Observed) -> Finding:
    """Begin the sentence with the day since which it holds."""
    finding = observed.finding
    return replace(
        finding, sentence=f"Since day {observed.since_day}: {finding.sentence}"
    )


def _turned(turned: Interval) -> str:
    if turned.low == turned.high:
        return f"{turned.value:.2f} mm"
    return f"{turned.low:.2f} to {turned.high:.2f} mm"


def _measured(gained: Interval | None) -> str:
    if gained is None:
        return "not measured"
    return length(gained)


def _days(followed: Followed) -> tuple[str, str]:
    """Median and the range of 9 in 10 of both days."""
    forecast = followed.forecast
    if forecast is None:
        return "not said", "not said"
    solid, loaded = forecast.consolidation_day, forecast.full_weight_bearing_day
    return whole(solid), whole(loaded)


def day_or_date(text: str) -> int | date:
    """Read a day since surgery, or a date.

    Raises
    ------
    Refusal
        If it is neither.
    """
    try:
        return int(text) if text.lstrip("-").isdecimal() else date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            f"as-of is '{text:.20}'; allowed is a day since surgery, like 21, or a "
            "date, like 2027-02-01"
        ) from None


def _document(standing: Standing) -> dict[str, object]:
    """Say it in the words of the contract."""
    return {
        "day": standing.day,
        "on": standing.on,
        "segments": {
            str(bone): _bone(followed) for bone, followed in standing.segments.items()
        },
        "findings": [_said(observed) for observed in standing.findings],
        "silenced": [
            {**_said(s.observed), "by": s.by, "reason": s.reason, "answered_day": s.day}
            for s in standing.silenced
        ],
        "due": standing.due,
        "walks": standing.walks,
    }


def _bone(followed: Followed) -> dict[str, object]:
    """Say one bone in the words of the contract."""
    return {
        "phase": followed.phase,
        "day": followed.day,
        "prescribed_mm": followed.prescribed_mm,
        "turned_mm": followed.turned_mm,
        "measured_mm": followed.measured_mm,
        "films": followed.lengths.gained,
        "forecast": followed.forecast,
        "residual_stretch_mm": followed.residual_stretch_mm,
        "nerve_stretch_percent": followed.nerve,
        "practised": followed.practised,
        "proposal": _proposal(followed, followed.proposal),
        "loading": followed.loading,
        "gates": [
            {
                "step": gate.step,
                "open": gate.open,
                "allowed_day": gate.allowed_day,
                "conditions": gate.conditions,
                "note": gate.note,
            }
            for gate in followed.gates
        ],
    }


def _proposal(
    followed: Followed, change: ProposedChange | None
) -> dict[str, object] | None:
    """Say what would change and what it would do; it binds nobody."""
    if change is None:
        return None
    effect = followed.effect
    return {
        "change": change.adaptation.change,
        "text": change.text,
        "because": change.because,
        "from_on": change.adaptation.from_on,
        "from_day": followed.day + 1,
        "rate_mm_per_day": change.adaptation.rate_mm_per_day,
        "days": change.adaptation.days,
        "mm": change.adaptation.mm,
        "possible": not change.impossible,
        "impossible": change.impossible,
        "end_day": None
        if effect is None
        else {"now": effect.end_day[0], "then": effect.end_day[1]},
        "consolidation_day": None if effect is None else effect.consolidation_day,
        "residual_stretch_mm": {} if effect is None else effect.residual_stretch_mm,
        "evidence": change.evidence,
        "binds": False,
    }


def _said(observed: Observed) -> dict[str, object]:
    finding = observed.finding
    return {
        "level": finding.level,
        "key": finding.key,
        "text": finding.sentence,
        "action": finding.action,
        "evidence": finding.evidence,
        "since_day": observed.since_day,
        "soon": observed.soon,
        "segment": finding.about,
    }
