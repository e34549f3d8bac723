"""``callotasis length``: a length read off a follow-up film by its own hardware."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from callotasis.cli.film_entry import Keep
from callotasis.cli.measure import pair_of
from callotasis.cli.terminal import say, show_findings, step
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.film_entries import length_entry
from callotasis.radiograph import Film, read_film
from callotasis.radiograph.rulers import (
    FilmLength,
    Nail,
    RodMark,
    nail_length,
    ring_distance,
)
from callotasis.radiograph.sides import check_laterality
from callotasis.wording import length

Point = tuple[float, float]
RINGS = 2
WHAT = {
    "nail": "From the end of the tube to the mark of the rod",
    "rings": "From ring to ring, centre to centre",
}


@dataclass(frozen=True)
class RulerOptions:
    """Options that say what lies on the film, as they were typed.

    Attributes
    ----------
    nail_mm, rod_mm : float or None
        Diameters of the tube and of the rod of a lengthening nail [mm].
    tube, rod : str or None
        COLUMN,ROW of a point on the tube, and of the rod's mark [px].
    screw : bool
        Whether the mark is a locking screw, not the tip.
    ring_mm : float or None
        Outer diameter of both rings [mm].
    ring : list of str or None
        COLUMN,ROW:COLUMN,ROW, both ends of a ring, once for each ring [px].
    beam_centre : str or None
        COLUMN,ROW where the central ray met the film [px].
    """

    nail_mm: float | None = None
    rod_mm: float | None = None
    tube: str | None = None
    rod: str | None = None
    screw: bool = False
    ring_mm: float | None = None
    ring: list[str] | None = None
    beam_centre: str | None = None


def run_length(
    film: Path, options: RulerOptions, keep: Keep | None = None, *, json: bool
) -> None:
    """Read one length off a film, print it, and keep it where a case is named.

    Parameters
    ----------
    film : Path
        DICOM, PNG or JPEG.
    options : RulerOptions
        A nail, or two rings.
    keep : Keep or None
        Where to keep it.
    json : bool
        Whether to print one JSON document.

    Raises
    ------
    Refusal
        If neither or both rulers are named, a point is missing, or the film does not
        show what was named.
    """
    if (options.nail_mm is None) == (options.ring_mm is None):
        raise Refusal(
            "needed is one ruler: --nail-mm with --tube and --rod, or --ring-mm with "
            "--ring twice"
        )
    read = _nail if options.nail_mm is not None else _rings
    with step("measuring", quiet=json):
        picture = read_film(film)
        if keep is not None:
            check_laterality(keep.segment.side, picture)
        found = read(picture, options)
    if keep is not None:
        keep.reading(length_entry(found, picture.sha256))
    if json:
        say(as_json(found))
    else:
        show_length(found)


def _nail(film: Film, options: RulerOptions) -> FilmLength:
    if options.nail_mm is None or options.tube is None or options.rod is None:
        raise Refusal("a nail needs --nail-mm, --tube COLUMN,ROW and --rod COLUMN,ROW")
    mark = RodMark.SCREW if options.screw else RodMark.TIP
    return nail_length(
        film,
        pair_of(options.tube, "tube"),
        pair_of(options.rod, "rod"),
        Nail(options.nail_mm, options.rod_mm, mark),
        beam_centre_px=_centre(options),
    )


def _rings(film: Film, options: RulerOptions) -> FilmLength:
    rings = [_ends(text) for text in options.ring or []]
    if options.ring_mm is None or len(rings) != RINGS:
        raise Refusal(
            f"--ring was given {len(rings)} times; needed is twice, with both ends of "
            "a ring each: COLUMN,ROW:COLUMN,ROW"
        )
    return ring_distance(
        film, rings[0], rings[1], options.ring_mm, beam_centre_px=_centre(options)
    )


def _ends(text: str) -> tuple[Point, Point]:
    one, colon, other = text.partition(":")
    if not colon:
        raise Refusal(f"ring is '{text:.60}'; needed is COLUMN,ROW:COLUMN,ROW")
    return pair_of(one, "end of a ring"), pair_of(other, "end of a ring")


def _centre(options: RulerOptions) -> Point | None:
    if options.beam_centre is None:
        return None
    return pair_of(options.beam_centre, "beam centre")


def show_length(found: FilmLength) -> None:
    """Print a length for people."""
    say(f"{WHAT[found.of]}: {length(found.measured_mm)}.")
    say(f"Scatter of this film alone: {found.sd_mm:.2f} mm (one standard deviation).")
    grown = found.magnification
    size = "" if grown is None else f"; magnified {grown:.3f} times"
    say(f"Ruler: {found.ruler}{size}.")
    say("Only differences between films of one kind say what was gained.\n")
    show_findings(found.findings)
