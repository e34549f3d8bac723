"""``callotasis follow``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from callotasis.cli.terminal import say, show_findings, show_table
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.findings import Finding
from callotasis.followed import Followed, Standing, follow
from callotasis.followup import Observed
from callotasis.record import CaseFolder
from callotasis.worlds import Interval


def run_follow(case: Path, as_of: str | None, *, json: bool) -> None:
    """Say how a case stands on a day."""
    standing = follow(CaseFolder(case), None if as_of is None else _day(as_of))
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
            *_days(followed),
        )
        for bone, followed in standing.segments.items()
    ]
    heads = ("", "phase", "day", "prescribed", "turned", "solid on day", "fully loaded")
    show_table(f"Day {standing.day}, {standing.on}", heads, rows)
    say("Days since surgery; in brackets the range of 9 in 10. A clinician decides.")
    sources = [f.forecast.evidence for f in standing.segments.values() if f.forecast]
    for key in sorted({key for keys in sources for key in keys}):
        say(f"Source: callotasis evidence {key}")
    show_findings(map(_since, standing.findings))


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


def _days(followed: Followed) -> tuple[str, str]:
    """Median and the range of 9 in 10 of both days."""
    forecast = followed.forecast
    if forecast is None:
        return "not said", "not said"
    solid, loaded = forecast.consolidation_day, forecast.full_weight_bearing_day
    return _band(solid), _band(loaded)


def _band(day: Interval) -> str:
    return f"{day.value:.0f} ({day.low:.0f} to {day.high:.0f})"


def _day(text: str) -> int | date:
    """Read a day since surgery, or a date."""
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
        "segments": standing.segments,
        "findings": [_said(observed) for observed in standing.findings],
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
        "segment": finding.about,
    }
