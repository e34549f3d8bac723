"""The file of a synthetic film: valid DICOM, nobody's, and marked as such."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.radiograph import (
    check_on_film,
    find_balls,
    landmarks_from,
    read_film,
)
from callotasis.radiograph.phantom import (
    Bend,
    FilmSpec,
    View,
    make_film,
    reader_clicks,
)
from callotasis.radiograph.phantom.dicom import DX_FOR_PRESENTATION, dicom_bytes
from callotasis.radiograph.phantom.projector import Beam
from studio import plain

BEAM = Beam(2600.0, (0.0, 900.0), -50.0, 950.0, 0.25, 80, 70)
PICTURE = np.linspace(0, 65_535, 80 * 70, dtype=np.float32).reshape(80, 70)
SPEC = FilmSpec()
IDENTIFIERS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


def _header(spec_json: str = "{}", spec: FilmSpec = SPEC) -> pydicom.Dataset:
    return pydicom.dcmread(BytesIO(dicom_bytes(PICTURE, BEAM, spec, spec_json)))


@pytest.fixture(scope="module")
def header() -> pydicom.Dataset:
    """Read the header of the film of the mean adult."""
    return pydicom.dcmread(BytesIO(plain().dicom))


def test_a_film_says_in_every_place_that_it_is_synthetic(
    header: pydicom.Dataset,
) -> None:
    for keyword in (
        "PatientName",
        "PatientID",
        "StudyDescription",
        "ImageComments",
        "DerivationDescription",
    ):
        assert "SYNTHETIC" in str(header[keyword].value), keyword
    assert header.ImageType[0] == "DERIVED"
    assert "no patient" in header.ImageComments


def test_a_film_read_back_is_known_as_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "film.dcm"
    path.write_bytes(dicom_bytes(PICTURE, BEAM, SPEC, "{}"))
    film = read_film(path)
    assert film.synthetic is True
    assert film.kind == "DICOM DX"


def test_a_film_holds_no_data_of_any_person(header: pydicom.Dataset) -> None:
    assert header.PatientName == "SYNTHETIC^PERSON"
    assert header.PatientBirthDate == ""
    assert header.PatientSex == "O"
    assert header.AccessionNumber == ""
    assert header.ReferringPhysicianName == ""
    for keyword in (
        "PatientAge",
        "PatientWeight",
        "PatientSize",
        "PatientAddress",
        "OtherPatientIDs",
        "InstitutionName",
        "OperatorsName",
        "PerformingPhysicianName",
    ):
        assert keyword not in header, keyword


def test_a_film_says_what_it_was_made_from() -> None:
    spec = FilmSpec(pitch_mm=1.0, shortening_mm={"L.femur": 20.0})
    said = pydicom.dcmread(BytesIO(make_film(spec).dicom)).DerivationDescription
    assert json.loads(said.removeprefix("SYNTHETIC: ")) == asdict(spec)


def test_a_long_specification_is_cut_to_what_the_element_holds() -> None:
    assert len(_header("x" * 5000).DerivationDescription) == 1024


def test_the_geometry_of_the_beam_stands_in_the_header() -> None:
    header = _header()
    assert [float(v) for v in header.ImagerPixelSpacing] == [0.25, 0.25]
    assert float(header.DistanceSourceToDetector) == 2600.0
    assert list(header.PatientOrientation) == ["L", "F"]
    assert header.PhotometricInterpretation == "MONOCHROME2"
    assert header.PixelIntensityRelationship == "LOG"
    assert header.SOPClassUID == DX_FOR_PRESENTATION
    assert header.file_meta.MediaStorageSOPInstanceUID == header.SOPInstanceUID


def test_the_pixels_come_back_as_they_were_written() -> None:
    header = _header()
    assert (header.Rows, header.Columns) == PICTURE.shape
    np.testing.assert_array_equal(header.pixel_array, np.round(PICTURE))


@given(st.text(max_size=50))
@settings(max_examples=30)
def test_identifiers_are_valid_and_the_same_for_the_same_film(text: str) -> None:
    spec_json = json.dumps(text)
    header, again = _header(spec_json), _header(spec_json)
    found = [header[keyword].value for keyword in IDENTIFIERS]
    assert found == [again[keyword].value for keyword in IDENTIFIERS]
    assert len(set(found)) == len(IDENTIFIERS)
    for uid in found:
        assert uid.is_valid
        assert len(uid) <= 64
        assert uid.startswith("2.25.")


def test_another_film_has_other_identifiers() -> None:
    one, other = _header('{"seed": 1}'), _header('{"seed": 2}')
    for keyword in IDENTIFIERS:
        assert one[keyword].value != other[keyword].value, keyword


@pytest.mark.parametrize(
    ("view", "part", "code"),
    [
        (View.LATERAL_FEMUR, "FEMUR", "71341001"),
        (View.LATERAL_TIBIA, "LEG", "30021000"),
    ],
)
@pytest.mark.parametrize(
    ("side", "position", "columns"), [("R", "RL", "P"), ("L", "LL", "A")]
)
def test_a_lateral_film_says_which_side_it_shows_and_which_way_it_looks(
    side: str, position: str, columns: str, view: View, part: str, code: str
) -> None:
    header = _header(spec=FilmSpec(view=view, lateral_of=side))
    assert header.BodyPartExamined == part
    assert header.AnatomicRegionSequence[0].CodeValue == code
    assert header.ViewPosition == position
    assert header.ImageLaterality == side
    assert list(header.PatientOrientation) == [columns, "F"]
    assert str(view) in header.StudyDescription


@pytest.mark.parametrize("view", [View.LATERAL_FEMUR, View.LATERAL_TIBIA])
def test_a_lateral_film_is_read_as_one(view: View, tmp_path: Path) -> None:
    path = tmp_path / "film.dcm"
    made = make_film(FilmSpec(view=view, lateral_of="L", pitch_mm=1.0))
    path.write_bytes(made.dicom)
    film = read_film(path)
    assert film.lateral
    assert film.columns_to_left is None
    assert film.laterality == "L"
    check_on_film(made.landmarks, film)
    clicked = reader_clicks(made, 3)
    check_on_film(clicked, film)
    assert landmarks_from(clicked.as_json()) == clicked
    found = find_balls(film, 25.0)[0]
    centre = made.truth["ball"]["centre_px"]
    assert (found.column, found.row) == pytest.approx(centre, abs=1.0)


SPECS = {
    "plain": {},
    "no ball": {"ball_mm": None},
    "crooked": {
        "bend": {"R.tibia": Bend(12.0), "L.femur": Bend(-8.0, 0.6)},
        "shortening_mm": {"L.femur": 30.0, "L.tibia": 12.5},
        "body_turn_deg": 5.0,
        "beam_column_mm": 33.3,
    },
    "lateral femur": {"view": View.LATERAL_FEMUR},
    "lateral tibia": {
        "view": View.LATERAL_TIBIA,
        "lateral_of": "L",
        "bend": {"L.tibia": Bend(procurvatum_deg=12.0)},
        "monochrome1": True,
        "bits": 8,
    },
}


@pytest.mark.parametrize("name", SPECS)
def test_an_independent_checker_finds_no_error_in_the_file(
    name: str, tmp_path: Path
) -> None:
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("install with: apt-get install dicom3tools")
    fields: dict[str, Any] = {"pitch_mm": 1.0, **SPECS[name]}
    path = tmp_path / "film.dcm"
    path.write_bytes(make_film(FilmSpec(**fields)).dicom)
    done = subprocess.run([checker, path], capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).splitlines()
    assert any("DX" in line for line in said), "the checker knew what it looked at"
    assert [line for line in said if line.startswith("Error")] == []
