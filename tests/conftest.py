"""What every test may ask for, and how strict the run is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pydicom.dataset import FileDataset

from callotasis.alignment import MeasuredFilm
from callotasis.radiograph.film import Film, read_film
from callotasis.radiograph.landmarks import Landmarks, read_landmarks
from callotasis.record import CaseFolder
from darkroom import as_bytes
from dora import BARE_NOTES, Files, measured_from, open_case, write_files

ROOT = Path(__file__).parents[1]
NO_SKIP = os.environ.get("CALLOTASIS_NO_SKIP") == "1"

# How long a test takes says nothing about the library; the same draws every time do.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks of this house."""
    config.addinivalue_line("markers", "slow: takes some seconds; '-m \"not slow\"'")


def _failed(report: Any, reason: str) -> None:
    report.outcome = "failed"
    report.longrepr = f"{reason} (CALLOTASIS_NO_SKIP=1 allows no skipped test)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as failed where nothing may be skipped."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        _failed(report, f"{item.nodeid} was skipped: {report.longreprtext}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a skipped file as failed where nothing may be skipped."""
    report = yield
    if NO_SKIP and report.skipped:
        _failed(report, f"{collector.nodeid} was skipped: {report.longreprtext}")
    return report


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder of the films and bones that are too large or not free to package."""
    stated = os.environ.get("CALLOTASIS_TEST_DATA")
    folder = Path(stated) if stated else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no test data in {folder}: set CALLOTASIS_TEST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def sample_film(data_folder: Path) -> Film:
    """Return a standing film computed from the bones of a real person."""
    return read_film(data_folder / "films" / "standing-01.dcm")


@pytest.fixture(scope="session")
def sample_landmarks(data_folder: Path) -> Landmarks:
    """Return the landmarks of the sample film, as a reader would place them."""
    return read_landmarks(data_folder / "films" / "standing-01.landmarks.json")


@pytest.fixture(scope="session")
def sample_truth(data_folder: Path) -> dict[str, Any]:
    """Return the answers of the sample film."""
    path = data_folder / "films" / "standing-01.truth.json"
    truth: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return truth


@pytest.fixture
def develop(tmp_path: Path) -> Callable[[FileDataset | bytes], Film]:
    """Write a film, or raw bytes, to a file and read it."""

    def write_and_read(film: FileDataset | bytes) -> Film:
        path = tmp_path / "film"
        path.write_bytes(film if isinstance(film, bytes) else as_bytes(film))
        return read_film(path)

    return write_and_read


@pytest.fixture(scope="session")
def dora_files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return Dora's film and its landmarks on disk, for reading only."""
    return write_files(tmp_path_factory.mktemp("dora"))


@pytest.fixture(scope="session")
def dora_measured(tmp_path_factory: pytest.TempPathFactory) -> MeasuredFilm:
    """Return Dora's film, measured by its ball."""
    return measured_from(tmp_path_factory.mktemp("measured"))


@pytest.fixture(scope="session")
def dora_unscaled(tmp_path_factory: pytest.TempPathFactory) -> MeasuredFilm:
    """Return Dora's film, measured although nothing gives it a scale."""
    return measured_from(tmp_path_factory.mktemp("unscaled"), BARE_NOTES)


@pytest.fixture(scope="session")
def _dora_opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder around a case of Dora's, to be copied and never changed."""
    return open_case(tmp_path_factory.mktemp("opened")).path.parent


@pytest.fixture
def dora_case(_dora_opened: Path, tmp_path: Path) -> CaseFolder:
    """Return a case of Dora's that holds her film and nothing else."""
    shutil.copytree(_dora_opened, tmp_path / "dora")
    return CaseFolder(tmp_path / "dora" / "case")
