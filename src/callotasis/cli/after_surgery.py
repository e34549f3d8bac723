"""Commands about a leg after surgery: follow it, read its films, tell its end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callotasis.cli.options import CaseDir, FilmFile, Json

AsOf = Annotated[
    str | None,
    typer.Option(help="Day since surgery, or date, to look back from; else today."),
]
Paper = Annotated[str, typer.Option(help="a4 or us-letter.")]


def follow(
    case: CaseDir,
    as_of: AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the report: HTML, PDF, charts.")
    ] = None,
    paper: Paper = "a4",
    json: Json = False,
) -> None:
    """Say how each bone stands, what to do, and when it is solid."""
    from callotasis.cli.follow import run_follow

    run_follow(case, as_of, out, paper=paper, json=json)


CaseToKeep = Annotated[
    Path | None, typer.Option(help="Case in which the reading is kept.")
]
By = Annotated[str | None, typer.Option(help="Who read it, by name.")]
TakenAt = Annotated[
    str | None,
    typer.Option(help="When the film was taken, ISO 8601 with offset."),
]


def length(
    film: FilmFile,
    nail_mm: Annotated[
        float | None, typer.Option(help="Diameter of a nail's tube [mm].")
    ] = None,
    rod_mm: Annotated[
        float | None, typer.Option(help="Diameter of its rod, if known [mm].")
    ] = None,
    tube: Annotated[
        str | None, typer.Option(help="COLUMN,ROW of a point on the tube [px].")
    ] = None,
    rod: Annotated[
        str | None, typer.Option(help="COLUMN,ROW of the rod's tip or screw [px].")
    ] = None,
    screw: Annotated[
        bool, typer.Option("--screw", help="The mark is a locking screw, not the tip.")
    ] = False,
    ring_mm: Annotated[
        float | None, typer.Option(help="Outer diameter of both rings [mm].")
    ] = None,
    ring: Annotated[
        list[str] | None,
        typer.Option(
            help="Both ends of a ring, COLUMN,ROW:COLUMN,ROW [px]. Repeat for each."
        ),
    ] = None,
    beam_centre: Annotated[
        str | None,
        typer.Option(help="COLUMN,ROW where the central ray met the film [px]."),
    ] = None,
    segment: Annotated[
        str | None, typer.Option(help="The bone, like R.femur; needed with --case.")
    ] = None,
    case: CaseToKeep = None,
    by: By = None,
    taken_at: TakenAt = None,
    json: Json = False,
) -> None:
    """Read a length off a film by the nail or the rings on it."""
    from callotasis.cli.film_entry import Keep
    from callotasis.cli.length import RulerOptions, run_length

    options = RulerOptions(
        nail_mm, rod_mm, tube, rod, screw, ring_mm, ring, beam_centre
    )
    run_length(film, options, Keep.asked(case, segment, by, taken_at), json=json)


def callus(
    film: FilmFile,
    segment: Annotated[str, typer.Option(help="The bone, like R.femur.")],
    above: Annotated[
        str, typer.Option(help="COLUMN,ROW amid the bone above the gap [px].")
    ],
    below: Annotated[
        str, typer.Option(help="COLUMN,ROW amid the bone below the gap [px].")
    ],
    mm_per_px: Annotated[
        str | None,
        typer.Option(help="Scale in the bone: MM or MM,LOW,HIGH; else the detector's."),
    ] = None,
    case: CaseToKeep = None,
    by: By = None,
    taken_at: TakenAt = None,
    json: Json = False,
) -> None:
    """Read the new bone off a film: gap, ratio, width, shape."""
    from callotasis.cli.callus import run_callus
    from callotasis.cli.film_entry import Keep

    keep = Keep.asked(case, segment, by, taken_at)
    run_callus(film, segment, above, below, mm_per_px, keep, json=json)


def outcome(
    case: CaseDir,
    as_of: AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for a page a bone, and the registry.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="File with the clinic's secret; makes the registry row."),
    ] = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write the registry as Parquet too.")
    ] = False,
    paper: Paper = "a4",
    json: Json = False,
) -> None:
    """Say what became of each bone, as it was expected or not."""
    from callotasis.cli.outcome import OutcomeFiles, run_outcome

    if out is None and (key is not None or parquet):
        raise typer.BadParameter("--key and --parquet need --out")
    wanted = None if out is None else OutcomeFiles(out, key, parquet, paper)
    run_outcome(case, as_of, wanted, json=json)


def register(
    cases: Annotated[
        list[Path], typer.Argument(metavar="CASE...", help="Case folders.")
    ],
    json: Json = False,
) -> None:
    """Count complications of cases, beside published ones."""
    from callotasis.cli.register import run_register

    run_register(cases, json=json)


def exercises(
    bone: Annotated[str, typer.Option(help="femur or tibia.")],
    phase: Annotated[
        str,
        typer.Option(help="latency, distraction, consolidation or loading."),
    ],
    device: Annotated[str, typer.Option(help="nail, rail, ring or hexapod.")],
    side: Annotated[str, typer.Option(help="R or L.")],
    out: Annotated[
        Path | None, typer.Option(help="File of the printable sheet (PDF).")
    ] = None,
    exercise: Annotated[
        list[str] | None,
        typer.Option(help="Print only these, in this order. Repeat for each."),
    ] = None,
    case: Annotated[str, typer.Option(help="Whose sheet it is, by name.")] = "",
    call: Annotated[
        str, typer.Option(help="Whom the patient calls, with the number.")
    ] = "",
    paper: Paper = "a4",
    json: Json = False,
) -> None:
    """Say what a leg may train now, and draw it on a sheet to print."""
    from callotasis.cli.exercises import run_exercises

    run_exercises(
        bone,
        phase,
        device,
        side,
        out,
        case=case,
        call=call,
        only=exercise,
        paper=paper,
        json=json,
    )
