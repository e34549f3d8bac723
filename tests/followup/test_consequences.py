"""What follows from a course: stretch, a change and its effect, what gates ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.distraction import Change, Phase
from callotasis.findings import Finding, Level
from callotasis.fixation import Kind
from callotasis.followup import (
    BoneCourse,
    Observed,
    effect_of,
    forecast,
    healed_of,
    loading_of,
    proposed_for,
    stretch_of,
)
from callotasis.followup.proposals import SAFEST_FIRST
from callotasis.pose import Bone
from callotasis.record import CaseFolder
from dora import SURGEON
from followcases import (
    FEMUR_MM,
    PLAN,
    at_day,
    entered,
    femur,
    gaps,
    operated,
    signed_case,
    turned,
    turned_until,
)

LAST = PLAN.last_day
FREE = {
    "knee_flexion_deg": 140,
    "knee_flexion_prone_deg": 130,
    "knee_extension_lack_deg": 0,
    "popliteal_angle_deg": 20,
}


PROPOSED = [*SAFEST_FIRST]


def case_of(folder: Path) -> CaseFolder:
    """Follow a femur whose length the signature holds."""
    case = signed_case(folder, length_mm={"R.femur": FEMUR_MM})
    operated(case)
    return case


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """Follow a femur, turned until day 27, measured before and since."""
    folder = case_of(tmp_path)
    turned_until(folder, 27)
    measured(folder, -9, **FREE)
    return folder


def measured(case: CaseFolder, day: int, **ranges: float) -> None:
    """Measure ranges of the right leg."""
    entered(case, "exam", {"ranges": ranges}, at_day(day), "R", "Ben")


def asks(change: Change, level: Level = Level.STOP) -> Observed:
    """Find something that asks for a change."""
    finding = Finding(level, "key", "So.", "Act.", about="R.femur")
    return Observed(finding, 20, proposes=change)


# Proposals.


def test_a_change_is_proposed_from_tomorrow_while_the_bone_is_drawn_out(
    case: CaseFolder,
) -> None:
    for day in (3, 27):
        change = proposed_for(femur(case, day), [asks(Change.HOLD)])
        assert change is not None
        assert change.adaptation.from_on == at_day(day + 1).date()
        assert change.because == ("key",)
    assert proposed_for(femur(case, 27), []) is None


def test_before_surgery_and_once_it_is_loaded_nothing_is_proposed(
    case: CaseFolder,
) -> None:
    for change in PROPOSED:
        assert proposed_for(femur(case, -3), [asks(change)]) is None
    turned(case, len(PLAN.turns))


def test_after_distraction_only_what_makes_longer_is_proposed(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    turned(case, len(PLAN.turns))
    gaps(case, [(3, 1.0), (20, 1 + 13.5), (30, 20.5), (LAST + 3, 37.0)])
    course = femur(case, LAST + 3)
    assert course.phase is Phase.CONSOLIDATION
    change = proposed_for(course, [asks(Change.EXTEND)])
    assert change is not None
    assert (change.adaptation.mm or 0) >= 3.5
    for other in (Change.SLOW, Change.HOLD, Change.FASTER):
        assert proposed_for(course, [asks(other)]) is None


def test_how_far_to_extend_is_read_off_the_films(case: CaseFolder) -> None:
    gaps(case, [(3, 1.0), (14, 8.5), (21, 12.0), (27, 18.0)])
    course = femur(case, 27)
    change = proposed_for(course, [asks(Change.EXTEND)])
    assert change is not None
    [short] = [step.short_mm.value for day, step in course.lengths.steps if day == 27]
    assert short == pytest.approx((change.adaptation.mm or 0), abs=0.25)


# Effects.


def effect(course: BoneCourse, change: Change) -> tuple[int, int]:
    """Say what a change does to the last day of turning."""
    found = effect_of(course, proposed_for(course, [asks(change)]))
    assert found is not None
    return found.end_day


@pytest.mark.parametrize(
    ("change", "end"),
    [(Change.SLOW, 53), (Change.FASTER, LAST - 1)],
)
def test_a_change_moves_the_last_day_of_turning(
    case: CaseFolder, change: Change, end: int
) -> None:
    assert effect(femur(case, 27), change) == (LAST, end)


def test_a_stop_rests_until_somebody_signs(case: CaseFolder) -> None:
    change = proposed_for(femur(case, 27), [asks(Change.HOLD)])
    assert change is not None
    assert change.adaptation.days is None
    assert change.bound is not None
    assert change.bound.waits
    timed = proposed_for(femur(case, 27), [asks(Change.HOLD, Level.CAUTION)])
    assert timed is not None
    assert timed.adaptation.days == 7


def test_a_loss_long_after_the_last_turn_asks_for_no_turns(case: CaseFolder) -> None:
    turned(case, len(PLAN.turns))
    late = femur(case, LAST + 70)
    assert proposed_for(late, [asks(Change.EXTEND)]) is None


def test_who_may_have_broken_a_bone_is_told_to_touch_only(case: CaseFolder) -> None:
    broken = Finding(Level.STOP, "bone.event", "A crack.", "Film.", about="R.femur")
    loading = loading_of(femur(case, 27), [Observed(broken, 20, cause="break")])
    assert loading is not None
    assert loading.step == "touch"
    assert loading.why == ("A crack.",)


def test_a_change_moves_the_day_on_which_the_bone_is_solid(case: CaseFolder) -> None:
    course = femur(case, 27)
    usual = forecast(course.way)
    slower = effect_of(course, proposed_for(course, [asks(Change.SLOW)]))
    assert usual is not None
    assert slower is not None
    assert slower.consolidation_day is not None
    assert slower.consolidation_day.low > usual.consolidation_day.low


def test_slower_turning_stretches_less_some_weeks_on(case: CaseFolder) -> None:
    measured(case, 27, **(FREE | {"knee_flexion_deg": 110}))
    course = femur(case, 27)
    held, slow, fast = (
        effect_of(course, proposed_for(course, [asks(change)]))
        for change in (Change.HOLD, Change.SLOW, Change.FASTER)
    )
    assert held is not None
    assert slow is not None
    assert fast is not None
    for group, mm in slow.residual_stretch_mm.items():
        assert mm.value <= fast.residual_stretch_mm[group].value
    assert slow.residual_stretch_mm.keys() == stretch_of(course).keys()


def test_where_nothing_changes_there_is_no_effect(case: CaseFolder) -> None:
    assert effect_of(femur(case, 27), None) is None


# Gates and load.


def test_gates_hear_of_films_permissions_and_stops(case: CaseFolder) -> None:
    read = {"ratio": {"medial": 0.9}, "bridged_cortices": 2}
    entered(case, "measurement", read, at_day(26), by=SURGEON)
    body = {"allows": "sport", "reason": "Seen."}
    entered(case, "decision", body, at_day(27), by=SURGEON)
    course = femur(case, 27)
    spoken = [asks(Change.HOLD), asks(Change.SLOW, Level.CAUTION)]
    healed = healed_of(course, spoken)
    assert (healed.bone, healed.kind, healed.day) == (Bone.FEMUR, Kind.NAIL, 27)
    assert healed.film is not None
    assert healed.film.ratio == {"medial": 0.9}
    assert healed.findings == ("key",)
    assert {step.value: day for step, day in healed.allowed.items()} == {"sport": 27}
    assert healed_of(course, []).findings == ()


def test_a_load_is_proposed_from_surgery_on(case: CaseFolder) -> None:
    assert loading_of(femur(case, -1)) is None
    assert loading_of(femur(case, 3)) is not None
