"""What must be said beside an outlook: where its model ends."""

from __future__ import annotations

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Bone
from callotasis.softtissue.lag import Lag

NOT_THIS_PATIENT = 3.0  # standard deviations, once in 370 exams of a true model


def lag_findings(bone: Bone, lag: Lag) -> tuple[Finding, ...]:
    """Tell whether the lag model explains a patient, and what it leaves out.

    Parameters
    ----------
    bone : Bone
        That is lengthened.
    lag : Lag
        Fitted to one muscle group.

    Returns
    -------
    tuple of Finding
        A caution if an exam lies far off the fit; of a femur the note that motion
        comes back over months.

    References
    ----------
    .. [1] Row ``softtissue.slow_recovery``.
    """
    found = []
    if lag.furthest_off > NOT_THIS_PATIENT:
        found.append(
            Finding(
                Level.CAUTION,
                "softtissue.not_explained",
                f"Exams of the {lag.group} do not follow a lag behind the bone: one "
                f"lies {lag.furthest_off:.1f} standard deviations off.",
                "Measure again, look for pain, swelling or a pin that tethers, and do "
                "not rely on the outlook.",
                about=lag.group,
            )
        )
    if bone is Bone.FEMUR:
        row = constant("softtissue.slow_recovery")
        found.append(
            Finding(
                Level.NOTE,
                "softtissue.recovery",
                f"Motion comes back over months: {row.value:g} % of knee flexion at 6 "
                f"months, {row.high:g} % at 18 months in one series; the outlook "
                "promises none of it.",
                "Go on with physiotherapy after the last turn.",
                "softtissue.slow_recovery",
            )
        )
    return tuple(found)
