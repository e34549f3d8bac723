"""People that the tests may ask for: every field of a specification, within limits."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from callotasis.alignment import sample_limb
from callotasis.alignment.limb import Limb
from callotasis.pose import Bone, Segment, Side, mirrored
from callotasis.radiograph.phantom import (
    BallAt,
    Bend,
    BoneShape,
    FilmSpec,
    Implant,
    ImplantKind,
    View,
)
from callotasis.radiograph.phantom.solid import Leg, turned_about

SEGMENTS = tuple(str(Segment(side, bone)) for side in Side for bone in Bone)
SIDES = tuple(str(side) for side in Side)
JOINTS = tuple(f"{s}.{joint}" for s in SIDES for joint in ("hip", "knee", "ankle"))

NUMBERS = {
    "height_scale": (0.55, 1.25),
    "flesh": (0.6, 1.6),
    "body_turn_deg": (-20.0, 20.0),
    "pelvis_turn_deg": (-20.0, 20.0),
    "feet_turn_deg": (-20.0, 20.0),
    "ankle_behind_hip_mm": (-60.0, 150.0),
    "source_mm": (1500.0, 4000.0),
    "knee_to_detector_mm": (60.0, 300.0),
    "beam_row_mm": (-400.0, 400.0),
    "beam_column_mm": (-200.0, 200.0),
    "pitch_mm": (0.1, 1.0),
    "ball_forward_mm": (-80.0, 80.0),
    "ruler_forward_mm": (-150.0, 150.0),
    "ball_mm": (5.0, 60.0),
    "ruler_mm": (100.0, 1000.0),
    "scatter": (0.001, 0.3),
}
"""Fields that are one number, with the least and the most that is allowed."""

BY_SIDE = {
    "leg_turn_deg": (-40.0, 40.0),
    "knee_flexion_deg": (-15.0, 40.0),
    "block_mm": (0.0, 100.0),
}
PARTS = {
    "bend": {
        "varus_deg": (-30.0, 30.0),
        "level": (0.15, 0.85),
        "procurvatum_deg": (-30.0, 30.0),
    },
    "shape": {
        "width": (0.7, 1.4),
        "neck_deg": (-20.0, 20.0),
        "bow_mm": (-10.0, 20.0),
        "torsion_deg": (-40.0, 40.0),
        "joint_deg": (-12.0, 12.0),
        "setback_mm": (-12.0, 12.0),
    },
    "implant": {"length_mm": (40.0, 400.0), "diameter_mm": (6.0, 14.0)},
}
"""Parts of a field, with the least and the most that is allowed."""


def _within(limits: dict[str, tuple[float, float]]) -> dict[str, st.SearchStrategy]:
    return {name: st.floats(*ends) for name, ends in limits.items()}


def _sometimes(
    keys: tuple[str, ...], values: st.SearchStrategy
) -> st.SearchStrategy[dict]:
    return st.dictionaries(st.sampled_from(keys), values)


segments = st.sampled_from(SEGMENTS)
sides = st.sampled_from(list(Side))
bends = st.builds(Bend, **_within(PARTS["bend"]))
ONLY = {"neck_deg": Bone.FEMUR, "setback_mm": Bone.TIBIA}
"""Parts of a shape that the other bone does not have."""


def _shapes(bone: Bone) -> st.SearchStrategy[BoneShape]:
    own = {n: v for n, v in PARTS["shape"].items() if ONLY.get(n, bone) is bone}
    return st.builds(BoneShape, **_within(own))


shapes = st.builds(
    lambda femora, tibiae: femora | tibiae,
    *(
        _sometimes(tuple(s for s in SEGMENTS if s.endswith(b)), _shapes(b))
        for b in (Bone.FEMUR, Bone.TIBIA)
    ),
)
"""Shapes by segment."""
implants = st.builds(
    Implant, kind=st.sampled_from(ImplantKind), **_within(PARTS["implant"])
)

BODY = {
    "shortening_mm": _sometimes(SEGMENTS, st.floats(-80, 80)),
    "bend": _sometimes(SEGMENTS, bends | st.lists(bends, max_size=3)),
    "shape": shapes,
    "height_scale": st.floats(*NUMBERS["height_scale"]),
}
STANCE = {
    **{name: _sometimes(SIDES, st.floats(*ends)) for name, ends in BY_SIDE.items()},
    **_within({n: v for n, v in NUMBERS.items() if n.endswith("_turn_deg")}),
    "ankle_behind_hip_mm": st.floats(*NUMBERS["ankle_behind_hip_mm"]),
}

bodies = st.builds(FilmSpec, **BODY)
"""Anybody, standing as usual."""

stances = st.builds(FilmSpec, **STANCE)
"""The mean adult, standing in any way."""

people = st.builds(FilmSpec, **BODY, **STANCE)
"""Anybody, standing in any way."""

specs = st.builds(
    FilmSpec,
    **BODY,
    **STANCE,
    **_within({n: v for n, v in NUMBERS.items() if n not in {*BODY, *STANCE}}),
    growth_plates=st.booleans(),
    true_scale=st.booleans(),
    more_balls=st.lists(
        st.builds(BallAt, st.sampled_from(JOINTS), st.floats(-80, 80)), max_size=3
    ),
    implant=_sometimes(SEGMENTS, implants),
    monochrome1=st.booleans(),
    bits=st.integers(8, 16),
    equalised=st.booleans(),
    noise=st.booleans(),
    seed=st.integers(0, 2**31),
)
"""Any specification."""


laterals = st.builds(
    FilmSpec,
    **BODY,
    **STANCE,
    view=st.sampled_from([View.LATERAL_FEMUR, View.LATERAL_TIBIA]),
    lateral_of=st.sampled_from(SIDES),
    ball_mm=st.floats(*NUMBERS["ball_mm"]),
    ball_forward_mm=st.floats(*NUMBERS["ball_forward_mm"]),
    source_mm=st.floats(*NUMBERS["source_mm"]),
    beam_row_mm=st.floats(*NUMBERS["beam_row_mm"]),
    beam_column_mm=st.floats(*NUMBERS["beam_column_mm"]),
    pitch_mm=st.just(0.5),
)
"""Lateral films of anybody."""


def measured(leg: Leg) -> dict[str, float]:
    """Measure a leg as the alignment room would, without a film.

    Its frontal plane leans as the leg does: it goes through hip and ankle.
    """
    hip = leg.points["hip_centre"]
    _, back, down = leg.points["ankle_centre"] - hip
    across = np.array([1.0, 0.0, 0.0])
    upright = turned_about(across, float(-np.arctan2(back, -down)), hip)
    points = {
        name: mirrored(upright(point[None]) * [-1.0, 1.0, 1.0], leg.side)
        for name, point in leg.points.items()
    }
    return {n: float(v[0]) for n, v in sample_limb(Limb(leg.side, points)).items()}
