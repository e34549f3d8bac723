"""What each rate leads to."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import PlanRefusal
from callotasis.pose import Bone
from callotasis.softtissue.course import turned_between
from callotasis.softtissue.cut import Cut
from callotasis.softtissue.outlook import WEEKS, Outlook, outlook
from callotasis.softtissue.ranges import Ranges
from callotasis.softtissue.residual import Exam

CUT = Cut(Bone.TIBIA, 110.0, 370.0)
BEFORE = Ranges(dorsiflexion_knee_straight_deg=10.0, dorsiflexion_knee_bent_deg=20.0)
TURNED = turned_between({7: 0.0, 35: 28.0})
EXAMS = [
    Exam(
        day,
        Ranges(
            dorsiflexion_knee_straight_deg=straight, dorsiflexion_knee_bent_deg=bent
        ),
    )
    for day, straight, bent in (
        (5, 9.0, 20.0),
        (14, 5.0, 17.0),
        (21, 2.0, 14.0),
        (28, 0.0, 13.0),
        (35, -2.0, 12.0),
    )
]


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[Outlook, ...]]:
    """Dora's calf, 22 mm still to be turned."""
    return outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=22.0)


def test_every_group_has_an_outlook_for_every_rate(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    assert {*found} == {"gastrocnemius", "soleus"}
    for group, ways in found.items():
        assert [way.rate_mm_per_day for way in ways] == [0.5, 0.75, 1.0]
        assert {way.group for way in ways} == {group}


def test_turning_ends_when_the_remaining_length_is_turned(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    ends = [way.end_day for way in found["soleus"]]
    assert ends == [35 + 44, 35 + 30, 35 + 22]
    for way in found["soleus"]:
        assert way.at_end.day == way.end_day
        assert way.at_end.turned_mm == pytest.approx(50)
        assert way.ahead[0].turned_mm == pytest.approx(28)
        assert way.ahead[-1].day == way.end_day + 7 * WEEKS


def test_slower_turning_leaves_less_stretch_and_more_motion(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    for ways in found.values():
        stretch = [way.at_end.stretch_mm.value for way in ways]
        ranges = [way.at_end.range_deg.value for way in ways]
        assert stretch == sorted(stretch)
        assert ranges == sorted(ranges, reverse=True)
        assert len({*stretch}) == len(stretch)


def test_the_narrow_band_lies_in_the_wide_one(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    for way in (way for ways in found.values() for way in ways):
        for day in way.ahead:
            for wide, half in (
                (day.stretch_mm, day.stretch_half_mm),
                (day.range_deg, day.range_half_deg),
            ):
                assert wide.low <= half.low <= half.value <= half.high <= wide.high
                assert (wide.level, half.level) == (0.9, 0.5)


def test_after_the_last_turn_no_recovery_is_promised(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    for way in (way for ways in found.values() for way in ways):
        end, last = way.at_end, way.ahead[-1]
        assert last.stretch_mm.value == end.stretch_mm.value
        assert last.stretch_mm.high == end.stretch_mm.high
        assert last.stretch_mm.low < end.stretch_mm.low
        assert last.range_deg.value == end.range_deg.value
        assert last.range_deg.low == end.range_deg.low
        assert last.range_deg.high >= end.range_deg.high


def test_today_agrees_with_the_last_exam_within_the_goniometer(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    today = found["soleus"][0].ahead[0]
    assert today.day == 35
    assert today.range_deg.value == pytest.approx(12, abs=4)
    assert found["gastrocnemius"][0].ahead[0].range_deg.value == pytest.approx(
        -2, abs=5
    )


def test_weeks_ahead_are_days_ahead(found: dict[str, tuple[Outlook, ...]]) -> None:
    way = found["soleus"][0]
    assert [way.in_weeks(n).day for n in (1, 2, 4)] == [42, 49, 63]
    with pytest.raises(PlanRefusal, match="the outlook ends on day 107"):
        way.in_weeks(20)


def test_a_popliteal_angle_grows_as_a_femur_is_drawn_out() -> None:
    cut = Cut(Bone.FEMUR, 250.0, 430.0)
    exams = [
        Exam(day, Ranges(popliteal_angle_deg=angle))
        for day, angle in ((5, 22.0), (20, 32.0), (35, 38.0))
    ]
    way = outlook(
        cut, Ranges(popliteal_angle_deg=20.0), exams, TURNED, remaining_mm=22.0
    )["hamstrings"][-1]
    assert way.reading == "popliteal_angle_deg"
    assert way.at_end.range_deg.value > way.ahead[0].range_deg.value
    assert way.ahead[-1].range_deg.high == way.at_end.range_deg.high
    assert way.ahead[-1].range_deg.low < way.at_end.range_deg.low


def test_what_is_all_turned_ends_today() -> None:
    way = outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=0.0, rates=(1.0,))["soleus"][
        0
    ]
    assert way.end_day == way.today == 35
    assert len(way.ahead) == 7 * WEEKS + 1


def test_long_after_the_last_turn_there_is_no_outlook() -> None:
    late = Exam(80, EXAMS[-1].ranges)
    assert outlook(CUT, BEFORE, [*EXAMS, late], TURNED, remaining_mm=0.0) == {}


def test_turns_since_the_last_exam_count() -> None:
    turned = turned_between({7: 0.0, 42: 35.0})
    way = outlook(
        CUT, BEFORE, EXAMS, turned, remaining_mm=15.0, rates=(1.0,), today=42
    )["soleus"][0]
    alike = outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=22.0, rates=(1.0,))
    assert (way.today, way.end_day) == (42, 57)
    assert way.ahead[0].turned_mm == pytest.approx(35)
    assert way.at_end.turned_mm == pytest.approx(50)
    assert way.at_end.stretch_mm.value == pytest.approx(
        alike["soleus"][0].at_end.stretch_mm.value, abs=0.05
    )


def test_a_today_before_the_last_exam_is_refused() -> None:
    with pytest.raises(
        PlanRefusal, match="today is day 30 and the last exam of day 35"
    ):
        outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=22.0, today=30)


def test_a_group_that_the_last_exam_left_out_has_no_outlook() -> None:
    exams = [*EXAMS, Exam(42, Ranges(dorsiflexion_knee_bent_deg=12.0))]
    assert {*outlook(CUT, BEFORE, exams, TURNED, remaining_mm=15.0)} == {"soleus"}
    assert outlook(CUT, BEFORE, [], TURNED, remaining_mm=15.0) == {}


def test_the_same_exams_give_the_same_outlook(
    found: dict[str, tuple[Outlook, ...]],
) -> None:
    again = outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=22.0)
    assert again == found


@pytest.mark.parametrize(
    ("remaining", "rates", "said"),
    [
        (-1.0, (1.0,), "remaining_mm is -1"),
        (np.nan, (1.0,), "remaining_mm is nan"),
        (10.0, (0.0,), "a rate of 0 mm a day"),
        (10.0, (10.0,), "a rate of 10 mm a day"),
    ],
)
def test_what_cannot_be_turned_is_refused(
    remaining: float, rates: tuple[float, ...], said: str
) -> None:
    with pytest.raises(PlanRefusal, match=said):
        outlook(CUT, BEFORE, EXAMS, TURNED, remaining_mm=remaining, rates=rates)
