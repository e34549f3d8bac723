"""One close-up film: cut the bone, draw its callus, expose, and say the truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from callotasis.radiograph.phantom.body import LONG_BONES
from callotasis.radiograph.phantom.callus_drawing import callus_truth, drawn_callus
from callotasis.radiograph.phantom.closeup_spec import CloseUpSpec
from callotasis.radiograph.phantom.cut import CutLeg, Piece, cut_leg
from callotasis.radiograph.phantom.dicom import dicom_bytes
from callotasis.radiograph.phantom.exposure import (
    developed,
    even_sponge,
    flesh_attenuation,
    over_flesh,
    shaft_sponge,
    stamp,
)
from callotasis.radiograph.phantom.gap_frame import Native, gap_frame
from callotasis.radiograph.phantom.hardware import Metal
from callotasis.radiograph.phantom.make import Silent
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.texture import Weave, flow_of, sponge, weave_of
from callotasis.worlds import Array

BONE_BY_KILOVOLT, FLESH_BY_KILOVOLT = -1.0, -0.4  # powers, about the NIST tables'
AXIS_POINT_MM = 40.0  # from each cut end
MARKER_MM = 14.0
HEADROOM = 0.12  # a film of one bone is shown so that its cortex is not white


@dataclass(frozen=True, eq=False)
class MadeCloseUp:
    """A synthetic close-up film with everything that is true about it.

    Attributes
    ----------
    dicom : bytes
        The file.
    truth : dict
        Gap, ratios, widths, shape and texture of the regenerate; geometry [mm, px].
    """

    dicom: bytes
    truth: dict[str, Any]

    @property
    def points(self) -> dict[str, tuple[float, float]]:
        """``axis_above``, ``cut_above``, ``cut_below`` and ``axis_below``.

        Middle of the bone above the gap, of both cut ends, and of the bone below it;
        column and row [px].
        """
        return {name: (c, r) for name, (c, r) in self.truth["points_px"].items()}


@dataclass(frozen=True, eq=False)
class CloseUpScene:
    """Cut leg and beam of a close-up film: where hardware is to be placed.

    Attributes
    ----------
    leg : CutLeg
        Fragments, cut ends and axes; x to the patient's left, y in front of the
        detector, z up [mm].
    beam : Beam
        Source and field.
    """

    leg: CutLeg
    beam: Beam


def closeup_scene(spec: CloseUpSpec) -> CloseUpScene:
    """Cut the bone of a specification and place it before its beam.

    Parameters
    ----------
    spec : CloseUpSpec
        Person, cut and beam.

    Returns
    -------
    CloseUpScene
        For :func:`make_closeup`, and for whoever adds metal.

    References
    ----------
    .. [1] ``docs/callus.md``, "The synthetic film".
    """
    beam = Beam(
        source_mm=spec.source_mm,
        centre_mm=(0.0, 0.0),
        left_mm=-spec.wide_mm / 2,
        top_mm=spec.high_mm / 2,
        pitch_mm=spec.pitch_mm,
        rows=round(spec.high_mm / spec.pitch_mm),
        columns=round(spec.wide_mm / spec.pitch_mm),
    )
    return CloseUpScene(cut_leg(spec), beam)


def make_closeup(spec: CloseUpSpec, hardware: Sequence[Metal] = ()) -> MadeCloseUp:
    """Make a synthetic close-up film of one cut bone.

    Parameters
    ----------
    spec : CloseUpSpec
        Person, cut, callus, beam and processing.
    hardware : sequence of Metal
        Nails, rings and pins, placed by :func:`closeup_scene` [mm].

    Returns
    -------
    MadeCloseUp
        The same for the same specification, hardware and library versions.

    References
    ----------
    .. [1] The mean bones of ``bones/NOTICE``; ``docs/callus.md``.
    """
    scene = closeup_scene(spec)
    seed = spec.person.seed
    rng = np.random.default_rng(seed) if spec.person.noise else Silent(seed)
    film = replace(spec.person, pitch_mm=spec.pitch_mm)
    attenuation, native = _through_leg(scene, spec, rng)
    picture = developed(
        attenuation, hardware, scene.beam, film, rng, spec.dose, HEADROOM
    )
    side = str(scene.leg.segment.side)
    stamp(picture, side, scene.beam, np.array([8.0, 24.0]), MARKER_MM)
    stamp(picture, "SYNTHETIC", scene.beam, np.array([8.0, 8.0]), 7.0)
    about = {"spec": asdict(spec), "hardware": len(hardware)}
    return MadeCloseUp(
        dicom_bytes(
            picture,
            scene.beam,
            film,
            json.dumps(about, sort_keys=True),
            scene.leg.segment,
        ),
        _truth(scene, spec, native),
    )


def _through_leg(
    scene: CloseUpScene, spec: CloseUpSpec, rng: np.random.Generator
) -> tuple[Picture, Native]:
    """Attenuation of flesh, bones and callus; what the native bone adds to flesh."""
    beam, leg = scene.beam, scene.leg
    bone_scale, flesh_scale = (
        np.float32((spec.kilovolt / 75.0) ** power)
        for power in (BONE_BY_KILOVOLT, FLESH_BY_KILOVOLT)
    )
    soft = flesh_attenuation(leg.person, beam, spec.person, rng) * flesh_scale
    weave = weave_of(beam, rng)
    points = leg.person.legs[leg.segment.side].points
    around = np.zeros_like(soft)
    for index, piece in enumerate(leg.others):
        _add_piece(piece, beam, weave, 137 * index + 11, points, around)
    adds, whole = [], []
    for index, piece in enumerate((leg.upper, leg.lower)):
        adds.append(np.zeros_like(soft))
        whole.append(_add_piece(piece, beam, weave, 211 * index + 5, points, adds[-1]))
    frame = gap_frame(leg, beam)
    native = Native(adds[0], adds[1], whole[0], whole[1], frame)
    regenerate = drawn_callus(spec.callus, native, rng)
    bone = around + adds[0] + adds[1] + regenerate
    native = replace(native, regenerate=regenerate)
    return np.asarray(np.maximum(soft + bone_scale * bone, 0)), native


def _add_piece(
    piece: Piece,
    beam: Beam,
    weave: Weave,
    offset: int,
    points: dict[str, Array],
    into: Picture,
) -> Picture:
    """Add what a bone absorbs more than flesh; return its thickness [mm]."""
    outer, inner = np.zeros_like(into), np.zeros_like(into)
    box = beam.add_thickness(piece.outer, outer)
    if not outer[box].size:
        return outer
    beam.add_thickness(piece.marrow, inner)
    whole, marrow = outer[box], np.minimum(inner[box], outer[box])
    spongy = marrow * _sponge_by_row(piece, beam, box[0])[:, None]
    flow = flow_of(piece.name, points, beam, offset)
    density = sponge(weave, spongy, box, flow)
    into[box] += over_flesh(whole - marrow, spongy, density)
    return outer


def _sponge_by_row(piece: Piece, beam: Beam, rows: slice) -> Picture:
    """Share of the marrow space that is spongy, by film row [1]."""
    count = rows.stop - rows.start
    if piece.name not in LONG_BONES:
        return even_sponge(piece.name, count)
    at = beam.film_points(piece.outer.vertices[piece.own])[:, 1] - rows.start
    share = piece.spongy()[piece.own]
    order = np.argsort(at)
    return shaft_sponge(count, at[order], share[order])


def _points(scene: CloseUpScene) -> dict[str, tuple[float, float]]:
    """Middle of the bone on both sides of the gap, and of its cut ends [px]."""
    leg = scene.leg
    places = {
        "axis_above": leg.upper_end - AXIS_POINT_MM * leg.upper_axis,
        "cut_above": leg.upper_end,
        "cut_below": leg.lower_end,
        "axis_below": leg.lower_end + AXIS_POINT_MM * leg.lower_axis,
    }
    on_film = scene.beam.film_points(np.array([*places.values()]))
    return {
        name: (round(float(c), 2), round(float(r), 2))
        for name, (c, r) in zip(places, on_film, strict=True)
    }


def _truth(scene: CloseUpScene, spec: CloseUpSpec, native: Native) -> dict[str, Any]:
    depth = (scene.leg.upper_end[1] + scene.leg.lower_end[1]) / 2
    grow = spec.source_mm / (spec.source_mm - depth)
    return {
        "synthetic": True,
        "segment": spec.segment,
        "spec": asdict(spec),
        "source_mm": spec.source_mm,
        "pixel_pitch_mm": spec.pitch_mm,
        "magnification": round(float(grow), 6),
        "mm_per_px": round(float(spec.pitch_mm / grow), 8),
        "gap_mm": spec.gap_mm,
        "points_px": {name: list(at) for name, at in _points(scene).items()},
        **callus_truth(spec.callus, native),
    }
