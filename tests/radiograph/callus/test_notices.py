"""What is said besides figures."""

from __future__ import annotations

from dataclasses import replace

from callotasis.radiograph.callus.notices import narrow, not_read, said_of_film
from callotasis.worlds import Interval
from callus_steps import Steps


def _keys(steps: Steps, **changes: bool) -> set[str]:
    processing = steps.film.processing
    assert processing is not None
    film = replace(steps.film, processing=replace(processing, **changes))
    return {finding.key for finding in said_of_film(film)}


def test_a_film_for_the_eye_and_a_lossy_one_are_cautioned(steps: Steps) -> None:
    assert "callus.shaped_grey" in _keys(steps)
    assert "callus.shaped_grey" not in _keys(steps, presented=False)
    assert "callus.lossy" in _keys(steps, lossy=True)
    assert "callus.lossy" not in _keys(steps)


def test_a_finding_names_side_reason_and_share() -> None:
    assert (
        "lateral cortex is not read: why"
        in not_read("lateral", "why", "R.femur").sentence
    )
    assert "62%" in narrow(Interval(0.62, 0.57, 0.67), "R.femur").sentence
