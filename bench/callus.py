"""How well a callus is read off synthetic close-up films, against their truth.

python bench/callus.py [--films 200] [--seed 7] [--write docs]

Half of the films are equalised, half are not. Bones, gaps, regenerates, exposures and
the reader's two clicks are drawn; everything is read by
:func:`callotasis.radiograph.callus.read_callus` from the file alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callotasis.radiograph.phantom import (
    BoneShape,
    CallusSpec,
    CloseUpSpec,
    FilmSpec,
)
from callotasis.radiograph.callus import CallusShape, CallusTexture

CLICK_SD_MM = (1.5, 4.0)  # of a reader who points at the middle of a bone: across, along


def drawn_callus_spec(rng: np.random.Generator) -> CallusSpec:
    """Draw a regenerate."""
    shape = CallusShape(rng.choice([*CallusShape]))
    level = rng.uniform(0.2, 1.0)
    medial, lateral = np.clip(level + rng.uniform(-0.12, 0.12, 2), 0.1, 1.05)
    wide = {
        CallusShape.FUSIFORM: (1.12, 1.35),
        CallusShape.CONCAVE: (0.60, 0.86),
        CallusShape.CENTRAL: (0.40, 0.55),
    }.get(shape, (1.0, 1.0))
    chance = np.clip((level - 0.2) / 0.6, 0, 1)
    return CallusSpec(
        medial=round(float(medial), 3),
        lateral=round(float(lateral), 3),
        shape=shape,
        width=round(float(rng.uniform(*wide)), 3),
        texture=CallusTexture(rng.choice([*CallusTexture])),
        bridged=tuple(s for s in ("medial", "lateral") if rng.random() < chance),
        hollow=round(float(rng.uniform(0.2, 0.9)), 2),
    )


def drawn_spec(rng: np.random.Generator, *, equalised: bool) -> CloseUpSpec:
    """Draw a film: person, cut, callus and exposure."""
    bone = str(rng.choice(["femur", "tibia"]))
    side = str(rng.choice(["R", "L"]))
    segment = f"{side}.{bone}"
    # A shank is turned in until its fibula lies clear of the tibia, as for a mortise.
    turn = rng.uniform(-28, -14) if bone == "tibia" else rng.uniform(-10, 10)
    person = FilmSpec(
        shape={
            segment: BoneShape(
                width=round(float(rng.uniform(0.85, 1.15)), 3),
                bow_mm=round(float(rng.uniform(-4, 8)), 2),
            )
        },
        height_scale=round(float(rng.uniform(0.9, 1.1)), 3),
        flesh=round(float(rng.uniform(0.8, 1.2)), 3),
        leg_turn_deg={side: round(float(turn), 2)},
        scatter=round(float(rng.uniform(0.01, 0.05)), 4),
        monochrome1=bool(rng.random() < 0.3),
        bits=int(rng.choice([12, 14, 16])),
        equalised=equalised,
        ball_mm=None,
        seed=int(rng.integers(2**31)),
    )
    return CloseUpSpec(
        segment=segment,
        level=round(float(rng.uniform(0.38, 0.62)), 3),
        gap_mm=round(float(rng.uniform(8, 70)), 2),
        drift_deg=round(float(np.clip(rng.normal(0, 2.5), -8, 8)), 2),
        callus=drawn_callus_spec(rng),
        person=person,
        kilovolt=round(float(rng.uniform(63, 85)), 1),
        dose=round(float(np.exp(rng.uniform(-0.7, 0.7))), 3),
        to_detector_mm=round(float(rng.uniform(95, 130)), 1),
        lean_deg=round(float(rng.uniform(-5, 5)), 2),
        tilt_deg=round(float(rng.normal(0, 1.5)), 2),
    )


def clicks(
    truth: dict[str, Any], rng: np.random.Generator
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Point at the bone above and below the gap as a person does [px]."""
    found = []
    for name in ("axis_above", "axis_below"):
        off = rng.normal(0, CLICK_SD_MM) / truth["pixel_pitch_mm"]
        column, row = truth["points_px"][name]
        found.append((round(column + float(off[0]), 1), round(row + float(off[1]), 1)))
    return found[0], found[1]
