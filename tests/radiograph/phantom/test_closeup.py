"""A close-up film and its truth."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pydicom
import pytest

from callotasis.radiograph.phantom import (
    CallusSpec,
    CloseUpSpec,
    FilmSpec,
    closeup_scene,
    make_closeup,
)
from callotasis.radiograph.phantom.hardware import MU_STEEL, Metal, ball_at

COARSE = {"pitch_mm": 0.4, "high_mm": 220.0, "wide_mm": 160.0}


def _pixels(made: bytes) -> np.ndarray:
    return pydicom.dcmread(BytesIO(made)).pixel_array.astype(float)


def test_the_same_specification_makes_the_same_film() -> None:
    spec = CloseUpSpec(**COARSE)
    first, second = make_closeup(spec), make_closeup(spec)
    assert first.dicom == second.dicom
    assert first.truth == second.truth


def test_the_film_is_brighter_in_bone_than_in_an_empty_gap() -> None:
    made = make_closeup(CloseUpSpec(callus=None, **COARSE))
    film = _pixels(made.dicom)

    def at(name: str) -> float:
        column, row = (int(v) for v in made.points[name])
        return float(film[row - 3 : row + 4, column - 12 : column + 13].mean())

    ends = [np.array(made.points[name]) for name in ("cut_above", "cut_below")]
    column, row = (int(v) for v in np.mean(ends, axis=0))
    empty = film[row - 3 : row + 4, column - 12 : column + 13].mean()
    assert min(at("axis_above"), at("axis_below")) > empty


def test_hardware_lands_on_the_film() -> None:
    spec = CloseUpSpec(**COARSE, person=FilmSpec(ball_mm=None, equalised=False))
    scene = closeup_scene(spec)
    centre = scene.leg.upper_end + np.array([40.0, 0.0, 20.0])
    made = make_closeup(spec, [Metal(ball_at(centre, 12.0), MU_STEEL)])
    column, row = scene.beam.film_points(centre[None])[0].astype(int)
    film = _pixels(made.dicom)
    assert film[row, column] > 0.9 * film.max()
    assert made.truth["synthetic"]


@pytest.mark.parametrize("segment", ["L.femur", "R.tibia"])
def test_the_header_names_side_bone_and_processing(segment: str) -> None:
    spec = CloseUpSpec(segment=segment, callus=CallusSpec(), **COARSE)
    header = pydicom.dcmread(BytesIO(make_closeup(spec).dicom))
    assert header.ImageLaterality == segment[0]
    assert "TISSUE EQUALISATION" in header.AcquisitionDeviceProcessingDescription
    assert header.PixelIntensityRelationship == "LOG"
