"""What a film's pixels stand for."""

from __future__ import annotations

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from callotasis.errors import FilmRefusal
from callotasis.radiograph.processing import Processing, Relation, processing_of


def _header(**elements: object) -> pydicom.Dataset:
    header = Dataset()
    for name, value in elements.items():
        setattr(header, name, value)
    return header


def test_logarithmic_pixels_are_absorption_already() -> None:
    film = processing_of(_header(PixelIntensityRelationship="LOG"), "f", 0.0, 4000.0)
    pixels = np.array([0.1, 0.9], np.float32)
    assert film.relation is Relation.LOGARITHMIC
    assert film.presented
    assert film.absorption(pixels) == pytest.approx(pixels)


@given(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=8, unique=True))
def test_linear_pixels_give_the_logarithm_of_the_exposure(shares: list[float]) -> None:
    # Bone is bright on a Film, so exposure falls with its pixels.
    exposure = np.array(shares) * 60_000
    low, high = -exposure.max(), -exposure.min()
    pixels = ((-exposure - low) / (high - low)).astype(np.float32)
    film = Processing(Relation.LINEAR, False, False, low, high, 65_535.0)
    found = film.absorption(pixels)
    true = -np.log(exposure / exposure.max())
    assert found - found.min() == pytest.approx(true - true.min(), abs=0.02)


def test_nobody_guesses_how_pixels_follow_the_exposure() -> None:
    film = processing_of(_header(), "f", 0.0, 1.0)
    with pytest.raises(FilmRefusal, match="nobody knows how the pixels"):
        film.absorption(np.zeros((2, 2), np.float32))


def _with_table(values: list[int]) -> Processing:
    item = Dataset()
    item.LUTDescriptor = [len(values), 0, 16]
    item.LUTData = values
    header = _header(
        PixelIntensityRelationship="LOG", ModalityLUTSequence=Sequence([item])
    )
    return processing_of(header, "f", 0.0, float(len(values) - 1))


def test_a_rising_table_is_followed() -> None:
    film = _with_table([0, 10, 40, 90, 160])
    found = film.absorption(np.linspace(0, 1, 5, dtype=np.float32))
    assert found == pytest.approx([0, 1 / 16, 1 / 4, 9 / 16, 1], abs=1e-6)


def test_a_table_that_goes_up_and_down_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="up and down"):
        _with_table([0, 10, 5, 20, 30]).absorption(np.zeros(2, np.float32))


def test_lossy_films_and_films_for_processing_are_told() -> None:
    film = processing_of(
        _header(LossyImageCompression="01", PresentationIntentType="FOR PROCESSING"),
        "f",
        0.0,
        1.0,
    )
    assert film.lossy
    assert not film.presented
