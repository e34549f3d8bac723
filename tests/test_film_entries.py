"""What was read off a film, kept as an entry of the case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from callotasis.errors import RecordRefusal
from callotasis.film_entries import callus_entry, keep_reading, length_entry
from callotasis.followup import Grows, film_read_of
from callotasis.radiograph.callus import Callus, CallusDensity, CallusShape
from callotasis.radiograph.callus.li import CallusTexture
from callotasis.radiograph.rulers import FilmLength
from callotasis.record import CaseFolder
from callotasis.worlds import Interval
from dora import CASE, RIGHT_FEMUR, SURGEON
from followcases import at_day

FILM = "f" * 64
LENGTH = FilmLength("nail", Interval(51.234, 50.0, 52.4), 0.1312, "tube, 10.7 mm")


def exactly(value: float) -> Interval:
    """A figure without doubt."""
    return Interval(value, value, value)


def callus(shape: CallusShape | None = CallusShape.CONCAVE) -> Callus:
    """A regenerate as a film shows it."""
    return Callus(
        segment="R.femur",
        gap_mm=exactly(40.0),
        scaled=True,
        ratio={"medial": Interval(0.7123, 0.68, 0.74)},
        least_ratio={},
        width_ratio=exactly(0.81),
        shape=shape,
        density=CallusDensity.LOW,
        texture=CallusTexture.SPARSE,
        li_type=None,
        bridged_cortices=exactly(1.0),
        axis_drift_deg=exactly(-2.0),
        cut_ends_px=((0.0, 0.0), (0.0, 1.0)),
        regions_px={},
    )


def test_a_length_keeps_its_ruler_and_the_scatter_of_its_film() -> None:
    read = length_entry(LENGTH, FILM)
    assert (read.of, read.measured_mm, read.sd_mm) == (Grows.NAIL, 51.23, 0.131)
    assert (read.ruler, read.film) == ("tube, 10.7 mm", FILM)


def test_a_callus_keeps_what_one_film_can_say() -> None:
    read = callus_entry(callus(), FILM)
    assert read.ratio == {"medial": 0.712}
    assert (read.shape, read.texture) == (CallusShape.CONCAVE, CallusTexture.SPARSE)
    assert read.callus_seen
    assert read.axis_drift_deg == -2.0
    assert read.bridged_cortices is None  # a gate counts four, one film shows two
    assert read.measured_mm is None


def test_no_outline_is_no_new_bone() -> None:
    assert callus_entry(callus(None), FILM).callus_seen is False


def test_a_reading_is_kept_at_the_time_of_its_film(tmp_path: Path) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON)
    taken = datetime.fromisoformat("2026-01-05T09:00:00+01:00")
    entry = keep_reading(case, length_entry(LENGTH, FILM), RIGHT_FEMUR, "Ben", taken)
    [kept] = case.case().of_kind("measurement")
    assert kept == entry
    assert (kept.happened, kept.author, kept.segment) == (taken, "Ben", "R.femur")
    assert film_read_of(kept) == length_entry(LENGTH, FILM)


def test_a_film_of_tomorrow_or_of_no_zone_is_refused(tmp_path: Path) -> None:
    case = CaseFolder.create(tmp_path / "case", CASE, SURGEON)
    read = length_entry(LENGTH, FILM)
    with pytest.raises(RecordRefusal, match="without an offset"):
        keep_reading(case, read, RIGHT_FEMUR, "Ben", datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(RecordRefusal, match="after it was written"):
        keep_reading(case, read, RIGHT_FEMUR, "Ben", at_day(5000))
    assert not case.case().of_kind("measurement")
