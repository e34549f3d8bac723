"""``callotasis plan``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from callotasis.casework import Order, PlannedCase, order_from, plan_case
from callotasis.cli.terminal import by_name, numbers_by_name, say, show_findings, step
from callotasis.errors import Refusal
from callotasis.exchange import as_json, plain
from callotasis.proposal import SegmentSheet
from callotasis.record import CaseFolder
from callotasis.report.device_words import doubt_rows, frame_rows
from callotasis.report.nail_words import nail_rows
from callotasis.wording import dates, tenth

WEEKS_AHEAD = 4
FIXED = {
    "both": ("fixed_proximally", "fixed_distally"),
    "proximal": ("fixed_proximally",),
    "distal": ("fixed_distally",),
}

Options = list[str] | None


def order_from_options(
    *,
    device: Options,
    equalise: str | None,
    gain: Options,
    correct: Options,
    maturity: str,
    age: float | None,
    surgery_on: str | None,
    cut: Options,
    hinge: Options,
    approach: Options,
    fibula_cut: Options,
    fibula_fixed: Options,
    rate: Options,
    rhythm: Options,
    latency: Options,
    limb_radius: Options,
    rail_lean: Options,
) -> Order:
    """Read the options of a plan as an order."""
    return order_from(
        {
            "surgery_on": surgery_on or _four_weeks_ahead(),
            "device": by_name(device or [], "device"),
            "equalise": equalise,
            "gain_mm": numbers_by_name(gain or [], "gain"),
            "correct": tuple(correct or ()),
            "maturity": maturity,
            "age_years": age,
            "cut_mm": numbers_by_name(cut or [], "cut"),
            "hinge": by_name(hinge or [], "hinge"),
            "approach": by_name(approach or [], "approach"),
            "fibula": _fibulae(fibula_cut or [], fibula_fixed or []),
            "latency_days": numbers_by_name(latency or [], "latency"),
            "rate_mm_per_day": numbers_by_name(rate or [], "rate"),
            "rhythm_per_day": numbers_by_name(rhythm or [], "rhythm"),
            "limb_radius_mm": numbers_by_name(limb_radius or [], "limb radius"),
            "rail_lean_deg": numbers_by_name(rail_lean or [], "lean of a rail"),
        }
    )


def _four_weeks_ahead() -> str:
    return (today() + timedelta(weeks=WEEKS_AHEAD)).isoformat()


def today() -> date:
    """Today, where the machine stands."""
    return datetime.now(UTC).astimezone().date()


def _fibulae(cuts: list[str], fixed: list[str]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {
        segment: {"cut_mm": level}
        for segment, level in numbers_by_name(cuts, "fibula cut").items()
    }
    for segment, where in by_name(fixed, "fibula fixation").items():
        if where not in FIXED:
            raise Refusal(
                f"fibula fixation of {segment} is '{where}'; allowed are "
                f"{', '.join(FIXED)}"
            )
        found.setdefault(segment, {}).update(dict.fromkeys(FIXED[where], True))
    return found


def run_plan(
    case: Path, order: Order, out: Path | None, *, by: str, paper: str, json: bool
) -> None:
    """Plan a case, keep the plan, write its report, and print it."""
    folder = CaseFolder(case)
    with step("planning", quiet=json):
        planned = plan_case(
            folder, order, by, out or case / "report", made_on=today(), paper=paper
        )
    if json:
        say(as_json(plan_document(planned)))
    else:
        show_plan(planned)


def plan_document(planned: PlannedCase) -> dict[str, object]:
    """Everything that ``plan --json`` prints."""
    proposal = plain(planned.worked.proposal)
    report = planned.report
    files = {
        "html": report.html,
        "pdf": report.pdf,
        "calendar": report.calendar,
        "table": report.table,
        "theatre": report.theatre,
    }
    return {
        "entry": planned.entry.id,
        "draft": True,
        **(proposal if isinstance(proposal, dict) else {}),
        "files": {name: str(path) for name, path in files.items() if path},
    }


def show_plan(planned: PlannedCase) -> None:
    """Print a plan for people."""
    proposal = planned.worked.proposal
    for segment, sheet in proposal.segments.items():
        say(
            f"{segment.words}: cut {sheet.cut.level_mm:.0f} mm below its proximal "
            f"joint, {_work(sheet)}"
        )
        rows = frame_rows(sheet.frame) if sheet.frame else []
        rows += doubt_rows(sheet.doubt) if sheet.doubt else []
        for name, said in rows:
            say(f"  {name}: {said}")
        for name, said in nail_rows(sheet.nail) if sheet.nail else []:
            say(f"  {name}: {said}")
        for milestone in sheet.timeline:
            say(
                f"  {milestone.name}: "
                f"{dates(milestone.days.low_on, milestone.days.high_on)}"
            )
    left = proposal.after.discrepancy_mm
    if left is not None:
        say(
            f"Right minus left after: {tenth(left.value)} mm "
            f"({tenth(left.low)} to {tenth(left.high)})"
        )
    if proposal.withheld:
        say(f"Prescription withheld; open stops: {', '.join(proposal.withheld)}")
    show_findings(proposal.findings)
    say(f"DRAFT report: {planned.report.html}")


def _work(sheet: SegmentSheet) -> str:
    """What a device does, in a few words."""
    turn = sheet.gradual_pose["valgus_deg"]
    done = []
    if isinstance(turn, float) and round(turn, 1):
        way = "valgus" if turn > 0 else "varus"
        done.append(f"turns it {abs(turn):.1f}° into {way} day by day")
    if sheet.settings.extension_mm or not done:
        done.append(f"is drawn out by {sheet.settings.extension_mm:.4g} mm")
    return f"{sheet.device} {' and '.join(done)}"
