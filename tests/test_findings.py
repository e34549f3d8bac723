"""Findings: what a person must know, most urgent first."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.findings import Finding, Level, by_urgency

URGENCY = [Level.STOP, Level.CAUTION, Level.NOTE]

FINDINGS = st.lists(
    st.builds(
        Finding,
        level=st.sampled_from(Level),
        key=st.sampled_from(["maturity.unknown", "film.one_ball", "gain.large"]),
        sentence=st.just("Dora may still grow."),
        action=st.just("Ask Ada."),
        about=st.sampled_from(["", "R.femur", "L.tibia"]),
    )
)


def test_a_finding_about_a_segment_is_answered_by_key_and_segment() -> None:
    finding = Finding(
        Level.STOP, "gain.large", "The gain is large.", "Gain less.", about="R.femur"
    )
    assert finding.reference == "gain.large@R.femur"


def test_a_finding_about_the_whole_case_is_answered_by_its_key() -> None:
    finding = Finding(Level.STOP, "maturity.unknown", "Nobody looked.", "Look.")
    assert finding.reference == "maturity.unknown"
    assert finding.evidence == ""


def test_a_finding_cannot_be_softened_after_it_was_raised() -> None:
    finding = Finding(Level.STOP, "maturity.unknown", "Nobody looked.", "Look.")
    with pytest.raises(FrozenInstanceError):
        finding.level = Level.NOTE  # type: ignore[misc]


def test_stops_come_before_cautions_and_cautions_before_notes() -> None:
    note, caution, stop = (
        Finding(level, level.value, "Dora may still grow.", "Ask Ada.")
        for level in (Level.NOTE, Level.CAUTION, Level.STOP)
    )
    assert by_urgency([note, caution, stop]) == (stop, caution, note)


def test_findings_of_one_level_keep_the_order_in_which_they_were_raised() -> None:
    first, second = (
        Finding(Level.CAUTION, key, "Dora may still grow.", "Ask Ada.")
        for key in ("z.first", "a.second")
    )
    assert by_urgency([first, second]) == (first, second)


@given(findings=FINDINGS)
def test_sorting_loses_no_finding_and_repeats_none(findings: list[Finding]) -> None:
    told = by_urgency(findings)
    assert set(told) == set(findings)
    assert len(set(told)) == len(told)


@given(findings=FINDINGS)
def test_no_finding_stands_before_a_more_urgent_one(findings: list[Finding]) -> None:
    order = [URGENCY.index(f.level) for f in by_urgency(findings)]
    assert order == sorted(order)


@given(findings=FINDINGS)
def test_sorting_twice_changes_nothing(findings: list[Finding]) -> None:
    assert by_urgency(by_urgency(findings)) == by_urgency(findings)
