"""One close-up film, read step by step; every test of this folder looks at it."""

from __future__ import annotations

import pytest

from callotasis.radiograph.phantom import CallusSpec, CloseUpSpec, FilmSpec
from callus_steps import SEGMENT, Steps, steps_of


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """Half-dense, cylindrical, whole on the medial side and broken on the lateral."""
    spec = CloseUpSpec(
        segment=SEGMENT,
        gap_mm=30.0,
        drift_deg=4.0,
        callus=CallusSpec(medial=0.7, lateral=0.6, bridged=("medial",)),
        person=FilmSpec(ball_mm=None, seed=3),
        pitch_mm=0.2,
        high_mm=260.0,
    )
    return steps_of(spec, tmp_path_factory.mktemp("callus") / "film.dcm")
