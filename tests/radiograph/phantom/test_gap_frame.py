"""The gap on the film and the native bone beside it."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.radiograph.phantom import CloseUpSpec, closeup_scene
from callotasis.radiograph.phantom.gap_frame import ACROSS, Native, gap_frame


@pytest.mark.parametrize("segment", ["R.femur", "L.femur"])
def test_medial_points_to_the_middle_of_the_patient(segment: str) -> None:
    scene = closeup_scene(CloseUpSpec(segment=segment))
    frame = gap_frame(scene.leg, scene.beam)
    inward = 1.0 if segment[0] == "R" else -1.0  # columns run to the patient's left
    assert np.sign(frame.medial[:, 0]) == pytest.approx(inward)


def test_the_gap_on_the_detector_is_magnified() -> None:
    spec = CloseUpSpec(gap_mm=40, to_detector_mm=115, source_mm=1150)
    scene = closeup_scene(spec)
    frame = gap_frame(scene.leg, scene.beam)
    assert frame.gap_mm == pytest.approx(40 * 1150 / 1035, rel=1e-3)


def test_native_bone_has_two_edges_and_a_profile() -> None:
    scene = closeup_scene(CloseUpSpec(pitch_mm=0.3))
    shape = (scene.beam.rows, scene.beam.columns)
    thick = [np.zeros(shape, np.float32) for _ in range(2)]
    for piece, into in zip((scene.leg.upper, scene.leg.lower), thick, strict=True):
        scene.beam.add_thickness(piece.outer, into)
    frame = gap_frame(scene.leg, scene.beam)
    native = Native(thick[0], thick[1], thick[0], thick[1], frame)
    middle, half = native.end(0)
    assert 10 < half < 22
    assert abs(middle) < 2
    profile = native.profile(1)
    assert profile[np.abs(ACROSS) < 0.1].mean() > profile[np.abs(ACROSS) > 0.95].mean()
