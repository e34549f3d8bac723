"""Commands that come in groups: about a film, a case, a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    Magnification,
    MagnificationSd,
    Patella,
    Rotation,
    SourceMm,
    Torsion,
    TrueScale,
)

film_app = typer.Typer(help="Make a synthetic standing film, or say what a film is.")
frame_app = typer.Typer(
    help="Hexapod: struts from a pose and back, schedules, programs.",
    epilog="Each command takes a file: 'callotasis schema frame-program' and its like "
    "say what is in it; the page 'Hexapod' of the documentation (docs/hexapod.md) has "
    "examples.",
)
case_app = typer.Typer(help="Start a case, add to it, look into it, sign its plan.")


@film_app.command("make")
def film_make(
    spec: Annotated[Path, typer.Option(help="Film specification (JSON).")],
    out: Annotated[Path, typer.Option(help="DICOM file to write.")],
    truth: Annotated[Path, typer.Option(help="JSON file with the exact answers.")],
    landmarks: Annotated[
        Path | None,
        typer.Option(help="Also write landmarks as a reader would click them."),
    ] = None,
) -> None:
    """Make a synthetic standing film with its truth."""
    from callotasis.cli.film import run_make

    run_make(spec, out, truth, landmarks)


@film_app.command("closeup")
def film_closeup(
    spec: Annotated[Path, typer.Option(help="Specification (JSON) of the close-up.")],
    out: Annotated[Path, typer.Option(help="DICOM file to write.")],
    truth: Annotated[
        Path, typer.Option(help="JSON file with the exact answers, and the points.")
    ],
) -> None:
    """Make a synthetic close-up of one cut bone with its callus."""
    from callotasis.cli.film import run_closeup

    run_closeup(spec, out, truth)


@film_app.command("info")
def film_info(film: FilmFile, json: Json = False) -> None:
    """Say what a film is and how it can be calibrated."""
    from callotasis.cli.film import run_info

    run_info(film, json=json)


@case_app.command("new")
def case_new(
    case: CaseDir,
    name: Annotated[str, typer.Option(help="Name of the case.")],
    by: Author,
    emergency: Annotated[
        str, typer.Option(help="Emergency number where the patient lives, like 112.")
    ] = "",
) -> None:
    """Start a case in a new folder."""
    from callotasis.cli.case import run_new

    run_new(case, name, by=by, emergency=emergency)


@case_app.command("add")
def case_add(
    case: CaseDir,
    by: Annotated[
        str | None,
        typer.Option(help="Who does this, by name; an entry may name its author."),
    ] = None,
    film: Annotated[Path | None, typer.Option(help="A film to keep.")] = None,
    landmarks: Annotated[Path | None, typer.Option(help="Its landmarks.")] = None,
    entry: Annotated[
        Path | None,
        typer.Option(help="An entry as JSON: kind, body, and what else is known."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="What happened, like turn; with --json.")
    ] = None,
    body: Annotated[
        Path | None,
        typer.Option(
            "--json",
            help="The body of an entry of that kind as JSON, with segment, "
            "happened_at and what else is known beside it; - is standard input.",
        ),
    ] = None,
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
    """Add a film with its landmarks, or any entry."""
    from callotasis.cli.case import run_add_entry, run_add_film
    from callotasis.cli.measure import film_notes

    if (kind is None) is not (body is None):
        raise typer.BadParameter("--kind and --json go together")
    file = entry or body
    if file is not None:
        run_add_entry(case, file, by=by, kind=kind)
        return
    if film is None or landmarks is None or by is None:
        raise typer.BadParameter(
            "give --film with --landmarks, or --entry, or --kind with --json; "
            "a film also needs --by"
        )
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
    run_add_film(case, film, landmarks, notes, by=by)


@case_app.command("show")
def case_show(case: CaseDir, json: Json = False) -> None:
    """Say what a case holds."""
    from callotasis.cli.case import run_show

    run_show(case, json=json)


@case_app.command("sign")
def case_sign(
    case: CaseDir,
    by: Author,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report; CASE/report if unsaid.")
    ] = None,
) -> None:
    """Sign the newest plan or changed prescription by name."""
    from callotasis.cli.case import run_sign

    run_sign(case, out, by=by)


@case_app.command("adapt")
def case_adapt(
    case: CaseDir,
    segment: Annotated[
        str, typer.Argument(metavar="SEGMENT", help="The bone, like R.femur.")
    ],
    by: Author,
    change: Annotated[
        str | None,
        typer.Option(
            help="stop, hold, 'go on', slow, faster, extend or 'back and forth'; what "
            "the findings propose if unsaid."
        ),
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Of slow and faster [mm/day].")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            help="Of faster and hold [day]; hold lasts until 'go on' if unsaid."
        ),
    ] = None,
    mm: Annotated[
        float | None, typer.Option(help="Of extend, faster and 'back and forth' [mm].")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", help="First day of the change; tomorrow if unsaid."),
    ] = None,
    json: Json = False,
) -> None:
    """Draft a changed prescription; it binds once it is signed."""
    from callotasis.cli.adapt import ChangeWish, run_adapt

    run_adapt(
        case, segment, ChangeWish(change, rate, days, mm, start), by=by, json=json
    )


def _holds(schema: str) -> str:
    return (
        f"What is in FILE: 'callotasis schema {schema}'; examples: the page 'Hexapod' "
        "of the documentation (docs/hexapod.md)."
    )


FrameFile = Annotated[Path, typer.Argument(metavar="FILE", help="Frame file (JSON).")]


@frame_app.command("settings", epilog=_holds("frame-settings"))
def frame_settings(file: FrameFile, json: Json = False) -> None:
    """Strut lengths of a pose, and how firmly they hold it."""
    from callotasis.cli.frame import run_settings

    run_settings(file, json=json)


@frame_app.command("pose", epilog=_holds("frame-pose"))
def frame_pose(file: FrameFile, json: Json = False) -> None:
    """Pose of six strut lengths."""
    from callotasis.cli.frame import run_pose

    run_pose(file, json=json)


@frame_app.command("schedule", epilog=_holds("frame-schedule"))
def frame_schedule(file: FrameFile, json: Json = False) -> None:
    """Every strut for every day, from one pose to another."""
    from callotasis.cli.frame import run_schedule

    run_schedule(file, json=json)


@frame_app.command("program", epilog=_holds("frame-program"))
def frame_program(
    file: FrameFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the program and its pictures.")
    ] = None,
    first_day: Annotated[
        str | None,
        typer.Option(help="Of turning, YYYY-MM-DD; makes a strut sheet, as a draft."),
    ] = None,
    case: Annotated[
        str | None, typer.Option(help="Whose strut sheet it is, by name.")
    ] = None,
    call: Annotated[
        str | None, typer.Option(help="Whom the patient calls, with the number.")
    ] = None,
    scale_offset: Annotated[
        list[str] | None,
        typer.Option(
            help="What the scale of a size reads beyond its length joint to joint, "
            "like medium=-30 [mm]. Repeat for each."
        ),
    ] = None,
    paper: Annotated[
        str, typer.Option(help="Of the strut sheet: a4 or us-letter.")
    ] = "a4",
    json: Json = False,
) -> None:
    """A strut table from readings on a leg, and how wrong it may be."""
    from callotasis.cli.program import run_program, sheet_wishes

    wishes = sheet_wishes(first_day, case, call, paper)
    if wishes is not None and out is None:
        raise typer.BadParameter("a strut sheet needs --out")
    run_program(file, out, wishes, scale_offset or [], json=json)
