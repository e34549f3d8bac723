"""What a lateral film would show of one bone: angles and bow in the sagittal plane."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from callotasis.radiograph.landmarks import View
from callotasis.worlds import Array


def angle_deg(u: Array, v: Array) -> float:
    """Angle between two directions of a plane, 0 to 180 [deg]."""
    cross = u[0] * v[1] - u[1] * v[0]
    return float(np.degrees(np.abs(np.arctan2(cross, u @ v))))


def sagittal_figures(points: Mapping[str, Array], view: View) -> dict[str, float]:
    """Work out the figures of one bone in the sagittal plane of its leg.

    Parameters
    ----------
    points : dict of str to Array
        Shape (3,) each, of the upright leg, knee forward: y anterior, z up [mm].
    view : View
        Which bone.

    Returns
    -------
    dict of str to float
        Femur: ``pdfa_deg`` and ``bow_mm``; tibia: ``ppta_deg``, ``adta_deg`` and
        ``bow_mm``; a bow is anterior positive [deg, mm].

    References
    ----------
    .. [1] Paley 2002, Principles of Deformity Correction, chapter 6: mid-diaphyseal
       axis and joint line of each bone in the sagittal plane.
    """
    flat = _sagittal(points)
    if view is View.LATERAL_FEMUR:
        up = flat["fem_shaft_mid"] - flat["fem_shaft_dist"]
        back = flat["fem_joint_post"] - flat["fem_joint_ant"]
        return {"pdfa_deg": angle_deg(up, back), "bow_mm": _bow(flat, "fem")}
    up = flat["tib_shaft_prox"] - flat["tib_shaft_dist"]
    back = flat["tib_plateau_post"] - flat["tib_plateau_ant"]
    front = flat["plafond_ant"] - flat["plafond_post"]
    return {
        "ppta_deg": angle_deg(-up, back),
        "adta_deg": angle_deg(up, front),
        "bow_mm": _bow(flat, "tib"),
    }


def _sagittal(points: Mapping[str, Array]) -> dict[str, Array]:
    """Anterior and proximal in the leg's sagittal plane, which leans with the leg."""
    hip, ankle = points["hip_centre"], points["ankle_centre"]
    across, _, down = ankle - hip
    lean = np.arctan2(across, -down)
    up = np.array([-np.sin(lean), 0.0, np.cos(lean)])
    return {n: np.array([(p - hip)[1], (p - hip) @ up]) for n, p in points.items()}


def _bow(flat: Mapping[str, Array], bone: str) -> float:
    """Distance of mid-shaft in front of the line between both ends of the shaft."""
    top, middle, bottom = (flat[f"{bone}_shaft_{k}"] for k in ("prox", "mid", "dist"))
    along = (top - bottom) / np.linalg.norm(top - bottom)
    arm = middle - bottom
    return float(arm[0] * along[1] - arm[1] * along[0])
