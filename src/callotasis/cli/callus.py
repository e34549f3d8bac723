"""``callotasis callus``."""

from __future__ import annotations

from pathlib import Path

from callotasis.cli.film_entry import Keep
from callotasis.cli.measure import pair_of
from callotasis.cli.terminal import number, say, show_findings, show_table, step
from callotasis.errors import Refusal
from callotasis.exchange import as_json
from callotasis.film_entries import callus_entry
from callotasis.radiograph import read_film
from callotasis.radiograph.callus import Callus, read_callus
from callotasis.worlds import Interval


def run_callus(
    film: Path,
    segment: str,
    above: str,
    below: str,
    mm_per_px: str | None,
    keep: Keep | None = None,
    *,
    json: bool,
) -> None:
    """Read a regenerate off a film, print it, and keep it where a case is named."""
    points = pair_of(above, "above"), pair_of(below, "below")
    scale = None if mm_per_px is None else _scale(mm_per_px)
    with step("reading the callus", quiet=json):
        picture = read_film(film)
        found = read_callus(picture, segment, *points, scale)
    if keep is not None:
        keep.reading(callus_entry(found, picture.sha256))
    if json:
        say(as_json(found))
        return
    show_callus(found)


def _scale(text: str) -> Interval:
    """Read MM or MM,LOW,HIGH."""
    parts = [number(part, "mm per pixel") for part in text.split(",")]
    if len(parts) not in {1, 3} or not min(parts) > 0:
        raise Refusal(
            f"mm per pixel is '{text:.40}'; needed is MM or MM,LOW,HIGH, above 0 [mm]"
        )
    value, low, high = parts if len(parts) > 1 else parts * 3
    return Interval(value, low, high)


def show_callus(found: Callus) -> None:
    """Print a reading for people."""
    rows = [["gap [mm]", _shown(found.gap_mm, 1)]]
    for side in ("medial", "lateral"):
        read = found.ratio.get(side)
        rows.append(
            [f"{side} cortex, ratio", "not read" if read is None else _shown(read, 2)]
        )
    rows += [
        ["narrowest width, ratio", _shown(found.width_ratio, 2)],
        ["shape", str(found.shape or "no callus seen")],
        ["density", str(found.density or "no callus seen")],
        ["texture", str(found.texture or "no callus seen")],
        ["type after Li", "none" if found.li_type is None else str(found.li_type)],
        ["bridged cortices of 2", _shown(found.bridged_cortices, 0)],
        ["axis drift, valgus positive [deg]", _shown(found.axis_drift_deg, 1)],
    ]
    show_table(f"Callus of {found.segment} (95 % intervals)", ("", ""), rows)
    where = "in the bone" if found.scaled else "on the detector"
    say(f"\nLengths are those {where}. Ratios are above soft tissue.\n")
    show_findings(found.findings)


def _shown(read: Interval, digits: int) -> str:
    return f"{read.value:.{digits}f} ({read.low:.{digits}f} to {read.high:.{digits}f})"
