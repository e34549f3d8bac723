"""What a report says, in words: the five answers, the tables, the sources."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from callotasis import NOTICE, __version__
from callotasis.alignment import Discrepancy, Longer, MeasuredFilm, measure_film
from callotasis.alignment.frontal import QUANTITIES
from callotasis.casework import Order
from callotasis.evidence import Mark, constant
from callotasis.findings import Level
from callotasis.goal import Maturity
from callotasis.pose import Side
from callotasis.radiograph import FilmNotes, Landmarks
from callotasis.report.content import Content, content_of
from callotasis.report.sources import FRAMES
from callotasis.report.table import Table
from callotasis.wording import dates
from dora import (
    CASE,
    FORGOTTEN_FIBULA,
    LEFT_TIBIA,
    MADE_ON,
    ORDER,
    RIGHT_FEMUR,
    SURGERY_ON,
    work_out,
)

AXIS_ONLY = replace(ORDER, equalise=None)
WITHOUT_FIBULA = replace(ORDER, fibula={})
LONG_TIBIA = Order(
    SURGERY_ON,
    {"R.tibia": "example-rail"},
    gain_mm={"R.tibia": 60.0},
    maturity=Maturity.MATURE,
)


def said(measured: MeasuredFilm, order: Order = ORDER, signed: str = "") -> Content:
    """Put what an order leads to into words."""
    proposal = work_out(measured, order).proposal
    return content_of(CASE, measured, proposal, MADE_ON, signed)


def answer(content: Content, question: str) -> str:
    """Find the answer to one of the five questions."""
    return dict(content.answers)[question]


def tables_of(content: Content) -> list[Table]:
    """Every table of a report."""
    return [
        content.measured,
        *content.planned,
        *content.turns,
        content.timeline,
        content.beside,
        content.sources,
    ]


def words_of(value: Any) -> list[str]:
    """Every word of a report, however deep."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return [w for f in fields(value) for w in words_of(getattr(value, f.name))]
    if isinstance(value, dict):
        return [w for v in value.values() for w in words_of(v)]
    if isinstance(value, tuple | list):
        return [w for v in value for w in words_of(v)]
    return []


# The head.


def test_a_report_carries_case_day_version_and_notice(
    dora_measured: MeasuredFilm,
) -> None:
    content = said(dora_measured)
    assert (content.case, content.made_on) == (CASE, "1 December 2026")
    assert (content.version, content.notice) == (__version__, NOTICE)


def test_a_report_is_a_draft_until_somebody_signed(dora_measured: MeasuredFilm) -> None:
    assert said(dora_measured).draft
    signed = said(dora_measured, signed="signed by Ada on 2 December 2026")
    assert not signed.draft
    assert signed.signed == "signed by Ada on 2 December 2026"


def test_a_computed_film_is_called_synthetic(dora_measured: MeasuredFilm) -> None:
    assert said(dora_measured).synthetic
    real = replace(dora_measured, film=replace(dora_measured.film, synthetic=False))
    assert not said(real).synthetic


# The five answers.


def test_the_five_questions_are_always_asked_in_one_order(
    dora_measured: MeasuredFilm,
) -> None:
    for order in (ORDER, AXIS_ONLY, LONG_TIBIA):
        questions = [question for question, _ in said(dora_measured, order).answers]
        assert questions == [
            "How long?",
            "How crooked?",
            "What do we plan?",
            "When?",
            "What worries us?",
        ]


def test_how_long_names_the_longer_leg_without_a_sign(
    dora_measured: MeasuredFilm,
) -> None:
    found = dora_measured.measurement.discrepancy_mm
    assert found is not None
    assert found.longer is Longer.LEFT
    spoken = answer(said(dora_measured), "How long?")
    assert (
        f"The left leg is longer by {-found.value:.1f} mm "
        f"({-found.high:.1f} to {-found.low:.1f})."
    ) in spoken
    for side in Side:
        leg = dora_measured.measurement.sides[side]["leg_length_mm"]
        assert f"{leg.value:.1f} mm ({leg.low:.1f} to {leg.high:.1f}) {side.word}" in (
            spoken
        )


def test_how_long_admits_that_it_is_undecided(dora_measured: MeasuredFilm) -> None:
    close = Discrepancy(1.0, -2.0, 4.0, 0.95, Longer.UNDECIDED)
    undecided = replace(
        dora_measured,
        measurement=replace(dora_measured.measurement, discrepancy_mm=close),
    )
    spoken = answer(said(undecided, AXIS_ONLY), "How long?")
    assert "1.0 mm (-2.0 to 4.0): which leg is longer is undecided." in spoken


def test_how_crooked_names_side_direction_and_bone(dora_measured: MeasuredFilm) -> None:
    right, left = answer(said(dora_measured), "How crooked?").split(";")
    found = dora_measured.measurement.sides[Side.LEFT]["hka_deviation_deg"]
    assert found.high < 0
    assert f"{-found.value:.1f}° varus" in left
    assert f"({-found.high:.1f} to {-found.low:.1f})" in left
    assert "from the tibia" in left
    assert right.startswith("Right leg")
    assert "varus" not in right


def test_what_is_planned_names_cut_turn_gain_and_device(
    dora_measured: MeasuredFilm,
) -> None:
    worked = work_out(dora_measured)
    spoken = answer(said(dora_measured), "What do we plan?")
    femur, tibia = (worked.proposal.segments[s] for s in (RIGHT_FEMUR, LEFT_TIBIA))
    turn = worked.targets[LEFT_TIBIA].acute.valgus_deg
    assert turn > 0
    assert femur.nail is not None
    assert (
        f"Right femur: cut {femur.cut.level_mm:.0f} mm below its proximal joint, "
        f"turn {-femur.nail.turn_deg:.1f}° into varus at surgery, "
        f"shift {femur.nail.step_mm:.1f} mm laterally at the cut, "
        f"lengthen by {femur.settings.extension_mm:g} mm at 1 mm a day with "
        "example-nail." in spoken
    )
    assert (
        f"Left tibia: cut {tibia.cut.level_mm:.0f} mm below its proximal joint, "
        f"turn {turn:.1f}° into valgus at surgery." in spoken
    )


def test_when_gives_ranges_and_not_a_promise(dora_measured: MeasuredFilm) -> None:
    spoken = answer(said(dora_measured), "When?")
    sheet = work_out(dora_measured).proposal.segments[RIGHT_FEMUR]
    healed = next(m.days for m in sheet.timeline if m.name == "bone consolidated")
    assert "Surgery on 11 January 2027." in spoken
    assert f"bone consolidated {dates(healed.low_on, healed.high_on)}" in spoken
    assert "(8 of 10, as far as the sources carry)" in spoken


def test_a_bone_that_is_only_cut_is_promised_nothing(
    dora_measured: MeasuredFilm,
) -> None:
    spoken = answer(said(dora_measured, AXIS_ONLY), "When?")
    assert spoken == "Surgery on 11 January 2027."


def test_every_stop_and_caution_worries_us(dora_measured: MeasuredFilm) -> None:
    proposal = work_out(dora_measured, LONG_TIBIA).proposal
    spoken = answer(said(dora_measured, LONG_TIBIA), "What worries us?")
    worries = [f.sentence for f in proposal.findings if f.level is not Level.NOTE]
    assert len(worries) > 2
    assert spoken == " ".join(worries)


def test_notes_alone_do_not_worry_us(dora_measured: MeasuredFilm) -> None:
    proposal = work_out(dora_measured).proposal
    notes = tuple(f for f in proposal.findings if f.level is Level.NOTE)
    content = content_of(
        CASE, dora_measured, replace(proposal, findings=notes), MADE_ON, ""
    )
    spoken = answer(content, "What worries us?")
    assert spoken == "Nothing beyond the notes below."
    cautioned = answer(said(dora_measured), "What worries us?")
    assert "Nobody said how the nail goes into the right femur" in cautioned


# Findings and sources.


def test_every_finding_is_said_in_full_with_its_source(
    dora_measured: MeasuredFilm,
) -> None:
    proposal = work_out(dora_measured, LONG_TIBIA).proposal
    content = said(dora_measured, LONG_TIBIA)
    for finding, shown in zip(proposal.findings, content.findings, strict=True):
        assert shown["level"] == finding.level
        assert shown["sentence"] == finding.sentence
        assert shown["action"] == finding.action
        assert shown["key"] == finding.reference
        if finding.evidence:
            row = constant(finding.evidence)
            assert row.source in shown["why"]
            assert f"[{row.mark}]" in shown["why"]
        else:
            assert shown["why"] == ""


def test_every_number_that_was_used_is_listed_among_the_sources_once(
    dora_measured: MeasuredFilm,
) -> None:
    for order in (ORDER, LONG_TIBIA):
        proposal = work_out(dora_measured, order).proposal
        listed = [row[0] for row in said(dora_measured, order).sources.rows]
        assert listed == sorted({*listed})
        used = {q.normal for q in QUANTITIES}
        used |= {f.evidence for f in proposal.findings}
        used |= {a.evidence for a in proposal.alternatives}
        for sheet in proposal.segments.values():
            used |= {*sheet.prescription.protocol.evidence, sheet.axis_drift.evidence}
            used |= {m.evidence for m in sheet.timeline}
            used |= {a.evidence for a in sheet.adjuncts}
            used |= {*sheet.nail.evidence} if sheet.nail else {*FRAMES}
        for beside in proposal.side_by_side.values():
            used |= {option.operations.key for option in beside.options}
        assert {*listed} == used - {""}


def test_every_source_says_how_it_was_read(dora_measured: MeasuredFilm) -> None:
    for key, number, source, mark in said(dora_measured).sources.rows:
        row = constant(key)
        assert f"{row.value:g} {row.unit}" in number
        assert source == f"{row.source}, {row.locator}"
        assert Mark(mark) is row.mark


# Tables.


def test_every_row_has_as_many_cells_as_its_table_has_heads(
    dora_measured: MeasuredFilm,
) -> None:
    for order in (ORDER, AXIS_ONLY, LONG_TIBIA):
        for table in tables_of(said(dora_measured, order)):
            assert {len(row) for row in table.rows} <= {len(table.head)}


def test_before_and_after_stand_beside_each_other_for_both_sides(
    dora_measured: MeasuredFilm,
) -> None:
    table = said(dora_measured).measured
    assert table.head[1:5] == ("R before", "L before", "R after", "L after")
    rows = {row[0]: row for row in table.rows}
    assert len(rows) == len(QUANTITIES)
    leg = rows["Leg, hip centre to ankle centre"]
    before = dora_measured.measurement.sides[Side.RIGHT]["leg_length_mm"].value
    after = work_out(dora_measured).proposal.after.sides[Side.RIGHT]["leg_length_mm"]
    assert leg[1].startswith(f"{before:.1f} mm")
    assert leg[3].startswith(f"{after.value:.1f} mm")


def test_what_was_not_measured_is_said_and_not_left_empty(
    dora_measured: MeasuredFilm,
) -> None:
    sides = {
        side: {n: v for n, v in found.items() if n != "mldta_deg"}
        for side, found in dora_measured.measurement.sides.items()
    }
    fewer = replace(
        dora_measured, measurement=replace(dora_measured.measurement, sides=sides)
    )
    row = next(r for r in said(fewer).measured.rows if "not measured" in r)
    assert row[1:3] == ("not measured", "not measured")


def test_the_turns_of_the_table_are_those_of_the_prescription(
    dora_measured: MeasuredFilm,
) -> None:
    prescription = work_out(dora_measured).proposal.segments[RIGHT_FEMUR].prescription
    (table,) = said(dora_measured).turns
    assert "right femur" in table.title
    per_day = [[float(mm) for mm in row[3].split(" + ")] for row in table.rows]
    every = [millimetres for day in per_day for millimetres in day]
    assert every == [t.turn_mm for t in prescription.turns]
    assert [int(row[0]) for row in table.rows] == sorted(
        {t.day for t in prescription.turns}
    )
    assert float(table.rows[-1][4]) == prescription.total_mm
    for row, parts in zip(table.rows, per_day, strict=True):
        assert len(row[2].split(", ")) == len(parts)


def test_open_stops_take_the_turns_out_of_the_report(
    dora_measured: MeasuredFilm,
) -> None:
    content = said(dora_measured, WITHOUT_FIBULA)
    assert content.turns == ()
    assert "withheld until a named clinician decides on" in content.withheld
    assert FORGOTTEN_FIBULA in content.withheld
    assert said(dora_measured).withheld == ""


def test_every_milestone_has_a_source_or_is_as_prescribed(
    dora_measured: MeasuredFilm,
) -> None:
    rows = said(dora_measured).timeline.rows
    assert len(rows) == 5
    for segment, _, _, _, because in rows:
        assert segment == "right femur"
        counted_from, source = because.split("; ")
        assert counted_from
        assert source == "as prescribed" or constant(source)


def test_what_the_film_hides_is_named_in_every_plan(
    dora_measured: MeasuredFilm,
) -> None:
    for table in said(dora_measured).planned:
        rows = dict(table.rows)
        assert "rotation" in rows["Not seen on this film"]


def test_a_fibula_is_planned_with_a_tibia_only(dora_measured: MeasuredFilm) -> None:
    tibia, femur = said(dora_measured).planned
    assert "cut 90 mm above the ankle, fixed proximally" in dict(tibia.rows)["Fibula"]
    assert "Fibula" not in dict(femur.rows)
    (forgotten,) = said(dora_measured, LONG_TIBIA).planned
    assert dict(forgotten.rows)["Fibula"] == "not planned"


def test_procedures_beside_the_plan_stand_before_the_alternatives(
    dora_measured: MeasuredFilm,
) -> None:
    rows = said(dora_measured, LONG_TIBIA).beside.rows
    assert [row[0] for row in rows] == ["beside", "instead", "instead", "instead"]
    assert rows[0][1] == "right tibia"
    assert "gastrocsoleus" in rows[0][2]


# Every word.


@pytest.mark.parametrize("order", [ORDER, AXIS_ONLY, LONG_TIBIA, WITHOUT_FIBULA])
def test_no_word_of_a_report_is_a_slip_of_the_machine(
    dora_measured: MeasuredFilm, order: Order
) -> None:
    for text in words_of(said(dora_measured, order)):
        assert not re.search(r"\bnan\b|\binf\b|None|-0\.0\b|-0 |\{|object at", text), (
            text
        )


def test_a_film_with_one_leg_has_a_report(dora_measured: MeasuredFilm) -> None:
    notes = FilmNotes(ball_mm=25.0)
    right = Landmarks({Side.RIGHT: dora_measured.landmarks.sides[Side.RIGHT]})
    one = measure_film(dora_measured.film, right, notes.known, notes.facts)
    order = Order(
        SURGERY_ON,
        {"R.femur": "example-nail"},
        gain_mm={"R.femur": 20.0},
        maturity=Maturity.MATURE,
    )
    content = said(one, order)
    assert answer(content, "How long?").startswith("Leg ")
    assert answer(content, "How crooked?").count(" leg ") == 1
    assert {row[2] for row in content.measured.rows} == {"not measured"}
