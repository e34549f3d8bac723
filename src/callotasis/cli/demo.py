"""``callotasis demo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from callotasis.cli.terminal import say, tell
from callotasis.errors import RecordRefusal
from callotasis.findings import Level
from callotasis.proposal import Proposal
from callotasis.wording import dates

if TYPE_CHECKING:
    from callotasis.demo import Demo


def run_demo(out: Path) -> None:
    """Run the demonstration with a progress bar, and end with five lines."""
    _check_free(out)
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from callotasis.demo import STEPS, demonstrate

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    silent = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=silent) as bar:
        task = bar.add_task("starting", total=len(STEPS))
        made = demonstrate(
            out, lambda name: bar.update(task, description=name, advance=1)
        )
    proposal = made.planned.worked.proposal
    found = made.planned.measured.measurement.discrepancy_mm
    if found is not None:
        say(
            f"Discrepancy: right minus left {found.value:.1f} mm "
            f"({found.low:.1f} to {found.high:.1f}, 95 %); "
            f"truth of the synthetic film {made.truth['discrepancy_mm']} mm"
        )
    say(f"Planned: {_planned(proposal)}")
    say(f"Dates: {_dates(proposal)}")
    counts = [
        f"{sum(f.level is level for f in proposal.findings)} {level}" for level in Level
    ]
    say(f"Findings: {', '.join(counts)}")
    say(f"Report: {made.planned.report.html}")
    _tell_of_the_year(made)


def _tell_of_the_year(made: Demo) -> None:
    """Say what came after surgery, beside the five lines of the result."""
    from callotasis.demo_year import said_of

    tell("The year after surgery, as a copy of the case was followed:")
    for line in said_of(made.year.noticed):
        tell(f"  {line}")
    tell(f"Reports of that year: {made.year.folder.path.parent}")


def _check_free(out: Path) -> None:
    """Refuse a folder that holds anything, or that is no folder."""
    try:
        taken = out.exists() and any(out.iterdir())
    except OSError as error:
        raise RecordRefusal(f"{out} cannot be used: {error.strerror}") from None
    if taken:
        raise RecordRefusal(
            f"{out} is not empty; the demonstration needs its own folder"
        )


def _planned(proposal: Proposal) -> str:
    said = []
    for segment, sheet in proposal.segments.items():
        turn = sheet.acute_pose["valgus_deg"]
        if isinstance(turn, float) and round(turn, 1):
            said.append(f"{segment} turned {turn:+.1f}° (valgus +) at surgery")
        if sheet.settings.extension_mm:
            said.append(f"{segment} lengthened by {sheet.settings.extension_mm:g} mm")
    return "; ".join(said)


def _dates(proposal: Proposal) -> str:
    said = [
        f"{m.name} {dates(m.days.low_on, m.days.high_on)}"
        for sheet in proposal.segments.values()
        for m in sheet.timeline
        if m.name not in {"surgery", "distraction starts"}
    ]
    surgery = dates(proposal.surgery_on, proposal.surgery_on)
    return ", ".join([f"surgery {surgery}", *said])
