"""A year after surgery, invented: turns, films, ranges and answers of a synthetic case.

In week 3 the nail stalls while the counter goes on; in week 6 the knee goes stiff. Both
are seen, answered by name, and the prescription is changed. What is "read" off a film
here is the truth with the scatter of a reader; no picture is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from callotasis.adapting import draft_change, sign_draft
from callotasis.courses import look_at
from callotasis.distraction import Bound, Phase
from callotasis.entered import keep_entry
from callotasis.fixation import Kind
from callotasis.followed import standing_of
from callotasis.following import write_follow_up
from callotasis.followup import BoneCourse, Observed
from callotasis.instruments import instrument_of
from callotasis.pose import Bone, Segment
from callotasis.record import CaseFolder, new_entry
from callotasis.rehabilitation.ladder import CORTICES
from callotasis.surgery import COMPONENTS

SURGEON, THERAPIST = "Ada (demonstration)", "Ben (demonstration)"
PATIENT, CARER = "Dora (synthetic)", "Eli (synthetic)"
HOME = timezone(timedelta(hours=1))
FEMUR = Segment.parse("R.femur")
SEED = 20270111

STALLED = range(16, 20)  # days on which the counter moved and the nail did not
SHORT_DAY, STIFF_DAY, SOLID_DAY, LOADED_DAY, YEAR = 21, 38, 140, 150, 365
LOOKED_AT = (SHORT_DAY, STIFF_DAY, 100, YEAR)
"""Days of which the demonstration writes a follow-up report."""
FORGOTTEN, TWICE = (12, 2), (10, 0)  # day, and which turn of that day
ROD_MM, LENGTH_SD_MM, RATIO_SD = 30.0, 0.4, 0.015

BEFORE = {
    "knee_flexion_deg": 142.0,
    "knee_flexion_prone_deg": 132.0,
    "knee_extension_lack_deg": 0.0,
    "popliteal_angle_deg": 22.0,
    "dorsiflexion_knee_straight_deg": 10.0,
    "dorsiflexion_knee_bent_deg": 18.0,
}
KNEE = {
    7: 95, 14: 98, 21: 92, 28: 84, 33: 70, STIFF_DAY: 52, 45: 58, 52: 68, 59: 82,
    87: 104, 115: 118, 143: 128, 180: 135, 270: 139, YEAR: 140,
}  # fmt: skip
"""How far the knee bends, by day [deg]."""
ANSWERS = {
    -20: {"phq9": 4, "gad7": 3, "pain": 1, "back_pain": 5, "sleep": 2},
    21: {"phq9": 6, "gad7": 5, "pain": 4},
    40: {"phq9": 11, "gad7": 8, "pain": 5},
    70: {"phq9": 6, "gad7": 4, "pain": 2},
    180: {"phq9": 3, "gad7": 2, "pain": 1},
    YEAR: {"phq9": 2, "gad7": 2, "pain": 0, "back_pain": 2, "sleep": 1},
}
"""Totals of questionnaires, by day."""
STANCE = {-20: (12.0, 0.66), 100: (9.0, 0.70), 180: (5.0, 0.66), YEAR: (2.2, 0.65)}
"""How uneven stance is [%] and how long a foot stands [s], by day."""
STEPS_WALKED, STEP_SD_S = 20, 0.015
DIARY_DAYS, SESSION_DAYS = range(8, STIFF_DAY + 1), (1, 3, 5)  # the latter of a week
DIARY = {"ankle_pump": 7, "heel_slide": 3, "prone_knee_bend": 2}
"""Rounds of exercises that are written down on a day of the diary."""
CALLUS = {
    28: (0.35, "heterogeneous", "low", 0),
    56: (0.55, "heterogeneous", "low", 0),
    84: (0.68, "heterogeneous", "intermediate", 1),
    112: (0.82, "homogeneous", "intermediate", 2),
    SOLID_DAY: (0.94, "homogeneous", "normal", 3),
    240: (0.99, "homogeneous", "normal", 4),
    YEAR: (1.0, "homogeneous", "normal", 4),
}
"""Ratio, texture, density and closed cortices of the new bone, by day."""


@dataclass(eq=False)
class Year:
    """The case as the year goes on.

    Attributes
    ----------
    folder : CaseFolder
        The case.
    surgery_on : date
        Day 0.
    out : Path
        Folder of the reports.
    noticed : list of (int, Observed)
        What was found, and on which day it was looked at.
    """

    folder: CaseFolder
    surgery_on: date
    out: Path
    noticed: list[tuple[int, Observed]] = field(default_factory=list)
    rng: np.random.Generator = field(
        default_factory=lambda: np.random.default_rng(SEED)
    )

    def at(self, day: int, hour: int = 10) -> datetime:
        """An hour of a day since surgery, by the patient's clock."""
        on = self.surgery_on + timedelta(days=day)
        return datetime.combine(on, time(hour), HOME)

    def enter(
        self,
        kind: str,
        body: Mapping[str, Any],
        at: datetime,
        by: str,
        about: str = "",
        written: datetime | None = None,
    ) -> None:
        """Enter something when it happened, or later when it was written down."""
        entry = new_entry(
            self.folder.name, kind, by, dict(body), segment=about, happened_at=at
        )
        recorded = (written or at).isoformat()
        keep_entry(self.folder, replace(entry, recorded_at=recorded))

    def course(self, day: int) -> BoneCourse:
        """The femur's course as it is known at the end of a day."""
        return look_at(self.folder, day).courses[FEMUR]


def live_a_year(folder: CaseFolder, out: Path, progress: Callable[[str], None]) -> Year:
    """Enter a year, answer what is found, and write follow-up reports.

    Parameters
    ----------
    folder : CaseFolder
        With a signed plan of the demonstration.
    out : Path
        Folder of the reports, one for each day of ``LOOKED_AT``.
    progress : callable
        Told the name of each step as it starts.

    Returns
    -------
    Year
        With everything that was found.

    References
    ----------
    .. [1] A synthetic person; see the tutorial in the documentation.
    """
    bound = look_at(folder, 0).courses[FEMUR].bounds[-1]
    year = Year(folder, bound.prescription.surgery_on, out)
    progress(STEPS[0])
    _prepare(year)
    _live(year, bound, -30, SHORT_DAY)
    progress(STEPS[1])
    _answer(year, SHORT_DAY, "The controller sat beside its mark; position drawn anew.")
    _live(year, year.course(SHORT_DAY + 1).bounds[-1], SHORT_DAY + 1, STIFF_DAY)
    progress(STEPS[2])
    _answer(year, STIFF_DAY, "Slower, and the physiotherapist every day.")
    slow = year.course(STIFF_DAY + 1).bounds[-1]
    _live(year, slow, STIFF_DAY + 1, LOADED_DAY - 1)
    _complicate(year)
    progress(STEPS[3])
    _allow(year)
    _live(year, slow, LOADED_DAY, YEAR)
    body = {"ends_treatment": True, "reason": "Legs equal, bone solid, knee free."}
    year.enter("decision", body, year.at(YEAR, 12), SURGEON, str(FEMUR))
    return year


STEPS = (
    "operating, and turning until the nail stalls",
    "answering the stall, and turning until the knee is stiff",
    "slowing down, and waiting for bone",
    "loading, to the end of the year",
)


def _live(year: Year, bound: Bound, first: int, last: int) -> None:
    """Enter everything that happens on these days, then look at some of them."""
    _turn(year, bound, range(first, last + 1))
    for day in range(first, last + 1):
        _measure(year, day)
        if day in KNEE:
            ranges = {**BEFORE, **_stiff(KNEE[day])}
            year.enter("exam", {"ranges": ranges}, year.at(day, 11), THERAPIST, "R")
        for key, total in ANSWERS.get(day, {}).items():
            _question(year, day, key, total)
        if day in STANCE:
            year.enter("gait", _walk(year, *STANCE[day]), year.at(day, 12), THERAPIST)
        if day in DIARY_DAYS:
            _practise(year, day)
    for day in LOOKED_AT:
        if first <= day <= last:
            _look(year, day)


def _walk(year: Year, uneven_percent: float, stance_s: float) -> dict[str, Any]:
    """Steps of a person who stands longer on the left by this much."""
    half = uneven_percent / 200
    means = {"L": stance_s * (1 + half), "R": stance_s * (1 - half)}
    return {
        "stance_s": {
            side: year.rng.normal(mean, STEP_SD_S, STEPS_WALKED).round(3).tolist()
            for side, mean in means.items()
        }
    }


def _practise(year: Year, day: int) -> None:
    """Write down what was practised; one exercise is left out once a week."""
    session = {"physiotherapy": 1} if day % 7 in SESSION_DAYS else {}
    done = {**DIARY, **session}
    if day % 7 == 0:
        del done["prone_knee_bend"]
    for what, rounds in done.items():
        body = {"exercise": what, "rounds": rounds}
        year.enter("exercise", body, year.at(day, 20), PATIENT, str(FEMUR))


def _stiff(knee_deg: float) -> dict[str, float]:
    """Ranges of a leg whose knee bends this far."""
    lost = BEFORE["knee_flexion_deg"] - knee_deg
    return {
        "knee_flexion_deg": float(knee_deg),
        "knee_flexion_prone_deg": round(BEFORE["knee_flexion_prone_deg"] - 1.05 * lost),
        "knee_extension_lack_deg": round(lost / 15),
        "popliteal_angle_deg": round(BEFORE["popliteal_angle_deg"] + lost / 6),
    }


def _prepare(year: Year) -> None:
    """What is asked and measured before surgery, and what is done at it."""
    year.enter("case", {"emergency": "112"}, year.at(-21), SURGEON)
    exam = {"ranges": BEFORE, "ankle_power": 5, "toe_power": 5}
    year.enter("exam", exam, year.at(-20, 11), THERAPIST, "R")
    for course in look_at(year.folder, 0).courses.values():
        year.enter("surgery", _operation(year, course), year.at(0, 9), SURGEON)


def _operation(year: Year, course: BoneCourse) -> dict[str, Any]:
    bone, device = course.segment, course.device
    nail = device.kind is Kind.NAIL
    cut = 90.0 if course.cut is None else round(course.cut.cut_mm, 1)
    return {
        "segment": str(bone),
        "done_on": year.surgery_on.isoformat(),
        "surgeon": SURGEON,
        "device": device.name,
        "lots": ["example-lot"],
        "cut_mm": cut,
        "acute_pose": {"not_measured": list(COMPONENTS)},
        "gap_zero_mm": 0.5,
        "diameter_mm": device.diameters_mm[0] if nail else None,
        "length_mm": 245.0 if nail else None,
        "fibula": {"cut_mm": 90.0} if bone.bone is Bone.TIBIA else None,
    }


def _turn(year: Year, bound: Bound, days: range) -> None:
    """Turn as prescribed, but for one turn forgotten and one written down twice."""
    place: dict[int, int] = {}
    for turn in bound.prescription.turns:
        count = place[turn.day] = place.get(turn.day, -1) + 1
        if turn.day not in days or (turn.day, count) == FORGOTTEN:
            continue
        at, body = turn.at.replace(tzinfo=HOME), {"turned_mm": turn.turn_mm}
        year.enter("turn", body, at, PATIENT, str(FEMUR))
        if (turn.day, count) == TWICE:
            year.enter("turn", body, at + timedelta(minutes=2), CARER, str(FEMUR))


def _measure(year: Year, day: int) -> None:
    """Read a film: weekly while the bone is drawn out, later with its callus."""
    weekly = day >= 0 and day % 7 == 0
    if not weekly and day not in CALLUS:
        return
    course = year.course(day)
    drawn_out = course.phase in {Phase.LATENCY, Phase.DISTRACTION}
    if not (weekly and drawn_out) and day not in CALLUS:
        return
    true_mm = _true_mm(year, course)
    body: dict[str, Any] = {
        "of": "nail",
        "measured_mm": round(true_mm + year.rng.normal(0, LENGTH_SD_MM), 2),
        "sd_mm": LENGTH_SD_MM,
        "ruler": "tube of the nail, 10 mm",
    }
    if day in CALLUS:
        ratio, texture, density, closed = CALLUS[day]
        noise = year.rng.normal(0, RATIO_SD, len(CORTICES))
        body |= {
            "ratio": {
                c: round(ratio + e, 3) for c, e in zip(CORTICES, noise, strict=True)
            },
            "texture": texture,
            "density": density,
            "shape": "cylindrical",
            "width_ratio": 0.9,
            "bridged_cortices": closed,
        }
    year.enter("measurement", body, year.at(day, 9), THERAPIST, str(FEMUR))


def _true_mm(year: Year, course: BoneCourse) -> float:
    """How long the rod really is: turns of the stalled days moved nothing."""
    moment = year.at(course.day, 9).replace(tzinfo=None)
    turned = [(at, mm) for at, mm in course.turning.turns if at < moment]
    days = ((at.date() - year.surgery_on).days for at, _ in turned)
    moved = (mm for (_, mm), d in zip(turned, days, strict=True) if d not in STALLED)
    twice = 0.25 if course.day > TWICE[0] else 0.0  # written twice, turned once
    return ROD_MM + sum(moved) - twice


def _question(year: Year, day: int, key: str, total: int) -> None:
    """Answer a questionnaire so that it adds up to its total."""
    known, answers, left = instrument_of(key), {}, total
    for item in known.items:
        # Item 9 of the PHQ-9 stays 0 in this story.
        answers[item] = 0 if item == "phq9_9" else min(known.highest, left)
        left -= answers[item]
    body = {"instrument": key, "answers": answers}
    year.enter("questionnaire", body, year.at(day, 19), PATIENT)


def _look(year: Year, day: int) -> None:
    """Look at the case as a clinician would, and write the report."""
    looked = look_at(year.folder, day)
    standing = standing_of(looked)
    year.noticed += [(day, one) for one in standing.findings]
    write_follow_up(year.folder, looked, standing, year.out / f"day-{day:03d}")


def _answer(year: Year, day: int, reason: str) -> None:
    """Take what is proposed, sign it, and say why the rest need not be said again."""
    looked = look_at(year.folder, day)
    evening = year.at(day, 21)
    entry, draft = draft_change(year.folder, FEMUR, SURGEON, at=evening)
    sign_draft(year.folder, entry, SURGEON, at=evening + timedelta(minutes=5))
    for one in standing_of(looked).findings:
        if one.finding.reference not in draft.answers:
            body = {"silences": one.finding.reference, "reason": reason}
            year.enter("decision", body, evening, SURGEON, one.finding.about)


def _complicate(year: Year) -> None:
    """Keep the stiff knee as what it was: a problem, solved without surgery."""
    noticed = year.at(STIFF_DAY, 12)
    body = {
        "what": "joint contracture",
        "origin": "joint",
        "noticed_on": noticed.date().isoformat(),
        "treatment": "outpatient",
        "resolved_on": year.at(87).date().isoformat(),
        "plan_changed": False,
        "time_kept": True,
        "sequela": "",
        "goal": "reached",
    }
    year.enter("complication", body, noticed, SURGEON, str(FEMUR), year.at(87))


def _allow(year: Year) -> None:
    body = {
        "allows": "full weight bearing",
        "reason": "Three cortices closed, ratio 0.94 on the film of day 140.",
    }
    year.enter("decision", body, year.at(LOADED_DAY, 9), SURGEON, str(FEMUR))


def said_of(noticed: Iterable[tuple[int, Observed]]) -> list[str]:
    """Put what was found into lines, each finding once.

    Parameters
    ----------
    noticed : iterable of (int, Observed)
        What was found, and when it was looked at [day].

    Returns
    -------
    list of str
        In the order of the days.

    References
    ----------
    .. [1] House words.
    """
    seen: dict[str, str] = {}
    for day, one in noticed:
        seen.setdefault(
            one.finding.reference, f"Day {day}, {one.soon}: {one.finding.sentence}"
        )
    return list(seen.values())
