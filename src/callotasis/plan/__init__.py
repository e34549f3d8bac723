"""What the limb shall become: target, osteotomy, limits, and the film moved."""

from callotasis.plan.cutfilm import CutFilm, Picture, cut_and_move
from callotasis.plan.limits import (
    Adjunct,
    Alternative,
    Fibula,
    acute_findings,
    adjuncts_for,
    alternatives_to,
    fibula_findings,
    gain_findings,
    maturity_findings,
)
from callotasis.plan.osteotomy import Hinge, Osteotomy, Rule, cut_centre, rule_findings
from callotasis.plan.target import (
    Choices,
    Target,
    axis_after,
    carried_below,
    limb_after,
    limbs_after,
    plan_targets,
)

__all__ = [
    "Adjunct",
    "Alternative",
    "Choices",
    "CutFilm",
    "Fibula",
    "Hinge",
    "Osteotomy",
    "Picture",
    "Rule",
    "Target",
    "acute_findings",
    "adjuncts_for",
    "alternatives_to",
    "axis_after",
    "carried_below",
    "cut_and_move",
    "cut_centre",
    "fibula_findings",
    "gain_findings",
    "limb_after",
    "limbs_after",
    "maturity_findings",
    "plan_targets",
    "rule_findings",
]
