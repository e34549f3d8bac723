"""The exercise sheet: what to train, drawn, for the patient's wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from callotasis import NOTICE, __version__
from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.evidence import constant
from callotasis.pose import Bone, Side
from callotasis.rehabilitation import About, Dose, Exercise, Programme
from callotasis.report.exercise_pictures import exercise_picture
from callotasis.report.typeset import check_paper, typeset
from callotasis.wording import dates

NO_CASE = "no name"
BONE_WORD = {Bone.FEMUR: "thigh", Bone.TIBIA: "lower leg"}
PHASE_WORD = {
    Phase.PLANNED: "before the operation",
    Phase.LATENCY: "in the first days",
    Phase.DISTRACTION: "while the leg grows longer",
    Phase.CONSOLIDATION: "while the new bone gets hard",
    Phase.LOADING: "when the bone carries you again",
}
WHY = {
    Phase.PLANNED: "Learn them now. They are easier to do later if you know them.",
    Phase.LATENCY: "Begin now. Joints get stiff in days. To win it back takes months.",
    Phase.DISTRACTION: "The bone grows faster than the muscles. Stretching helps them.",
    Phase.CONSOLIDATION: "The bone is not hard yet. Win back motion, then strength.",
    Phase.LOADING: "Now win back strength and an even walk.",
}
SAME_DAY = (
    "New numbness, tingling or burning.",
    "Pain that grows and does not settle with rest.",
    "A joint that moves less than the day before.",
)
AT_ONCE = (
    "Pain or swelling in the calf.",
    "Hard to breathe, or pain in the chest.",
    "A tight leg with very strong pain.",
    "You cannot lift your foot or big toe.",
)
AGREED, OPEN = "Your team suggests:", "For your team to decide:"


@dataclass(frozen=True)
class ExerciseSheetOrder:
    """What an exercise sheet is made from.

    Attributes
    ----------
    programme : Programme
        Bone, phase, exercises and advice.
    side : Side
        Whose leg is trained.
    made_on : date
        Printed on every page.
    case : str
        Name of the case; empty leaves it open.
    call : str
        Whom to call, with the number; empty leaves a line to write on.
    loading : str
        Weight on the leg as the team wrote it; empty leaves a box.
    chosen : tuple of str
        Names of exercises, in order; empty takes all of the programme.
    signed : str
        Who signed and when; empty makes a draft.
    paper : str
        ``a4`` or ``us-letter``.
    """

    programme: Programme
    side: Side
    made_on: date
    case: str = ""
    call: str = ""
    loading: str = ""
    chosen: tuple[str, ...] = ()
    signed: str = ""
    paper: str = "a4"

    def __post_init__(self) -> None:
        check_paper(self.paper)
        held = {e.name: e for e in self.programme.exercises}
        strange = [name for name in self.chosen if name not in held]
        if strange:
            raise PlanRefusal(
                f"exercise '{strange[0]}' is not in the programme of a "
                f"{self.programme.bone} in {self.programme.phase} with a "
                f"{self.programme.kind}; in it are {', '.join(held)}"
            )
        if self.signed and not self.call.strip():
            raise PlanRefusal(
                "call is empty; a signed exercise sheet says whom to call"
            )

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that are printed."""
        held = {e.name: e for e in self.programme.exercises}
        return tuple(held[name] for name in dict.fromkeys(self.chosen or held))


def exercise_sheet(order: ExerciseSheetOrder) -> bytes:
    """Typeset the exercises of one leg, each drawn with its start and its end.

    Parameters
    ----------
    order : ExerciseSheetOrder
        Programme, side and words.

    Returns
    -------
    bytes
        A PDF; DRAFT lies across each page until it is signed.

    Raises
    ------
    PlanRefusal
        If an exercise has no picture.
    """
    pictures = {
        f"{e.name}.png": exercise_picture(e.name, order.side) for e in order.exercises
    }
    return typeset(
        "exercise_sheet.typ",
        {"content": sheet_content(order)},
        pictures,
        order.made_on,
        order.paper,
    )


def sheet_content(order: ExerciseSheetOrder) -> Mapping[str, object]:
    """What the sheet says, before it is typeset."""
    found = order.programme
    leg = f"{order.side.word} {BONE_WORD[found.bone]}"
    return {
        "case": order.case.strip() or NO_CASE,
        "name": order.case.strip() or "______________________",
        "letter": order.side.value,
        "bone": leg.upper(),
        "phase": PHASE_WORD[found.phase],
        "why": WHY[found.phase],
        "draft": not order.signed,
        "signed": order.signed,
        "call": order.call.strip(),
        "loading": order.loading.strip(),
        "same-day": SAME_DAY,
        "at-once": AT_ONCE,
        "says": AGREED if order.signed else OPEN,
        "sessions": [_sessions(order)],
        "before": found.about(About.BEFORE),
        "rest": found.about(About.REST),
        "walking": found.about(About.WALKING),
        "avoid": found.about(About.AVOID),
        "exercises": [
            _card(number, exercise)
            for number, exercise in enumerate(order.exercises, start=1)
        ],
        "sources": sources_of(order),
        "made_on": dates(order.made_on, order.made_on),
        "version": __version__,
        "notice": NOTICE,
    }


def dose_words(dose: Dose) -> str:
    """How much, in short sentences; who decides stands before them.

    Examples
    --------
    >>> from callotasis.rehabilitation import dose_of
    >>> dose_words(dose_of("long stretch"))
    '10 minutes each time. 3 to 6 rounds a day.'
    """
    said = [
        (dose.hold_s, "Hold for {} seconds."),
        (dose.repetitions, "{} times."),
        (dose.minutes, "{} minutes each time."),
        (dose.times_a_day, "{} rounds a day."),
    ]
    return " ".join(words.format(_span(part)) for part, words in said if part[1])


def sources_of(order: ExerciseSheetOrder) -> list[str]:
    """Rows behind every number of the sheet, gathered by how they were read."""
    found = order.programme
    keys = [
        found.sessions_evidence,
        *(key for e in order.exercises for key in e.amount.evidence),
        *(advice.evidence for advice in found.advice),
    ]
    marks: dict[str, list[str]] = {}
    for key in dict.fromkeys(filter(None, keys)):
        name = key.removeprefix("rehabilitation.")
        marks.setdefault(constant(key).mark, []).append(name)
    return [f"{mark}: {', '.join(names)}" for mark, names in marks.items()]


def _sessions(order: ExerciseSheetOrder) -> str:
    times = _span(order.programme.sessions_a_week)
    said = AGREED if order.signed else OPEN
    return f"{said} {times} times a week. You train at home every day as well."


def _card(number: int, exercise: Exercise) -> Mapping[str, object]:
    return {
        "number": number,
        "title": exercise.title,
        "purpose": exercise.purpose,
        "steps": exercise.steps,
        "dose": dose_words(exercise.amount),
        "stop_when": exercise.stop_when,
        "picture": f"{exercise.name}.png",
    }


def _span(part: Iterable[float]) -> str:
    low, high = part
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
