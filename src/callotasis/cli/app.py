"""All commands in one place; each does its work in a module of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from callotasis import __version__
from callotasis.cli.after_surgery import (
    callus,
    exercises,
    follow,
    length,
    outcome,
    register,
)
from callotasis.cli.groups import case_app, film_app, frame_app
from callotasis.cli.options import (
    Author,
    BallMm,
    BeamCentre,
    Block,
    CaseDir,
    Depth,
    FilmFile,
    Flexion,
    Json,
    KnownLengths,
    LandmarkFile,
    Magnification,
    MagnificationSd,
    Patella,
    Refine,
    Rotation,
    SourceMm,
    Torsion,
    TrueScale,
)
from callotasis.errors import Refusal

app = typer.Typer(
    name="callotasis",
    help="An open workbench for leg-lengthening surgery: measure, plan, prescribe, "
    "follow. Research and education, not a medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    # As markup, [mm] is a style and vanishes; as panels, long names are cut off.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(film_app, name="film", no_args_is_help=True)
app.add_typer(case_app, name="case", no_args_is_help=True)
app.add_typer(frame_app, name="frame", no_args_is_help=True)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"callotasis {__version__}\n")
        raise typer.Exit


@app.callback()
def _entrance(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Version."),
    ] = False,
) -> None:
    """Take the options that come before every command."""


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option(help="Folder for the case; must be new or empty.")
    ] = Path("demo"),
) -> None:
    """Make a whole synthetic case, from its film to its report."""
    from callotasis.cli.demo import run_demo

    run_demo(out)


@app.command()
def measure(
    film: FilmFile,
    landmarks: LandmarkFile,
    ball_mm: BallMm = None,
    magnification: Magnification = None,
    magnification_sd: MagnificationSd = None,
    source_mm: SourceMm = None,
    beam_centre: BeamCentre = None,
    depth: Depth = None,
    patella_forward: Patella = None,
    knee_flexion: Flexion = None,
    block: Block = None,
    known_length: KnownLengths = None,
    true_scale: TrueScale = False,
    rotation: Rotation = None,
    torsion: Torsion = None,
    refine: Refine = False,
    worlds: Annotated[int, typer.Option(help="Draws behind each interval.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 20260101,
    json: Json = False,
) -> None:
    """Measure lengths and angles on a film, each with its interval."""
    from callotasis.cli.measure import film_notes, run_measure
    from callotasis.worlds import Worlds

    notes = film_notes(
        ball_mm=ball_mm,
        magnification=magnification,
        magnification_sd=magnification_sd,
        source_mm=source_mm,
        beam_centre=beam_centre,
        depth=depth,
        patella_forward=patella_forward,
        knee_flexion=knee_flexion,
        block=block,
        known_length=known_length,
        true_scale=true_scale,
        rotation=rotation,
        torsion=torsion,
    )
    run_measure(
        film,
        landmarks,
        notes,
        refine=refine,
        draws=Worlds(worlds, seed),
        json=json,
    )


@app.command()
def plan(
    case: CaseDir,
    device: Annotated[
        list[str] | None,
        typer.Option(help="Device of a segment, like R.femur=example-nail."),
    ] = None,
    equalise: Annotated[
        str | None,
        typer.Option(help="Lengthen until both legs are equally long: R.femur."),
    ] = None,
    gain: Annotated[
        list[str] | None, typer.Option(help="Gain, like R.femur=40 [mm].")
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(help="Correct the axis of a segment, like L.tibia."),
    ] = None,
    maturity: Annotated[
        str, typer.Option(help="Skeleton: mature, immature or unknown.")
    ] = "unknown",
    age: Annotated[float | None, typer.Option(help="Age at surgery [years].")] = None,
    surgery_on: Annotated[
        str | None,
        typer.Option(
            help="Day of surgery, YYYY-MM-DD; four weeks from today if unsaid."
        ),
    ] = None,
    cut: Annotated[
        list[str] | None,
        typer.Option(help="Level below the proximal joint, like R.femur=130 [mm]."),
    ] = None,
    hinge: Annotated[
        list[str] | None, typer.Option(help="Hinge at cora or cut, like L.tibia=cora.")
    ] = None,
    approach: Annotated[
        list[str] | None,
        typer.Option(help="Of a nail: R.femur=antegrade or R.femur=retrograde."),
    ] = None,
    fibula_cut: Annotated[
        list[str] | None,
        typer.Option(help="Fibular cut above the ankle, like L.tibia=90 [mm]."),
    ] = None,
    fibula_fixed: Annotated[
        list[str] | None,
        typer.Option(help="L.tibia=both, or =proximal, or =distal."),
    ] = None,
    rate: Annotated[
        list[str] | None, typer.Option(help="Rate, like R.femur=1.0 [mm/day].")
    ] = None,
    rhythm: Annotated[
        list[str] | None, typer.Option(help="Turns a day, like R.femur=4.")
    ] = None,
    latency: Annotated[
        list[str] | None, typer.Option(help="Latency, like R.femur=7 [days].")
    ] = None,
    limb_radius: Annotated[
        list[str] | None,
        typer.Option(help="Half the width of a limb in a frame, like L.tibia=55 [mm]."),
    ] = None,
    rail_lean: Annotated[
        list[str] | None,
        typer.Option(
            help="How far the distal end of a rail leans laterally from the bone, like "
            "R.femur=3 [deg]."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report; CASE/report if unsaid.")
    ] = None,
    by: Author = "unnamed planner",
    paper: Annotated[str, typer.Option(help="Of the PDF: a4 or us-letter.")] = "a4",
    json: Json = False,
) -> None:
    """Plan target, cut, device, turns and dates; write the report."""
    from callotasis.cli.plan import order_from_options, run_plan

    order = order_from_options(
        device=device,
        equalise=equalise,
        gain=gain,
        correct=correct,
        maturity=maturity,
        age=age,
        surgery_on=surgery_on,
        cut=cut,
        hinge=hinge,
        approach=approach,
        fibula_cut=fibula_cut,
        fibula_fixed=fibula_fixed,
        rate=rate,
        rhythm=rhythm,
        latency=latency,
        limb_radius=limb_radius,
        rail_lean=rail_lean,
    )
    run_plan(case, order, out, by=by, paper=paper, json=json)


@app.command()
def landmarks(
    film: FilmFile,
    start: Annotated[
        Path | None,
        typer.Option("--landmarks", help="Landmark file to begin with."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="File to write; FILM.landmarks.json beside it if unsaid."),
    ] = None,
    case: Annotated[
        Path | None, typer.Option(help="Case to keep film and landmarks in instead.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who does this, by name; needed with --case.")
    ] = None,
    port: Annotated[int, typer.Option(help="Of the page; 0 for any free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser at once.")
    ] = True,
    ball_mm: BallMm = None,
    magnification: Magnification = None,
    magnification_sd: MagnificationSd = None,
    source_mm: SourceMm = None,
    beam_centre: BeamCentre = None,
    depth: Depth = None,
    patella_forward: Patella = None,
    knee_flexion: Flexion = None,
    block: Block = None,
    known_length: KnownLengths = None,
    true_scale: TrueScale = False,
    rotation: Rotation = None,
    torsion: Torsion = None,
) -> None:
    """Place landmarks on a page of this machine, and measure there."""
    from callotasis.cli.landmarks import case_target, file_target, run_landmarks
    from callotasis.cli.measure import film_notes

    notes = film_notes(
        ball_mm=ball_mm,
        magnification=magnification,
        magnification_sd=magnification_sd,
        source_mm=source_mm,
        beam_centre=beam_centre,
        depth=depth,
        patella_forward=patella_forward,
        knee_flexion=knee_flexion,
        block=block,
        known_length=known_length,
        true_scale=true_scale,
        rotation=rotation,
        torsion=torsion,
    )
    if case is None:
        target = file_target(film, out, start)
    elif by is None or out is not None:
        raise typer.BadParameter("--case needs --by, and no --out")
    else:
        target = case_target(case, film, by)
    run_landmarks(film, notes, start=start, target=target, port=port, browser=browser)


@app.command()
def compare(
    case: CaseDir,
    earlier: Annotated[
        str | None, typer.Option(help="Id of the earlier film, or its start.")
    ] = None,
    later: Annotated[
        str | None, typer.Option(help="Id of the later film, or its start.")
    ] = None,
    ruler: Annotated[
        str | None,
        typer.Option(help="Healthy grown leg, R or L, whose length did not change."),
    ] = None,
    unchanged: Annotated[
        bool,
        typer.Option(
            "--unchanged",
            help="Nothing changed between the films: measure lengths from both.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Compare two films of a case, and say which change is real.

    The last two if unsaid.
    """
    from callotasis.cli.compare import run_compare

    run_compare(case, (earlier, later), ruler, unchanged=unchanged, json=json)


for command in (follow, length, callus, exercises, outcome, register):
    app.command()(command)


@app.command()
def evidence(
    key: Annotated[
        str | None, typer.Argument(help="Row to quote; all if unsaid.")
    ] = None,
    audience: Annotated[
        str, typer.Option(help="patient, clinician or researcher.")
    ] = "clinician",
    json: Json = False,
) -> None:
    """Say where a number comes from and how sure it is."""
    from callotasis.cli.evidence import run_evidence

    run_evidence(key, audience, json=json)


@app.command()
def schema(
    name: Annotated[
        str | None, typer.Argument(help="Input or output; all names if unsaid.")
    ] = None,
) -> None:
    """Print the JSON Schema of an input or output."""
    from callotasis.cli.schema import run_schema

    run_schema(name)


def main() -> None:
    """Run the command line: a refusal is one line and exit code 1."""
    try:
        app()
    except Refusal as refusal:
        line = " ".join(str(refusal).split())
        sys.stderr.write(f"callotasis: refused: {line}\n")
        sys.exit(1)
