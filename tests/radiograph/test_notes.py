"""What is known about a film as plain data, and what it becomes."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from callotasis.errors import FilmRefusal
from callotasis.pose import Side
from callotasis.radiograph import FilmFacts, FilmNotes, Joint, KnownGeometry

NOTES = TypeAdapter(FilmNotes)

lengths = st.floats(0, 500)
told = st.builds(
    FilmNotes,
    ball_mm=st.none() | st.floats(5, 60),
    magnification=st.none() | st.floats(1, 1.3),
    magnification_sd=st.none() | st.floats(0.01, 0.1),
    source_mm=st.none() | st.floats(1000, 4000),
    beam_centre_px=st.none() | st.tuples(lengths, lengths),
    depth_mm=st.dictionaries(
        st.sampled_from([f"{s}.{j}" for s in Side for j in Joint]), lengths
    ),
    patella_forward=st.none() | st.booleans(),
    knee_flexion_deg=st.none() | st.floats(-10, 30),
    block_mm=st.none() | st.dictionaries(st.sampled_from(["R", "L"]), lengths),
)


def test_notes_become_what_gives_the_scale_and_how_the_patient_stood() -> None:
    notes = FilmNotes(
        ball_mm=25.0,
        source_mm=2600.0,
        beam_centre_px=(400.0, 900.0),
        depth_mm={"R.hip": 135.6, "L.ankle": 60.0},
        patella_forward=False,
        knee_flexion_deg=5.0,
        block_mm={"L": 20.0},
    )
    assert notes.known == KnownGeometry(
        ball_mm=25.0,
        source_mm=2600.0,
        beam_centre_px=(400.0, 900.0),
        depth_mm={(Side.RIGHT, Joint.HIP): 135.6, (Side.LEFT, Joint.ANKLE): 60.0},
    )
    assert notes.facts == FilmFacts(False, 5.0, {Side.LEFT: 20.0})


def test_where_nothing_was_noted_nothing_is_known() -> None:
    assert FilmNotes().known == KnownGeometry()
    assert FilmNotes().facts == FilmFacts()


def test_no_block_is_not_the_same_as_nobody_said() -> None:
    assert FilmNotes(block_mm={}).facts.block_mm == {}
    assert FilmNotes().facts.block_mm is None


@given(notes=told)
def test_notes_are_read_back_as_they_were_kept(notes: FilmNotes) -> None:
    kept = json.loads(json.dumps(asdict(notes)))
    assert NOTES.validate_python(kept) == notes


@pytest.mark.parametrize("name", ["R.toe", "X.hip", "hip", "R", "R.", ".hip", "R.Hip"])
def test_a_depth_of_no_joint_is_refused(name: str) -> None:
    with pytest.raises(
        FilmRefusal, match=f"joint '{name}' is unknown; allowed are R or L with .hip"
    ):
        _ = FilmNotes(depth_mm={name: 10.0}).known


@pytest.mark.parametrize("name", ["right", "r", "", "R.hip"])
def test_a_block_under_no_foot_is_refused(name: str) -> None:
    with pytest.raises(FilmRefusal, match=f"side '{name}' is unknown; allowed are R"):
        _ = FilmNotes(block_mm={name: 10.0}).facts


@pytest.mark.parametrize(
    "raw", [{"ball": 25}, {"ball_mm": "big"}, {"depth_mm": [1]}, {"beam_centre_px": 1}]
)
def test_notes_that_make_no_sense_are_no_notes(raw: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NOTES.validate_python(raw)
