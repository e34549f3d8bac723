"""The follow-up report of a case: what is written, and earlier forecasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.courses import look_at
from callotasis.errors import PlanRefusal
from callotasis.followed import standing_of
from callotasis.following import earlier_forecasts, is_synthetic, write_follow_up
from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR, everything_in
from livedyears import healed, lived


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Look at a case; nothing is entered any more."""
    folder = lived(tmp_path_factory.mktemp("lived"))
    healed(folder)
    return folder


def written(case: CaseFolder, day: int, out: Path, paper: str = "a4") -> set[str]:
    """Write the report of a day and name its files."""
    looked = look_at(case, day)
    paths = write_follow_up(case, looked, standing_of(looked), out, paper=paper)
    return {path.name for path in paths}


def test_a_report_has_a_page_a_paper_and_a_picture_a_chart(
    case: CaseFolder, tmp_path: Path
) -> None:
    names = written(case, 30, tmp_path)
    assert names == {
        "follow-up.html", "follow-up.pdf", "course-R.femur.png",
        "ranges-R.femur.png", "stretch-R.femur.png", "healing-R.femur.png",
    }  # fmt: skip
    assert {*everything_in(tmp_path)} == names


def test_charts_of_bones_that_are_not_followed_any_more_are_taken_away(
    case: CaseFolder, tmp_path: Path
) -> None:
    (tmp_path / "course-L.tibia.png").write_bytes(b"old")
    (tmp_path / "letter.png").write_bytes(b"kept")
    written(case, 30, tmp_path)
    assert not (tmp_path / "course-L.tibia.png").exists()
    assert (tmp_path / "letter.png").exists()


def test_paper_that_nobody_has_is_refused(case: CaseFolder, tmp_path: Path) -> None:
    with pytest.raises(PlanRefusal, match="paper 'a5' is unknown"):
        written(case, 30, tmp_path, "a5")
    assert not everything_in(tmp_path)


def test_each_earlier_forecast_saw_only_what_was_known(case: CaseFolder) -> None:
    said = earlier_forecasts(case, look_at(case, 130))[RIGHT_FEMUR]
    days = [day for day, _ in said]
    assert days == sorted(days)
    assert days[0] == 0
    assert days[-1] == 130
    for day, forecast in said:
        again = earlier_forecasts(case, look_at(case, day))[RIGHT_FEMUR][-1][1]
        assert again == forecast


def test_the_band_narrows_once_films_have_ratios(case: CaseFolder) -> None:
    said = dict(earlier_forecasts(case, look_at(case, 137))[RIGHT_FEMUR])
    before, after = said[77].consolidation_day, said[137].consolidation_day
    assert after.high - after.low < before.high - before.low


def test_a_case_without_a_film_is_not_called_synthetic(case: CaseFolder) -> None:
    assert not is_synthetic(case)
