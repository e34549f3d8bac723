"""One bone from the side: angles of the sagittal plane, and the shaft's bow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import sagittal
from callotasis.alignment.sagittal import (
    DEFINITION,
    LATERAL_QUANTITIES,
    LateralMeasurement,
    MeasuredLateral,
    measure_lateral,
)
from callotasis.errors import LandmarkRefusal
from callotasis.evidence import Evidence, constant
from callotasis.findings import Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Method
from callotasis.radiograph.known import KnownGeometry
from callotasis.radiograph.landmarks import Landmarks, View
from callotasis.worlds import Worlds
from darkroom import bare_film

ROWS, COLUMNS = 1400, 900
PX_PER_MM = 2.0
TRUE = KnownGeometry(true_scale=True)
FEW = Worlds(count=400)
Drawn = dict[str, tuple[float, float]]


def _ends(
    middle: tuple[float, float], rise_deg: float, half: float, post: str, ant: str
) -> Drawn:
    """A joint line whose anterior end stands higher by this angle, (forward, up)."""
    turn = np.radians(rise_deg)
    off = half * np.array([np.cos(turn), np.sin(turn)])
    (x, z) = middle
    return {
        ant: (float(x + off[0]), float(z + off[1])),
        post: (float(x - off[0]), float(z - off[1])),
    }


def femur(pdfa_deg: float = 83.0, bow_mm: float = 6.0) -> Drawn:
    """A femur from the side whose lower half stands upright, (forward, up) [mm]."""
    # The posterior angle to an upright shaft is less than 90 where the front is high.
    return {
        "fem_shaft_prox": (-2 * bow_mm, 400.0),
        "fem_shaft_mid": (0.0, 250.0),
        "fem_shaft_dist": (0.0, 100.0),
    } | _ends((4.0, 40.0), pdfa_deg - 90, 20, "fem_joint_post", "fem_joint_ant")


def tibia(ppta_deg: float = 81.0, adta_deg: float = 80.0, bow_mm: float = 0.0) -> Drawn:
    """A tibia from the side whose shaft's ends stand upright, (forward, up) [mm]."""
    return (
        _ends((0.0, 340.0), 90 - ppta_deg, 22, "tib_plateau_post", "tib_plateau_ant")
        | {
            "tib_shaft_prox": (0.0, 260.0),
            "tib_shaft_mid": (bow_mm, 170.0),
            "tib_shaft_dist": (0.0, 80.0),
        }
        | _ends((0.0, 10.0), 90 - adta_deg, 15, "plafond_post", "plafond_ant")
    )


def _on_film(
    points: Drawn, side: Side = Side.RIGHT, *, forward: int = 1, px: float = PX_PER_MM
) -> Landmarks:
    """Draw a bone on a film whose columns run forward (1) or backward (-1)."""
    view = View.LATERAL_FEMUR if "fem_shaft_mid" in points else View.LATERAL_TIBIA
    drawn = {
        n: (COLUMNS / 2 + forward * px * x, 50 + px * (420 - z))
        for n, (x, z) in points.items()
    }
    return Landmarks({side: drawn}, view=view)


def _measured(
    landmarks: Landmarks,
    known: KnownGeometry = TRUE,
    worlds: Worlds = FEW,
    px: float = PX_PER_MM,
) -> MeasuredLateral:
    film = bare_film(ROWS, COLUMNS, columns_to_left=None, spacing_mm=(1 / px, 1 / px))
    return measure_lateral(film, landmarks, known, worlds)


def _values(measured: MeasuredLateral) -> dict[str, float]:
    ((_, found),) = measured.measurement.sides.items()
    return {name: interval.value for name, interval in found.items()}


def _widths(measurement: LateralMeasurement) -> dict[str, float]:
    ((_, found),) = measurement.sides.items()
    return {name: i.high - i.low for name, i in found.items()}


# Known bones, measured exactly in the nominal world.


@given(st.floats(65, 105), st.floats(-15, 25))
@settings(max_examples=40)
def test_a_known_femur_is_measured_exactly(pdfa: float, bow: float) -> None:
    found = _values(_measured(_on_film(femur(pdfa, bow)), worlds=Worlds(20)))
    assert found["pdfa_deg"] == pytest.approx(pdfa, abs=1e-6)
    # The middle stands before the chord of an oblique shaft by a little less.
    across = bow * np.cos(np.arctan2(2 * bow, 300.0))
    assert found["bow_mm"] == pytest.approx(across, abs=1e-6)


@given(st.floats(65, 105), st.floats(65, 100), st.floats(-15, 25))
@settings(max_examples=40)
def test_a_known_tibia_is_measured_exactly(
    ppta: float, adta: float, bow: float
) -> None:
    found = _values(_measured(_on_film(tibia(ppta, adta, bow)), worlds=Worlds(20)))
    assert found["ppta_deg"] == pytest.approx(ppta, abs=1e-6)
    assert found["adta_deg"] == pytest.approx(adta, abs=1e-6)
    assert found["bow_mm"] == pytest.approx(bow, abs=1e-6)


BONES = {"femur": femur(78.0, 12.0), "tibia": tibia(74.0, 84.0, 9.0)}


@pytest.mark.parametrize("bone", BONES)
@pytest.mark.parametrize("side", Side)
def test_a_film_that_runs_backward_is_measured_the_same(bone: str, side: Side) -> None:
    here, there = (
        _measured(_on_film(BONES[bone], side, forward=forward)) for forward in (1, -1)
    )
    assert _values(here) == pytest.approx(_values(there), abs=1e-9)
    widths = _widths(there.measurement)
    for name, width in _widths(here.measurement).items():
        assert width == pytest.approx(widths[name], rel=0.2), name


@pytest.mark.parametrize("bone", BONES)
@pytest.mark.parametrize("px", [0.7, 1.0, 2.9])
def test_the_size_of_the_pixels_changes_nothing(bone: str, px: float) -> None:
    other = _measured(_on_film(BONES[bone], px=px), px=px)
    usual = _measured(_on_film(BONES[bone]))
    assert _values(other) == pytest.approx(_values(usual), rel=1e-9)
    # Clicks scatter by millimetres, not by pixels.
    assert _widths(other.measurement) == pytest.approx(
        _widths(usual.measurement), rel=1e-6
    )


def test_pixels_that_are_no_squares_are_measured_in_millimetres() -> None:
    landmarks = _on_film(BONES["tibia"])
    ((side, points),) = landmarks.sides.items()
    tall = replace(
        landmarks, sides={side: {n: (c, r / 2) for n, (c, r) in points.items()}}
    )
    film = bare_film(ROWS, COLUMNS, columns_to_left=None, spacing_mm=(0.5, 1.0))
    found = measure_lateral(film, tall, TRUE, FEW)
    assert _values(found) == pytest.approx(_values(_measured(landmarks)), abs=1e-9)


def test_every_interval_holds_its_value_and_the_worlds_are_as_many_as_asked() -> None:
    measured = _measured(_on_film(BONES["femur"]))
    for found in measured.measurement.sides[Side.RIGHT].values():
        assert found.low < found.value < found.high
    assert all(s.shape == (FEW.count + 1,) for s in measured.samples.values())


# The bow.


@pytest.mark.parametrize("radius", [800.0, 1200.0, 2000.0])
@pytest.mark.parametrize("view", ["fem", "tib"])
def test_the_radius_of_an_arc_is_found(radius: float, view: str) -> None:
    levels = {"prox": 380.0, "mid": 240.0, "dist": 100.0}
    arc = {
        f"{view}_shaft_{n}": (float(np.sqrt(radius**2 - (z - 240) ** 2) - radius), z)
        for n, z in levels.items()
    }
    whole = (femur() if view == "fem" else tibia()) | arc
    measured = _measured(_on_film(whole))
    assert _values(measured)["bow_mm"] > 0
    found = float(measured.samples["bow_radius_mm"][0])
    assert found == pytest.approx(radius, rel=0.01)


@pytest.mark.parametrize("bow", [0.0, 0.5, -10.0])
def test_a_bow_that_is_not_proven_has_no_radius(bow: float) -> None:
    for points in (femur(bow_mm=bow), tibia(bow_mm=bow)):
        found = _values(_measured(_on_film(points)))
        assert found["bow_mm"] == pytest.approx(bow, abs=0.05)
        assert "bow_radius_mm" not in found


# What is not there, and what is not said.


@pytest.mark.parametrize("bone", BONES)
def test_a_film_without_a_scale_has_angles_and_no_millimetre(bone: str) -> None:
    found = _measured(_on_film(BONES[bone]), KnownGeometry()).measurement
    names = set(found.sides[Side.RIGHT])
    assert names
    assert all(name.endswith("_deg") for name in names)
    assert found.scale is Method.NONE
    assert found.mm_per_px is None
    assert "R.bow_mm" in found.not_measured
    assert "film.no_scale" in {f.key for f in found.findings}


def test_the_hidden_planes_are_named() -> None:
    found = _measured(_on_film(BONES["femur"])).measurement
    assert found.not_measured == ("frontal plane", "torsion", "lengths of the leg")
    assert found.view is View.LATERAL_FEMUR
    assert found.definition == DEFINITION
    assert found.scale is Method.TRUE_SCALE
    assert found.mm_per_px is not None
    assert found.mm_per_px.value == pytest.approx(0.5)


def test_missing_points_drop_what_needs_them_and_are_named() -> None:
    points = {n: p for n, p in tibia().items() if not n.startswith("plafond")}
    del points["tib_shaft_mid"]
    landmarks = replace(_on_film(tibia()), sides=_on_film(points | femur()).sides)
    ((side, drawn),) = landmarks.sides.items()
    kept = {n: p for n, p in drawn.items() if n in points}
    found = _measured(replace(landmarks, sides={side: kept})).measurement
    assert set(found.sides[side]) == {"ppta_deg"}
    assert {"R.adta_deg", "R.bow_mm"} <= set(found.not_measured)


def test_points_that_say_nothing_of_the_front_are_refused() -> None:
    landmarks = _on_film(femur())
    ((side, points),) = landmarks.sides.items()
    shaft = {n: p for n, p in points.items() if "shaft" in n}
    with pytest.raises(LandmarkRefusal, match="which way a lateral film looks"):
        _measured(replace(landmarks, sides={side: shaft}))


# Findings.


def _deformities(points: Drawn) -> list[str]:
    findings = _measured(_on_film(points, Side.LEFT)).measurement.findings
    return [f.sentence for f in findings if f.key == "deformity.sagittal"]


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (femur(pdfa_deg=70.0), "Posterior distal femoral angle"),
        (femur(pdfa_deg=97.0), "Posterior distal femoral angle"),
        (tibia(ppta_deg=66.0), "Posterior proximal tibial angle"),
        (tibia(adta_deg=95.0), "Anterior distal tibial angle"),
    ],
)
def test_an_angle_that_is_surely_off_is_a_note(points: Drawn, word: str) -> None:
    (said,) = _deformities(points)
    assert said.startswith(word)
    assert "left leg" in said


@pytest.mark.parametrize(
    "points",
    [
        femur(),
        tibia(),
        femur(pdfa_deg=constant("sagittal.pdfa").high + 1),
        tibia(ppta_deg=constant("sagittal.ppta").low - 1),
        tibia(adta_deg=constant("sagittal.adta").high + 1),
    ],
)
def test_an_angle_whose_interval_reaches_the_normal_range_is_none(
    points: Drawn,
) -> None:
    assert _deformities(points) == []


def test_a_deformity_is_a_note_with_its_evidence_and_side() -> None:
    findings = _measured(_on_film(femur(70.0))).measurement.findings
    (found,) = (f for f in findings if f.key == "deformity.sagittal")
    assert found.level is Level.NOTE
    assert found.evidence == "sagittal.pdfa"
    assert found.about == "R"


# Roll.


@contextmanager
def _rolled(sd_deg: float) -> Iterator[None]:
    def other(key: str) -> Evidence:
        row = constant(key)
        return replace(row, sd=sd_deg) if key == "sagittal.roll" else row

    with patch.object(sagittal, "constant", other):
        yield


@pytest.mark.parametrize("bone", BONES)
def test_a_bone_that_may_be_rolled_more_has_wider_angles(bone: str) -> None:
    widths = []
    for sd in (0.0, 5.0, 20.0, 40.0):
        with _rolled(sd):
            measured = _measured(_on_film(BONES[bone]), worlds=Worlds(4000))
        widths.append(_widths(measured.measurement))
    for name in (q.name for q in LATERAL_QUANTITIES[View(f"lateral {bone}")]):
        said = [width[name] for width in widths]
        if name.endswith("_deg"):
            assert said[1] < said[2] < said[3], name
            assert said[0] < said[2], name
        else:
            assert said == [said[0]] * 4
