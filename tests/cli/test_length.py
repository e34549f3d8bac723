"""``callotasis length``: one ruler, one length, in words or as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from callotasis.cli import length as command
from callotasis.cli.film_entry import Keep
from callotasis.cli.length import RulerOptions, run_length
from callotasis.errors import LandmarkRefusal, Refusal
from callotasis.radiograph import Film
from callotasis.radiograph.phantom.telescope import TelescopicNail
from dora import RIGHT_FEMUR
from followcases import at_day, signed_case
from ruled_films import Ruled, nail_film, ring_film

ANY = Path("film.dcm")
NAIL = nail_film(TelescopicNail(exposed_mm=50.0))
RINGS = ring_film(100.0)


def shown(monkeypatch: pytest.MonkeyPatch, film: Film) -> None:
    """Let the command read this film."""
    monkeypatch.setattr(command, "read_film", lambda path: film)


def at(ruled: Ruled, name: str) -> str:
    """COLUMN,ROW as one would type it."""
    column, row = ruled.points[name]
    return f"{column:.1f},{row:.1f}"


def nail_options(**more: object) -> RulerOptions:
    """A tube of 10.7 mm, clicked on tube and tip."""
    fields = {"nail_mm": 10.7, "tube": at(NAIL, "tube"), "rod": at(NAIL, "tip"), **more}
    return RulerOptions(**fields)  # type: ignore[arg-type]


def test_a_nail_is_printed_as_one_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown(monkeypatch, NAIL.film)
    run_length(ANY, nail_options(rod_mm=8.5), json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["of"] == "nail"
    assert found["measured_mm"]["value"] == pytest.approx(50, abs=0.4)
    assert found["sd_mm"] < 0.6
    assert found["magnification"] == pytest.approx(1.15, abs=0.01)


def test_a_nail_is_measured_to_a_screw_where_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown(monkeypatch, NAIL.film)
    run_length(ANY, nail_options(rod=at(NAIL, "screw"), screw=True), json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["measured_mm"]["value"] == pytest.approx(40, abs=0.4)


def test_rings_are_printed_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown(monkeypatch, RINGS.film)
    ends = [
        f"{at(RINGS, f'{name} left')}:{at(RINGS, f'{name} right')}"
        for name in ("upper", "lower")
    ]
    run_length(
        ANY, RulerOptions(ring_mm=120.0, ring=ends, beam_centre="525,500"), json=False
    )
    said = capsys.readouterr().out
    assert "From ring to ring, centre to centre: 100." in said or "99." in said
    assert "rings of the frame, 120 mm; magnified 1.1" in said


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (RulerOptions(), "needed is one ruler"),
        (nail_options(ring_mm=180.0), "needed is one ruler"),
        (nail_options(tube=None), "needs --nail-mm, --tube COLUMN,ROW and --rod"),
        (nail_options(tube="12"), "tube is '12'; needed is COLUMN,ROW"),
        (RulerOptions(ring_mm=180.0, ring=["1,2:3,4"]), "--ring was given 1 times"),
        (RulerOptions(ring_mm=180.0, ring=["1,2"] * 2), "COLUMN,ROW:COLUMN,ROW"),
    ],
)
def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, options: RulerOptions, match: str
) -> None:
    shown(monkeypatch, NAIL.film)
    with pytest.raises(Refusal, match=match):
        run_length(ANY, options, json=False)


def test_a_film_of_the_other_leg_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown(monkeypatch, replace(NAIL.film, laterality="L"))
    folder = signed_case(tmp_path)
    keep = Keep(folder, RIGHT_FEMUR, "Ben", at_day(20))
    with pytest.raises(LandmarkRefusal, match="sides disagree"):
        run_length(ANY, nail_options(), keep, json=True)
    assert not folder.case().of_kind("measurement")
