"""A shank in a frame and its two films, without scatter; and orders made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.exchange import checked
from callotasis.fixation.hexapod import Frame, Placement
from callotasis.fixation.hexapod.films import POINTS, VIEWS, Taken, projected
from callotasis.fixation.hexapod.mounting import Reference, motion_of, ring_on_bone
from callotasis.fixation.hexapod.orders import ProgramOrder
from callotasis.worlds import Array, Worlds
from hexapods import USUAL, joints

SOURCE_MM, OBJECT_MM = 1100.0, 950.0
PROXIMAL = {
    "proximal_medial": (-35.0, 0.0, 120.0),
    "proximal_lateral": (35.0, 0.0, 120.0),
    "origin": (0.0, 0.0, 0.0),
}
DISTAL = {
    "distal_medial": (-25.0, 0.0, -200.0),
    "distal_lateral": (25.0, 0.0, -200.0),
    "corresponding": (0.0, 0.0, 0.0),
}


@dataclass(frozen=True, eq=False)
class Shank:
    """The distal fragment, the reference ring on its fragment, and the torsion."""

    fragment: Placement
    ring: Placement
    reference: Reference = Reference.PROXIMAL
    torsion_deg: float = 0.0


def square_films() -> dict[str, Taken]:
    """Two films as they should be."""
    film = Taken.by(np.zeros((1, 3)), np.array([SOURCE_MM]), np.array([OBJECT_MM]))
    return dict.fromkeys(VIEWS, film)


def seen_on(shank: Shank, frame: Frame, films: dict[str, Taken]) -> dict[str, Array]:
    """What is read on each film: its points, then the ring's joints, (1, 12, 2)."""
    healthy = motion_of(np.array([0.0, 0, 0, 0, 0, shank.torsion_deg]))
    lower = shank.fragment @ healthy
    places = [np.array([point]) for point in PROXIMAL.values()]
    places += [lower.carried(np.array([point])) for point in DISTAL.values()]
    on = shank.ring
    if shank.reference is Reference.DISTAL:
        on = shank.fragment @ shank.ring
    places.append(on.carried(frame.joints_of(shank.reference)))
    every = np.concatenate(places)[None]
    return {view: projected(every, view, film) for view, film in films.items()}


def film_file(seen: dict[str, Array], **changed: object) -> dict[str, Any]:
    """Two films as a file gives them."""
    views = {
        view: {
            **dict(zip(POINTS, found[0].tolist(), strict=False)),
            "ring": found[0, len(POINTS) :].tolist(),
        }
        for view, found in seen.items()
    }
    numbers = {
        "source_mm": SOURCE_MM,
        "object_mm": OBJECT_MM,
        "normal_torsion_deg": 0.0,
    }
    return {**numbers, **views, **changed}


def six(**given: float) -> dict[str, float]:
    """Six parameters; what is unsaid is nothing."""
    names = ("lateral_mm", "anterior_mm", "proximal_mm")
    turns = ("valgus_deg", "apex_anterior_deg", "external_rotation_deg")
    return {**dict.fromkeys((*names, *turns), 0.0), **given}


def program_file(**changed: object) -> dict[str, Any]:
    """What ``frame program`` takes: a crooked left tibia, rings set to mirror it."""
    return {
        **joints(),
        "segment": "L.tibia",
        "frame_side": "L",
        "mode": "chronic",
        "neutral_mm": 150.0,
        "deformity": six(valgus_deg=-15.0, apex_anterior_deg=5.0, lateral_mm=3.0),
        "mounting": {
            "reference": "proximal",
            "ring": six(
                lateral_mm=5.0, anterior_mm=-10.0, proximal_mm=70.0, valgus_deg=2.0
            ),
        },
        "gain_mm": 10.0,
        "rate_mm_per_day": 1.0,
        "structures_at_risk_mm": [[30.0, 0.0, 60.0]],
        "strut_range_mm": [75.0, 300.0],
        **changed,
    }


FEW = Worlds(count=300)
BEND = six(valgus_deg=-20.0, lateral_mm=3.0)
RING = six(proximal_mm=70.0, valgus_deg=3.0)


def order(**changed: object) -> ProgramOrder:
    """Read the usual program file, with these keys otherwise."""
    return checked(
        TypeAdapter(ProgramOrder), program_file(**changed), "file", FrameRefusal
    )


def films(**changed: object) -> dict[str, Any]:
    """Two films of the bend above, in place of typed parameters."""
    names = ("lateral_mm", "anterior_mm", "proximal_mm")
    turns = ("apex_anterior_deg", "valgus_deg", "external_rotation_deg")
    bend, ring = (np.array([s[n] for n in (*names, *turns)]) for s in (BEND, RING))
    shank = Shank(motion_of(bend), ring_on_bone(ring))
    seen = seen_on(shank, USUAL, square_films())
    return {"deformity": None, "mounting": None, "films": film_file(seen, **changed)}
