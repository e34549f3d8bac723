"""``callotasis evidence``: a number, its source, and who may read it."""

from __future__ import annotations

import pytest

from callotasis.evidence import FACT_FOR_A_PATIENT, Audience, every_row, quote
from commands import callotasis, printed, refused

ROWS = every_row()
FACT = next(key for key, row in ROWS.items() if row.mark in FACT_FOR_A_PATIENT)
NO_FACT = next(key for key, row in ROWS.items() if row.mark not in FACT_FOR_A_PATIENT)


@pytest.mark.parametrize("key", ["alignment.mldfa", FACT, NO_FACT])
def test_a_number_is_quoted_with_its_source(key: str) -> None:
    outcome = callotasis("evidence", key)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{quote(key, Audience.CLINICIAN)}\n"
    assert ROWS[key].source in outcome.out


@pytest.mark.parametrize("key", [FACT, NO_FACT])
def test_a_number_is_one_document_with_value_interval_and_mark(key: str) -> None:
    row, found = ROWS[key], printed("evidence", key, "--json")
    assert (found["key"], found["mark"]) == (key, row.mark)
    assert found["value"] == pytest.approx(row.value, abs=1e-6)
    assert (found["low"], found["high"]) == pytest.approx((row.low, row.high))
    assert found["unit"] == row.unit
    assert found["read_on"] == row.read_on.isoformat()


@pytest.mark.parametrize("key", ["", "mldfa", "alignment", "alignment.", "x.y"])
def test_an_unknown_key_is_refused(key: str) -> None:
    said = refused("evidence", key)
    assert f"evidence key '{key}' is unknown" in said


def test_every_key_is_listed() -> None:
    outcome = callotasis("evidence")
    assert (outcome.code, outcome.err) == (0, "")
    assert {*printed("evidence", "--json")} == {*ROWS}


def test_a_patient_reads_what_was_read_in_its_source() -> None:
    outcome = callotasis("evidence", FACT, "--audience", "patient")
    assert outcome.code == 0
    assert ROWS[FACT].statement in outcome.out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_patient_is_refused_what_nobody_has_read(options: list[str]) -> None:
    said = refused("evidence", NO_FACT, "--audience", "patient", *options)
    assert f"{NO_FACT} is marked '{ROWS[NO_FACT].mark}'; a patient gets only" in said


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_list_for_a_patient_leaves_out_what_nobody_has_read(
    options: list[str],
) -> None:
    outcome = callotasis("evidence", "--audience", "patient", *options)
    assert outcome.code == 0
    if options:
        assert {*outcome.document} == {
            key for key, row in ROWS.items() if row.mark in FACT_FOR_A_PATIENT
        }
    else:
        assert "from knowledge" not in outcome.out
        assert "proposal" not in outcome.out


@pytest.mark.parametrize("audience", ["", "nobody", "PATIENT", "patient "])
def test_an_unknown_audience_is_refused(audience: str) -> None:
    said = refused("evidence", FACT, "--audience", audience)
    assert "is unknown; known are patient, clinician, researcher" in said
