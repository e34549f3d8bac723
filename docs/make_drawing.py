"""Draw the leg of the landmark page: outlines of the mean bones, and every landmark.

The outlines are shadows of the mean shapes that the synthetic films are made of; see
``src/callotasis/radiograph/phantom/bones/NOTICE``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from contourpy import contour_generator

from callotasis.pose import Side
from callotasis.radiograph.landmarks import LATERAL, View, names_on
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.skeleton import stand
from callotasis.radiograph.phantom.solid import Leg, Solid, turned_about
from callotasis.radiograph.phantom.spec import FilmSpec

TARGET = Path(__file__).parents[1] / "src/callotasis/pages/static/leg.json"
FAR_MM = 1e7  # a source so far away that the drawing is not magnified
EDGE_MM = 0.8  # of bone that a ray must cross to be inside the outline
LEAST_CORNERS = 20  # fewer make a speck
SLAB_MM = 8.0  # rows of the meshes are that far apart


def outlines(solid: Solid) -> list[list[list[float]]]:
    """Closed outlines of the shadow of a solid, x to the right and y down [mm]."""
    low, high = solid.vertices.min(axis=0) - 3, solid.vertices.max(axis=0) + 3
    rows, columns = int(high[2] - low[2]), int(high[0] - low[0])
    beam = Beam(FAR_MM, (0.0, 0.0), float(low[0]), float(high[2]), 1.0, rows, columns)
    shadow = np.zeros((rows, columns), np.float32)
    beam.add_thickness(solid, shadow)
    lines = contour_generator(z=shadow).lines(EDGE_MM)
    whole = [line for line in lines if len(line) > LEAST_CORNERS]
    return [
        _simple(np.c_[line[:, 0] + low[0] + 0.5, line[:, 1] - high[2] + 0.5])
        for line in whole
    ]


def _simple(line: np.ndarray) -> list[list[float]]:
    """Every fourth corner: the shadow has one for each millimetre."""
    return np.round(line[::4], 1).tolist()


def shaft_points(
    bone: str, shaft: tuple[np.ndarray, np.ndarray], solid: Solid
) -> dict[str, np.ndarray]:
    """Points that lie on a shaft wherever the reader wants them, as usual [mm]."""
    upper, lower = shaft
    at = {
        f"{bone}_{part}_{k}": upper + share * (lower - upper)
        for part, shares in (("above", (-0.55, -0.2)), ("below", (1.2, 1.55)))
        for k, share in zip((1, 2), shares, strict=True)
    }
    middle = (upper + lower) / 2
    ring = solid.vertices[np.abs(solid.vertices[:, 2] - middle[2]) < SLAB_MM]
    # A right leg: medial is to the patient's left, where x grows.
    edges = {"med": ring[:, 0].max(), "lat": ring[:, 0].min()}
    for end, x in edges.items():
        at[f"{bone}_cortex_{end}"] = np.array([x, 0.0, middle[2]])
        inner = middle[0] + CANAL_SHARE * (x - middle[0])
        at[f"{bone}_canal_{end}"] = np.array([inner, 0.0, middle[2]])
    return at


CANAL_SHARE = 0.45  # of the width of a shaft, as drawn


def drawn(leg: Leg, names: tuple[str, ...], pelvis: Solid | None) -> dict[str, object]:
    """Bones and landmarks of one view, x to the right and y down [mm]."""
    bones = {name: outlines(bone) for name, bone in leg.bones.items()}
    if pelvis is not None:
        bones = {"pelvis": outlines(pelvis)} | bones
    points = dict(leg.points)
    for bone, short in (("femur", "fem"), ("tibia", "tib")):
        shaft = (points[f"{short}_shaft_prox"], points[f"{short}_shaft_dist"])
        points |= shaft_points(short, shaft, leg.bones[bone])
    places = {n: points[n] for n in names if n in points}
    return {
        "bones": bones,
        "points": {n: np.round([p[0], -p[2]], 1).tolist() for n, p in places.items()},
    }


def main() -> None:
    """Write the drawing of a right leg, frontal and from the side."""
    person = stand(FilmSpec())
    leg = person.legs[Side.RIGHT]
    # From the side: what lies in front goes to the right of the picture.
    sideways = leg.moved(
        turned_about(np.array([0.0, 0.0, 1.0]), -np.pi / 2, np.zeros(3))
    )
    views = {str(View.FRONTAL): drawn(leg, names_on(View.FRONTAL), person.pelvis)}
    for view, names in LATERAL.items():
        views[str(view)] = drawn(sideways, names, None)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(views, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
