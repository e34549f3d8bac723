"""How a leg was turned, told from where its patella stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment.measurement import measure_film
from callotasis.alignment.rotation import rotation_findings, rotation_told
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Calibration, calibrate
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Worlds, interval
from darkroom import bare_film
from legs import COLUMNS, ROWS, standing

FILM = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5))
KNOWN = KnownGeometry(true_scale=True)
FEW = Worlds(count=500)
SURELY_TURNED_DEG, BARELY_TURNED_DEG = 25.0, 4.0


def _calibrated(facts: FilmFacts | None = None, worlds: Worlds = FEW) -> Calibration:
    return calibrate(FILM, standing(), KNOWN, facts or FilmFacts(), worlds)


def _turned(turns_deg: dict[Side, float]) -> Landmarks:
    """Legs whose patellae stand where these external turns put them."""
    lever = constant("calibration.patella_depth").value
    usual = constant("rotation.patella_lateral").value
    calibration = _calibrated(worlds=Worlds(1))
    legs = {**standing().sides}
    for side, points in standing().sides.items():
        column, row = points["knee_centre"]
        if side in turns_deg:
            size = calibration.size_at(calibration.depth_mm[side, Joint.KNEE])[0]
            aside = (usual + lever * np.sin(np.radians(turns_deg[side]))) / size
            outward = -1 if side is Side.RIGHT else 1
            patella = (float(column + outward * aside), row - 80)
            legs[side] = {**points, "patella_centre": patella}
    return Landmarks(legs)


def _found(landmarks: Landmarks, facts: FilmFacts | None = None) -> list[Finding]:
    return [*rotation_findings(landmarks, _calibrated(facts), FEW)]


@given(st.floats(-45, 45), st.floats(-45, 45))
def test_the_patella_tells_the_turn_back_outwards_positive_on_both_sides(
    right: float, left: float
) -> None:
    worlds = Worlds(count=1)
    landmarks = _turned({Side.RIGHT: right, Side.LEFT: left})
    calibration = _calibrated(worlds=worlds)
    for side, turn in ((Side.RIGHT, right), (Side.LEFT, left)):
        told = rotation_told(side, landmarks, calibration, worlds)
        assert told[0] == pytest.approx(turn, abs=0.02)


def test_an_outward_turn_carries_the_patella_outwards() -> None:
    landmarks = _turned(dict.fromkeys(Side, 20.0))
    for side, outward in ((Side.RIGHT, -1), (Side.LEFT, 1)):
        points = landmarks.sides[side]
        aside = points["patella_centre"][0] - points["knee_centre"][0]
        assert aside * outward > 0


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(("sign", "way"), [(1, "outwards"), (-1, "inwards")])
def test_a_leg_that_is_surely_turned_is_a_caution(
    side: Side, sign: int, way: str
) -> None:
    (found,) = _found(_turned({side: sign * SURELY_TURNED_DEG, side.other: 0.0}))
    assert found.level is Level.CAUTION
    assert found.key == "film.leg_turned"
    assert found.about == side
    assert f"the {side.word} leg is turned {way} by about 25°" in found.sentence
    assert found.evidence == "rotation.patella_lateral"


@pytest.mark.parametrize("turn", np.arange(-40, 41, 8))
def test_a_finding_is_made_where_the_interval_leaves_out_zero_and_only_there(
    turn: float,
) -> None:
    landmarks = _turned({Side.RIGHT: float(turn)})
    told = interval(rotation_told(Side.RIGHT, landmarks, _calibrated(), FEW))
    assert told.low < told.value < told.high
    assert bool(_found(landmarks)) == told.excludes(0.0)


def test_a_small_turn_is_not_told_from_a_patella_that_rides_aside() -> None:
    assert _found(_turned(dict.fromkeys(Side, BARELY_TURNED_DEG))) == []


def test_a_measured_rotation_is_believed_instead() -> None:
    landmarks = _turned(dict.fromkeys(Side, SURELY_TURNED_DEG))
    facts = FilmFacts(rotation_deg={Side.RIGHT: 3.0})
    (found,) = _found(landmarks, facts)
    assert found.about == Side.LEFT
    both = FilmFacts(rotation_deg=dict.fromkeys(Side, 3.0))
    assert _found(landmarks, both) == []


@pytest.mark.parametrize("forward", [True, False, None])
def test_a_look_at_the_patellae_does_not_silence_them(forward: bool | None) -> None:
    landmarks = _turned({Side.LEFT: SURELY_TURNED_DEG})
    found = _found(landmarks, FilmFacts(patella_forward=forward))
    assert [f.about for f in found] == ["L"]


def test_legs_without_patellae_say_nothing() -> None:
    assert _found(standing()) == []


def test_a_patella_beyond_its_knee_gives_a_finite_turn() -> None:
    points = {**standing().sides[Side.RIGHT]}
    column, row = points["knee_centre"]
    points["patella_centre"] = (column - 150.0, row)
    landmarks = Landmarks({Side.RIGHT: points})
    told = rotation_told(Side.RIGHT, landmarks, _calibrated(), FEW)
    assert np.isfinite(told).all()
    assert 60 < told[0] < 90


def test_the_finding_is_part_of_the_measurement_of_a_film() -> None:
    landmarks = _turned({Side.RIGHT: SURELY_TURNED_DEG})
    measured = measure_film(FILM, landmarks, KNOWN, FilmFacts(), FEW)
    keys = [f.key for f in measured.measurement.findings]
    assert keys.count("film.leg_turned") == 1
