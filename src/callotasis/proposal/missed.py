"""How far a device alone misses the wanted leg: one yardstick for every device.

Whatever a device leaves at the bone is carried through the leg: axis and length of the
whole leg beside the wanted ones, as if the film had been read without error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from callotasis.alignment import Limb, MeasuredFilm, sample_limb
from callotasis.evidence import constant
from callotasis.fixation import Device
from callotasis.fixation.doubt import Left
from callotasis.plan import Target, carried_below, cut_centre, limb_after
from callotasis.pose import clinical_turn, moved
from callotasis.proposal.option import Missed
from callotasis.proposal.segment import Planned, planned_segment
from callotasis.proposal.sheet import Request
from callotasis.worlds import Array, interval, shares_of


def missed_by(
    measured: MeasuredFilm,
    wanted: Target,
    planned: Planned,
    device: Device,
    request: Request,
) -> Missed:
    """Carry what a device leaves through the leg.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery.
    wanted : Target
        What the goal asks for [mm, deg].
    planned : Planned
        What the device does [mm, deg].
    device : Device
        The device in use.
    request : Request
        What people decided.

    Returns
    -------
    Missed
        [mm, deg].

    References
    ----------
    .. [1] Evidence rows ``fixation.nail_axis_limit``, ``fixation.nail_length_limit``.
    """
    if planned.own is not None:
        return _beside_bone(measured, wanted, planned, planned.own)
    nail = planned_segment(_read_right(measured), wanted, device, request).sheet.nail
    if nail is None:
        raise ValueError(f"{device.name} has neither a doubt nor a nail")
    doubt = nail.doubt
    [first, *_] = doubt.shares
    return Missed(doubt.axis_deg, doubt.length_mm, doubt.chance_either, first.reading)


def _beside_bone(
    measured: MeasuredFilm, wanted: Target, planned: Planned, own: Left
) -> Missed:
    segment, level = wanted.segment, wanted.cut.level_mm
    whole = measured.limbs[segment.side]
    limb = Limb(whole.side, {n: p[:1] for n, p in whole.points.items()})
    centre = cut_centre(limb, segment.bone, level)[0]
    about = moved(centre + own.at_mm, planned.pose, centre)
    beside = own.residual - own.residual[0]
    lateral, _, down = own.axes
    shift = np.outer(beside[:, 0], lateral) - np.outer(beside[:, 2], down)
    still = np.zeros_like(beside[:, 4])
    turn = clinical_turn(np.stack([still, beside[:, 4], still], axis=-1))
    done = limb_after(limb, segment, level, planned.pose)
    left = carried_below(
        done,
        segment,
        level,
        lambda point: about + shift + (turn @ (point - about)[..., None])[..., 0],
    )
    found = sample_limb(left)
    goal = sample_limb(limb_after(limb, segment, level, wanted.pose))
    return _told(
        found["hka_deviation_deg"] - goal["hka_deviation_deg"][0],
        found["leg_length_mm"] - goal["leg_length_mm"][0],
        own.inputs,
    )


def _told(axis: Array, length: Array, inputs: Mapping[str, Array]) -> Missed:
    limits = np.array(
        [
            constant("fixation.nail_axis_limit").value,
            constant("fixation.nail_length_limit").value,
        ]
    )
    both = np.stack([axis, length], axis=1) / limits
    good = np.isfinite(both).all(axis=1)
    beyond = (np.abs(both[1:][good[1:]]) > 1).any(axis=1).mean()
    shares = shares_of(both[good], {n: draws[good] for n, draws in inputs.items()})
    return Missed(
        interval(axis, "the axis beside the wanted one"),
        interval(length, "the length beside the wanted one"),
        float(beyond),
        next(iter(shares), ""),
    )


def _read_right(measured: MeasuredFilm) -> MeasuredFilm:
    """The film as if it had been read without error: every world is world 0."""
    limbs = {
        side: Limb(limb.side, _still(limb.points))
        for side, limb in measured.limbs.items()
    }
    samples = {side: _still(found) for side, found in measured.samples.items()}
    return replace(measured, limbs=limbs, samples=samples)


def _still(draws: Mapping[str, Array]) -> dict[str, Array]:
    return {name: np.broadcast_to(d[0], d.shape) for name, d in draws.items()}
