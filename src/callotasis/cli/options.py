"""Options that several commands share, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output.")
]
Author = Annotated[str, typer.Option("--by", help="Who does this, by name.")]
CaseDir = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
FilmFile = Annotated[
    Path, typer.Argument(metavar="FILM", help="Standing film: DICOM, PNG or JPEG.")
]
LandmarkFile = Annotated[
    Path, typer.Option("--landmarks", help="Landmark file (JSON, pixels).")
]
BallMm = Annotated[
    float | None,
    typer.Option("--ball-mm", help="Diameter of the calibration ball [mm]."),
]
Magnification = Annotated[
    float | None,
    typer.Option(help="Magnification of the bones, where no ball tells it."),
]
MagnificationSd = Annotated[
    float | None, typer.Option(help="Standard deviation of --magnification.")
]
SourceMm = Annotated[
    float | None, typer.Option(help="Source to detector distance [mm].")
]
BeamCentre = Annotated[
    str | None,
    typer.Option(help="Where the central ray meets the film: COLUMN,ROW [px]."),
]
Depth = Annotated[
    list[str] | None,
    typer.Option(
        "--depth",
        help="Distance in front of the detector of a joint (hip, knee, ankle) or of a "
        "landmark, like R.hip=135.6 [mm]. Repeat for each.",
    ),
]
Patella = Annotated[
    bool | None,
    typer.Option(
        "--patella-forward/--patella-turned",
        help="Whether both patellae point forward.",
    ),
]
Flexion = Annotated[
    float | None,
    typer.Option("--knee-flexion", help="Flexion of the knees on the film [deg]."),
]
Block = Annotated[
    list[str] | None,
    typer.Option("--block", help="Block under a foot, like R=40 [mm]; R=0 for none."),
]
KnownLengths = Annotated[
    list[str] | None,
    typer.Option(
        "--known-length",
        help="Ruler or implant, MM:COLUMN,ROW:COLUMN,ROW:WHERE [mm, px]; WHERE is the "
        "segment it lies in (R.femur), the joint it lies beside (R.ankle), 'beside' "
        "the legs, or 'detector'. Repeat for each.",
    ),
]
TrueScale = Annotated[
    bool,
    typer.Option("--true-scale", help="The film shows true size, as slot scanners do."),
]
Rotation = Annotated[
    list[str] | None,
    typer.Option(
        "--rotation",
        help="Measured external rotation of a leg, like R=8 [deg].",
    ),
]
Torsion = Annotated[
    list[str] | None,
    typer.Option(
        "--torsion",
        help="External torsion of a segment from a CT, like R.tibia=30 [deg].",
    ),
]
Refine = Annotated[
    bool,
    typer.Option("--refine", help="Move rough clicks to what the picture shows."),
]
