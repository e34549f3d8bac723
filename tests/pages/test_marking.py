"""One film being marked: what is measured, refined, shown and kept, and what not."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from callotasis.alignment import measure_film, measure_lateral
from callotasis.errors import FilmRefusal, LandmarkRefusal, Refusal
from callotasis.exchange import plain
from callotasis.pages.marking import (
    QUICK_WORLDS,
    Marking,
    Target,
    landmark_text,
)
from callotasis.pose import Side
from callotasis.radiograph import (
    Film,
    FilmNotes,
    Landmarks,
    View,
    landmarks_from,
    read_film,
    read_landmarks,
)
from callotasis.radiograph.landmarks import REQUIRED
from callotasis.worlds import Worlds
from darkroom import ball_film, film_of
from dora import Files, clicks, made
from legs import COLUMNS, ROWS, standing_points
from small_films import (
    LATERAL_POINTS,
    NOTES,
    SHAPE,
    frontal_on,
    frontal_points,
    lateral_on,
)

SAID = asdict(NOTES)


class Drawer:
    """Where a test keeps landmarks, and looks for them."""

    def __init__(self) -> None:
        self.kept: list[tuple[Landmarks, FilmNotes]] = []

    def keep(self, points: Landmarks, notes: FilmNotes) -> str:
        self.kept.append((points, notes))
        return "Kept."


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


def _marking(film: Film, drawer: Drawer | None = None, **known: Any) -> Marking:
    keep = (drawer or Drawer()).keep
    return Marking(film, "film.dcm", Target("a drawer", keep), **known)


@pytest.fixture
def frontal(tmp_path: Path, drawer: Drawer) -> Marking:
    return _marking(read_film(frontal_on(tmp_path).film), drawer)


@pytest.fixture
def lateral(tmp_path: Path, drawer: Drawer) -> Marking:
    return _marking(read_film(lateral_on(tmp_path).film), drawer)


# The state that a page begins with.


def test_the_state_says_film_landmarks_notes_target_and_views(tmp_path: Path) -> None:
    files = frontal_on(tmp_path)
    start = read_landmarks(files.landmarks)
    state = _marking(read_film(files.film), start=start, notes=NOTES).state()
    assert (state["film"]["rows"], state["film"]["columns"]) == SHAPE
    assert state["film"]["pitch_mm"] == 2.0
    assert state["film"]["lateral"] is False
    assert state["landmarks"] == frontal_points()
    assert state["notes"] == SAID
    assert state["target"] == "a drawer"
    assert set(state["views"]) == set(View)
    for view in state["views"].values():
        assert view["guide"]
        assert view["quantities"]
        assert view["required"]


def test_a_lateral_film_is_known_as_one(lateral: Marking) -> None:
    assert lateral.state()["film"]["lateral"] is True


# Measuring.


@pytest.mark.parametrize("raw", [{}, {"R": {}}, {"R": {}, "L": {}}, {"R": None}])
def test_an_empty_page_waits_for_the_first_leg(frontal: Marking, raw: Any) -> None:
    waiting = [f"R.{name}" for name in REQUIRED]
    assert frontal.measured(raw, SAID) == {"waiting": waiting}


def test_a_begun_leg_waits_for_what_it_lacks(frontal: Marking) -> None:
    raw = {"L": {"hip_centre": [120.0, 50.0], "troch_tip": [130.0, 49.0]}}
    assert frontal.measured(raw, SAID)["waiting"] == ["L.knee_centre", "L.ankle_centre"]


def test_a_whole_leg_is_measured_while_the_other_waits(frontal: Marking) -> None:
    raw = frontal_points()
    raw["L"] = {"hip_centre": raw["L"]["hip_centre"]}
    found = frontal.measured(raw, SAID)
    assert found["waiting"] == ["L.knee_centre", "L.ankle_centre"]
    assert set(found["sides"]) == {"R"}
    assert found["discrepancy_mm"] is None


def test_refined_names_of_a_leg_that_waits_are_no_hindrance(frontal: Marking) -> None:
    raw = frontal_points() | {"refined": {"R": ["hip_centre"], "L": ["hip_centre"]}}
    raw["L"] = {"hip_centre": raw["L"]["hip_centre"]}
    found = frontal.measured(raw, SAID)
    assert "refused" not in found
    assert set(found["sides"]) == {"R"}


def test_a_page_measures_as_the_library_does(frontal: Marking) -> None:
    found = frontal.measured(frontal_points(), SAID)
    measured = measure_film(
        frontal.film, landmarks_from(frontal_points()), NOTES.known, NOTES.facts
    )
    assert found.pop("waiting") == []
    assert found == plain(measured.measurement)


def test_while_dragging_there_are_fewer_worlds_and_the_same_values(
    frontal: Marking,
) -> None:
    slow = frontal.measured(frontal_points(), SAID)
    quick = frontal.measured(frontal_points(), SAID, quick=True)
    measured = measure_film(
        frontal.film,
        landmarks_from(frontal_points()),
        NOTES.known,
        NOTES.facts,
        Worlds(QUICK_WORLDS),
    )
    assert quick["sides"] == plain(measured.measurement)["sides"]  # type: ignore[index]
    for side, found in quick["sides"].items():
        for name, interval in found.items():
            assert interval["value"] == slow["sides"][side][name]["value"]


def test_a_lateral_film_is_measured_as_one(lateral: Marking) -> None:
    found = lateral.measured(LATERAL_POINTS, SAID)
    measured = measure_lateral(
        lateral.film, landmarks_from(LATERAL_POINTS), NOTES.known
    )
    assert found == {"waiting": []} | plain(measured.measurement)  # type: ignore[operator]


def test_a_lateral_film_waits_for_the_ends_of_the_shaft(lateral: Marking) -> None:
    raw = {"view": "lateral tibia", "R": {"tib_shaft_mid": [90.0, 150.0]}}
    waiting = ["R.tib_shaft_prox", "R.tib_shaft_dist"]
    assert lateral.measured(raw, SAID) == {"waiting": waiting}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda r: r["R"].update(hip_centre=[50.0, 9999.0]), "outside the film"),
        (lambda r: r["R"].update(nose=[1.0, 1.0]), "R.nose is unknown"),
        (lambda r: r["R"].update(hip_centre=[1.0]), "needed is \\[column, row\\]"),
        (lambda r: r.update(view="from above"), "view is 'from above'"),
        (lambda r: r.update(view=["frontal"]), "view is \\['frontal'\\]"),
        (lambda r: r.update(view=None), "view is None"),
        (lambda r: r.update(refined=["R"]), "refined is"),
    ],
)
def test_a_refusal_is_said_in_a_sentence(
    frontal: Marking, change: Any, why: str
) -> None:
    raw = frontal_points()
    change(raw)
    found = frontal.measured(raw, SAID)
    assert found["waiting"] == []
    with pytest.raises(Refusal, match=why):
        raise Refusal(found["refused"])


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ({"ball_mm": "large"}, "notes, ball_mm"),
        ({"weight_kg": 70}, "notes, weight_kg"),
        ({"magnification": 1.1}, "needs its standard deviation"),
        ({"ball_mm": 500}, "ball is 500 mm"),
        ({"block_mm": {"M": 3}}, "side 'M' is unknown"),
        (None, "notes"),
        ([], "notes"),
    ],
)
def test_notes_that_cannot_be_true_are_refused_in_a_sentence(
    frontal: Marking, notes: Any, why: str
) -> None:
    found = frontal.measured(frontal_points(), notes)
    assert why in found["refused"]
    assert "sides" not in found


@pytest.mark.parametrize("raw", [None, [], "R", 7])
def test_landmarks_that_are_no_object_are_refused(frontal: Marking, raw: Any) -> None:
    with pytest.raises(LandmarkRefusal, match="needed is an object"):
        frontal.measured(raw, SAID)


def test_balls_are_looked_for_once_for_each_diameter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from callotasis.pages import marking

    looks: list[float] = []

    def look(film: Film, ball_mm: float) -> Any:
        looks.append(ball_mm)
        return find(film, ball_mm)

    find = marking.find_balls
    monkeypatch.setattr(marking, "find_balls", look)
    film = ball_film((300.0, 900.0, 52.5), shape=(ROWS, COLUMNS), spacing_mm=(0.5, 0.5))
    page = _marking(film)
    for ball_mm in (25.0, 25.0, 24.0, 25.0):
        found = page.measured(standing_points(), {"ball_mm": ball_mm}, quick=True)
        assert found["scale"]["method"] == "ball"
    assert looks == [25.0, 24.0]


# Refining.


@pytest.fixture(scope="module")
def dora_page(dora_files: Files) -> Marking:
    return _marking(read_film(dora_files.film))


def test_a_rough_click_is_refined_to_where_the_point_is(dora_page: Marking) -> None:
    raw = clicks().as_json()
    raw["R"]["hip_centre"] = [c + 4.0 for c in raw["R"]["hip_centre"]]
    found = dora_page.refined(raw, "R", "hip_centre")
    assert found["kept"] == ""
    true = made().landmarks.sides[Side.RIGHT]["hip_centre"]
    assert found["points"]["hip_centre"] == pytest.approx(true, abs=3.0)


def test_a_leg_that_was_only_begun_is_refined(dora_page: Marking) -> None:
    hip = clicks().as_json()["L"]["hip_centre"]
    found = dora_page.refined({"L": {"hip_centre": hip}}, "L", "hip_centre")
    assert found["kept"] == ""
    true = made().landmarks.sides[Side.LEFT]["hip_centre"]
    assert found["points"]["hip_centre"] == pytest.approx(true, abs=3.0)


def test_what_the_picture_does_not_carry_stays_as_clicked(frontal: Marking) -> None:
    found = frontal.refined(frontal_points(), "R", "hip_centre")
    assert found["points"] == {}
    assert found["kept"].endswith("it stays as clicked.")


def test_a_picture_without_spacing_is_refined_once_a_leg_is_placed() -> None:
    film = film_of(np.zeros(SHAPE, np.float32), spacing_mm=None)
    raw = frontal_points()
    begun = {"R": {"hip_centre": raw["R"]["hip_centre"]}}
    found = _marking(film).refined(begun, "R", "hip_centre")
    assert found["points"] == {}
    assert "once hip and ankle are placed" in found["kept"]
    assert "once" not in _marking(film).refined(raw, "R", "hip_centre")["kept"]


@pytest.mark.parametrize(
    ("raw", "side", "name", "why"),
    [
        ({"R": {"hip_centre": [9.0, 9.0]}}, "R", "troch_tip", "R.troch_tip is not"),
        ({"R": {"hip_centre": [9.0, 9.0]}}, "L", "hip_centre", "side 'L' holds no"),
        ({"R": {"hip_centre": [9.0, 9.0]}}, "refined", "x", "side 'refined' holds no"),
        ({"R": {"hip_centre": "here"}}, "R", "hip_centre", "needed is"),
        ({"R": {"nose": [9.0, 9.0]}}, "R", "nose", "unknown"),
        (None, "R", "hip_centre", "holds no landmarks"),
        ([], "R", "hip_centre", "holds no landmarks"),
    ],
)
def test_points_that_cannot_be_refined_are_refused(
    frontal: Marking, raw: Any, side: str, name: str, why: str
) -> None:
    with pytest.raises(LandmarkRefusal, match=why):
        frontal.refined(raw, side, name)


# The picture.


def test_the_picture_is_a_grey_jpeg_of_the_films_size(frontal: Marking) -> None:
    data = frontal.picture(0.0, 1.0)
    with Image.open(BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        assert picture.mode == "L"
        assert (picture.height, picture.width) == SHAPE


def test_the_window_says_what_is_black_and_what_is_white() -> None:
    steps = np.repeat(np.linspace(0, 1, 5, dtype=np.float32), 16)
    page = _marking(film_of(np.tile(steps, (32, 1))))
    with Image.open(BytesIO(page.picture(0.25, 0.75))) as picture:
        seen = np.asarray(picture)[16, 8::16]
    assert seen == pytest.approx([0, 0, 127, 255, 255], abs=3)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.5, 0.5),
        (1.0, 0.0),
        (float("nan"), 1.0),
        (0.0, float("nan")),
        (float("-inf"), 1.0),
        (0.0, float("inf")),
        (-1e300, 1e300),
        (0.0, 5e-324),
    ],
)
def test_an_empty_or_endless_window_is_refused(
    frontal: Marking, low: float, high: float
) -> None:
    with pytest.raises(FilmRefusal, match="shows nothing"):
        frontal.picture(low, high)


# Keeping.


def test_what_can_be_measured_is_kept_with_its_notes(
    frontal: Marking, drawer: Drawer
) -> None:
    assert frontal.kept(frontal_points(), SAID) == "Kept."
    assert drawer.kept == [(landmarks_from(frontal_points()), NOTES)]


def test_a_lateral_film_is_kept_with_its_view(lateral: Marking, drawer: Drawer) -> None:
    assert lateral.kept(LATERAL_POINTS, SAID) == "Kept."
    assert drawer.kept[0][0].as_json() == LATERAL_POINTS


@pytest.mark.parametrize(
    ("change", "notes", "why"),
    [
        (lambda r: r["R"].pop("hip_centre"), SAID, "R.hip_centre is missing"),
        (lambda r: r["R"].update(hip_centre=[50.0, 9999.0]), SAID, "outside the film"),
        (lambda r: r.clear(), SAID, "holds 'R', 'L' or both"),
        (lambda r: r.update(R=r["L"], L=r["R"]), SAID, "swapped"),
        (lambda r: r, {"ball_mm": 25.0}, "ball"),
        (lambda r: r, {"weight_kg": 70}, "notes, weight_kg"),
        (lambda r: r, None, "notes"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_the_target_is_asked(
    frontal: Marking, drawer: Drawer, change: Any, notes: Any, why: str
) -> None:
    raw = deepcopy(frontal_points())
    change(raw)
    with pytest.raises(Refusal, match=why):
        frontal.kept(raw, notes)
    assert drawer.kept == []


def test_landmarks_of_the_other_view_are_refused(
    frontal: Marking, lateral: Marking, drawer: Drawer
) -> None:
    with pytest.raises(LandmarkRefusal, match="columns run from one side"):
        frontal.kept(LATERAL_POINTS, SAID)
    with pytest.raises(LandmarkRefusal, match="says lateral"):
        lateral.kept(frontal_points(), SAID)
    assert drawer.kept == []


def test_a_landmark_text_is_read_back_as_it_was(tmp_path: Path) -> None:
    for raw in (frontal_points(), LATERAL_POINTS):
        file = tmp_path / "landmarks.json"
        file.write_bytes(landmark_text(landmarks_from(raw)))
        assert read_landmarks(file).as_json() == raw
        assert file.read_text("utf-8").endswith("}\n")
