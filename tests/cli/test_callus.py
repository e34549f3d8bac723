"""``callotasis callus``, as far as it reads its options and prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callotasis.cli.callus import run_callus
from callotasis.errors import Refusal
from callotasis.radiograph.phantom import CloseUpSpec, FilmSpec, make_closeup


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], str]:
    spec = CloseUpSpec(
        pitch_mm=0.25, high_mm=240.0, person=FilmSpec(ball_mm=None, seed=5)
    )
    made = make_closeup(spec)
    path = tmp_path_factory.mktemp("film") / "callus.dcm"
    path.write_bytes(made.dicom)
    points = [
        f"{made.points[name][0]},{made.points[name][1]}"
        for name in ("axis_above", "axis_below")
    ]
    return path, points, str(made.truth["mm_per_px"])


def test_the_json_holds_intervals(
    film: tuple[Path, list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, (above, below), scale = film
    run_callus(path, "R.femur", above, below, scale, json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["gap_mm"]["value"] == pytest.approx(40, abs=0.6)
    assert set(found["ratio"]) == {"medial", "lateral"}


def test_people_get_a_table_and_the_cautions(
    film: tuple[Path, list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, (above, below), _ = film
    run_callus(path, "R.femur", above, below, None, json=False)
    out = capsys.readouterr()
    said = out.out + out.err
    assert "medial cortex" in said
    assert "on the detector" in said


def test_a_point_without_a_comma_and_a_scale_of_two_are_refused(
    film: tuple[Path, list[str], str],
) -> None:
    path, (above, below), _ = film
    with pytest.raises(Refusal, match="COLUMN,ROW"):
        run_callus(path, "R.femur", "100", below, None, json=True)
    with pytest.raises(Refusal, match="MM,LOW,HIGH"):
        run_callus(path, "R.femur", above, below, "0.1,0.2", json=True)
