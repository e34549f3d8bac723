"""What is really happening, what now? Turns and films held against the prescription."""

from callotasis.followup.consequences import (
    effect_of,
    healed_of,
    loading_of,
    proposed_for,
)
from callotasis.followup.course import BoneCourse
from callotasis.followup.decisions import (
    Permission,
    Silence,
    Step,
    permission_of,
    silence_of,
)
from callotasis.followup.due import Due, due_of
from callotasis.followup.exams import Exam, exam_of
from callotasis.followup.film_reads import FilmRead, Grows, film_read_of
from callotasis.followup.findings import Observed, Soon, turning_findings
from callotasis.followup.forecasts import Forecast, forecast
from callotasis.followup.gates import Condition, Gate, gates_of
from callotasis.followup.gathered import exams_of, films_of, gathered
from callotasis.followup.healing import (
    CallusRead,
    Course,
    consolidation,
    full_weight_bearing,
)
from callotasis.followup.practice import (
    Walked,
    practised,
    walked,
    walking_change,
)
from callotasis.followup.proposals import ProposedChange
from callotasis.followup.rules import (
    Judged,
    Rule,
    every_rule,
    judge,
    one_for_each_cause,
)
from callotasis.followup.shortfall import LengthRead, Shortfall, shortfall
from callotasis.followup.standing import Effect, Followed, Silenced, Standing
from callotasis.followup.stretch import (
    nerve_of,
    outlooks_of,
    stretch_findings,
    stretch_of,
)
from callotasis.followup.symptoms import Felt, Sign, felt_of
from callotasis.followup.turned import (
    Slip,
    SlipKind,
    Turned,
    Turning,
    turned_of,
    turning_of,
)

__all__ = [
    "BoneCourse",
    "CallusRead",
    "Condition",
    "Course",
    "Due",
    "Effect",
    "Exam",
    "Felt",
    "FilmRead",
    "Followed",
    "Forecast",
    "Gate",
    "Grows",
    "Judged",
    "LengthRead",
    "Observed",
    "Permission",
    "ProposedChange",
    "Rule",
    "Shortfall",
    "Sign",
    "Silence",
    "Silenced",
    "Slip",
    "SlipKind",
    "Soon",
    "Standing",
    "Step",
    "Turned",
    "Turning",
    "Walked",
    "consolidation",
    "due_of",
    "effect_of",
    "every_rule",
    "exam_of",
    "exams_of",
    "felt_of",
    "film_read_of",
    "films_of",
    "forecast",
    "full_weight_bearing",
    "gates_of",
    "gathered",
    "healed_of",
    "judge",
    "loading_of",
    "nerve_of",
    "one_for_each_cause",
    "outlooks_of",
    "permission_of",
    "practised",
    "proposed_for",
    "shortfall",
    "silence_of",
    "stretch_findings",
    "stretch_of",
    "turned_of",
    "turning_findings",
    "turning_of",
    "walked",
    "walking_change",
]
