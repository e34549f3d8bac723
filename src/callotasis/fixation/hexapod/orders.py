"""What a program is made from: the readings of one leg in its frame, checked once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.doubt import Reading
from callotasis.fixation.hexapod.files import Joints, Lengths, Number, Point, StrutSize
from callotasis.fixation.hexapod.films import VIEWS, Taken, TwoFilms, parameters_seen
from callotasis.fixation.hexapod.frame import STRUTS, Frame
from callotasis.fixation.hexapod.mounting import (
    PARAMETERS,
    Mounting,
    Reference,
    motion_of,
    ring_on_bone,
)
from callotasis.pose import Side
from callotasis.worlds import Array, Worlds

FARTHEST_MM, MOST_DEG = 400.0, 60.0


class Mode(StrEnum):
    """What is known of the frame before the program."""

    CHRONIC = "chronic"
    RESIDUAL = "residual"
    TOTAL_RESIDUAL = "total residual"


@dataclass(frozen=True)
class SixParameters:
    """Six numbers of a rigid motion in the limb frame; each must be given.

    Attributes
    ----------
    lateral_mm, anterior_mm, proximal_mm : float
        [mm].
    valgus_deg, apex_anterior_deg, external_rotation_deg : float
        [deg].
    """

    lateral_mm: Number
    anterior_mm: Number
    proximal_mm: Number
    valgus_deg: Number
    apex_anterior_deg: Number
    external_rotation_deg: Number

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def array(self, what: str) -> Array:
        """In the order of ``PARAMETERS``, shape (6,) [mm, deg].

        Raises
        ------
        FrameRefusal
            With the number that is not finite or cannot be.
        """
        for name in PARAMETERS:
            value = getattr(self, name)
            most, unit = (FARTHEST_MM, "mm") if name[-2:] == "mm" else (MOST_DEG, "°")
            if not abs(value) <= most:
                raise FrameRefusal(
                    f"{what}: {name} is {value:g}; allowed is -{most:g} to {most:g} "
                    f"{unit}"
                )
        return np.array([getattr(self, name) for name in PARAMETERS], float)


@dataclass(frozen=True)
class MountingFile:
    """The reference ring on its fragment.

    Attributes
    ----------
    reference : Reference
        ``proximal`` or ``distal``: which ring on which fragment.
    ring : SixParameters
        Where the centre of its joints stands, seen from where both fragments shall
        meet, and how it is turned from lying square on the bone [mm, deg].
    """

    reference: Reference
    ring: SixParameters

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Scatter:
    """Standard deviations of readings; what is unsaid is the evidence's.

    Attributes
    ----------
    shift_mm, angle_deg, rotation_deg : float or None
        Of typed parameters; rotation is the turn about the bone [mm, deg].
    strut_mm : float or None
        Of a strut's scale [mm].
    landmark_mm, film_angle_deg, source_mm : float or None
        Of films: a point on the detector, the direction, the source's distance
        [mm, deg].
    """

    shift_mm: Number | None = None
    angle_deg: Number | None = None
    rotation_deg: Number | None = None
    strut_mm: Number | None = None
    landmark_mm: Number | None = None
    film_angle_deg: Number | None = None
    source_mm: Number | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def filled(self) -> dict[str, float]:
        """Every standard deviation [mm, deg].

        Raises
        ------
        FrameRefusal
            If one is negative or no number.
        """
        usual = {
            "shift_mm": constant("hexapod.read_shift").value,
            "angle_deg": constant("hexapod.read_angle").value,
            "rotation_deg": constant("hexapod.read_rotation").value,
            "strut_mm": constant("hexapod.read_strut").value,
            "landmark_mm": constant("hexapod.read_landmark").value,
            "film_angle_deg": constant("hexapod.read_film_angle").value,
            "source_mm": constant("hexapod.read_source").value,
        }
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        filled = {n: v if said[n] is None else said[n] for n, v in usual.items()}
        for name, value in filled.items():
            if not 0 <= value < math.inf:
                raise FrameRefusal(f"scatter {name} is {value:g}; allowed is 0 or more")
        return filled


@dataclass(frozen=True)
class ProgramOrder:
    """What ``callotasis frame program`` takes.

    Attributes
    ----------
    segment : str
        Like ``L.tibia``.
    frame_side : Side
        The side for which the frame was built: a left frame on a right leg is refused.
    proximal_joints_mm, distal_joints_mm : tuple or None
        Six joints each, in the frame of their own ring [mm].
    mode : Mode
        ``chronic`` (rings set to mirror the deformity, straight at the end),
        ``residual`` (rings straight now) or ``total residual`` (struts as they stand).
    neutral_mm : float or None
        Distance of both rings where they are straight: first or last [mm].
    struts_mm : tuple of float or None
        As they stand [mm].
    deformity : SixParameters or None
        The distal fragment, from where it shall meet the proximal one [mm, deg].
    mounting : MountingFile or None
        The reference ring on its fragment.
    films : TwoFilms or None
        Two films instead of deformity and mounting.
    film_reference : Reference
        Whose joints were read on the films.
    gain_mm : float
        Lengthening beyond the reduced bone [mm].
    rate_mm_per_day : float
        Fastest that a structure at risk may move [mm/day].
    structures_at_risk_mm : tuple of tuple
        Beside the cut's own middle and rim; as they lie now, in the frame of the bone:
        lateral, anterior, proximal of the origin [mm].
    """

    segment: str
    frame_side: Side
    proximal_joints_mm: Joints
    distal_joints_mm: Joints
    mode: Mode
    rate_mm_per_day: Number
    neutral_mm: Number | None = None
    struts_mm: Lengths | None = None
    deformity: SixParameters | None = None
    mounting: MountingFile | None = None
    films: TwoFilms | None = None
    film_reference: Reference = Reference.PROXIMAL
    gain_mm: Number = 0.0
    structures_at_risk_mm: tuple[Point, ...] = ()
    strut_range_mm: tuple[Number, Number] | None = None
    strut_sizes: tuple[StrutSize, ...] = field(default_factory=tuple)
    graduation_mm: Number = 1.0
    path: str = "screw"
    scatter: Scatter = field(default_factory=Scatter)
    read_times: Mapping[str, int] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def reading_of(order: ProgramOrder, frame: Frame, worlds: Worlds) -> Reading:
    """What was read, in every world.

    Parameters
    ----------
    order : ProgramOrder
        With two films, or with deformity and mounting.
    frame : Frame
        Joints of both rings, as a right leg wears them [mm].
    worlds : Worlds
        Scatters each reading.

    Returns
    -------
    Reading
        World 0 as read [mm].

    Raises
    ------
    FrameRefusal
        If both are given, or neither, or a number cannot be.

    References
    ----------
    .. [1] Evidence rows ``hexapod.read_*``.
    """
    typed = order.deformity is not None and order.mounting is not None
    nothing = order.deformity is None and order.mounting is None
    if not (typed if order.films is None else nothing):
        raise FrameRefusal("give deformity and mounting, or films, and not both")
    drawn = _Draws(worlds, order.scatter.filled(), dict(order.read_times))
    struts = drawn("strut scales", (STRUTS,), "strut_mm")
    if order.films is not None:
        read = _from_films(order, frame, drawn)
    else:
        read = _from_parameters(order, drawn)
    drawn.check_names()
    return Reading(*read, struts, drawn.inputs)


class _Draws:
    """Draws of each reading by its name; one read n times scatters by 1/√n."""

    def __init__(
        self, worlds: Worlds, scatter: dict[str, float], times: dict[str, int]
    ) -> None:
        self.worlds, self.scatter, self.times = worlds, scatter, times
        self.inputs: dict[str, Array] = {}

    def __call__(self, name: str, shape: tuple[int, ...], kind: str) -> Array:
        times = self.times.get(name, 1)
        if not 1 <= times <= MOST_TIMES:
            raise FrameRefusal(
                f"'{name}' was read {times} times; allowed is 1 to {MOST_TIMES}"
            )
        sd = self.scatter[kind] / math.sqrt(times)
        self.inputs[name] = self.worlds.normal(f"frame/{name}", sd, shape)
        return self.inputs[name]

    def check_names(self) -> None:
        unknown = sorted(set(self.times) - set(self.inputs))
        if unknown:
            raise FrameRefusal(
                f"read_times names '{unknown[0]:.60}'; known are "
                f"{', '.join(self.inputs)}"
            )


MOST_TIMES = 100


def _from_parameters(order: ProgramOrder, drawn: _Draws) -> tuple[Any, Mounting]:
    if order.deformity is None or order.mounting is None:  # seen to hold before
        raise FrameRefusal("deformity and mounting are needed")
    ring = _scattered("mounting", order.mounting.ring, drawn)
    fragment = _scattered("deformity", order.deformity, drawn)
    return motion_of(fragment), Mounting(order.mounting.reference, ring_on_bone(ring))


def _scattered(what: str, read: SixParameters, drawn: _Draws) -> Array:
    """Six parameters in every world, shape (worlds, 6) [mm, deg]."""
    columns = []
    for value, name in zip(read.array(what), PARAMETERS, strict=True):
        kind = "shift_mm" if name.endswith("mm") else "angle_deg"
        if name == "external_rotation_deg":
            kind = "rotation_deg"
        label, _ = name.rsplit("_", 1)
        columns.append(value + drawn(f"{what}: {label.replace('_', ' ')}", (), kind))
    return np.stack(columns, axis=-1)


def _from_films(
    order: ProgramOrder, frame: Frame, drawn: _Draws
) -> tuple[Any, Mounting]:
    two = order.films
    if two is None:  # seen to hold before
        raise FrameRefusal("films are needed")
    two.check()
    seen: dict[str, dict[str, Array]] = {}
    taken: dict[str, Taken] = {}
    for view, film in zip(VIEWS, (two.frontal, two.side), strict=True):
        points = film.points()
        if not all(np.isfinite(p).all() for p in points.values()):
            raise FrameRefusal(f"{view} film holds a number that is not finite")
        seen[view] = {
            name: at + drawn(f"{view} film: {_spoken(name)}", at.shape, "landmark_mm")
            for name, at in points.items()
        }
        turns = drawn(f"{view} film: direction", (3,), "film_angle_deg")
        off = drawn(f"{view} film: source distance", (), "source_mm")
        taken[view] = Taken.by(turns, two.source_mm + off, two.object_mm + off)
    return parameters_seen(
        frame, order.film_reference, seen, taken, two.normal_torsion_deg
    )


def _spoken(name: str) -> str:
    return name.replace("_", " ")
