"""What a program is made from: the readings of one leg in its frame, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.files import Joints, Lengths, Number, Point, StrutSize
from callotasis.fixation.hexapod.films import TwoFilms
from callotasis.fixation.hexapod.hardware import Hardware
from callotasis.fixation.hexapod.mounting import Reference
from callotasis.fixation.hexapod.systems import ReadHardware, System, system_named
from callotasis.pose import PARAMETERS, Side
from callotasis.worlds import Array

FARTHEST_MM, MOST_DEG = 400.0, 60.0
MOST_SCATTER = {
    "shift_mm": 30.0,
    "angle_deg": 15.0,
    "rotation_deg": 30.0,
    "strut_mm": 10.0,
    "landmark_mm": 20.0,
    "film_angle_deg": 20.0,
    "source_mm": 300.0,
}
"""Beyond these nothing was read [mm, deg]."""


# True is no number of times.
Count = Annotated[int, Field(strict=True)]


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
            most = MOST_SCATTER[name]
            if not 0 <= value <= most:
                raise FrameRefusal(
                    f"scatter {name} is {value:g}; allowed is 0 to {most:g}"
                )
        return filled


@dataclass(frozen=True)
class RingsChosen:
    """Two rings of a system, by name; all of its struts are at hand.

    Attributes
    ----------
    system, proximal, distal : str
        Names in the catalogue, or in ``read``.
    read : ReadHardware or None
        What somebody read in the maker's instructions, where the catalogue may not be
        built from.
    """

    system: str
    proximal: str
    distal: str
    read: ReadHardware | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def found(self) -> tuple[System, Hardware]:
        """The system and its parts.

        Raises
        ------
        DeviceRefusal
            If the system or a ring is unknown, or its figures were read by nobody.
        """
        read = {} if self.read is None else {self.read.system: self.read}
        system = system_named(self.system, read)
        rings = system.ring(self.proximal), system.ring(self.distal)
        return system, Hardware(*rings, system.struts)


@dataclass(frozen=True)
class LimbRoom:
    """The skin of a limb around its bone, for collisions.

    Attributes
    ----------
    proximal_radius_mm, distal_radius_mm : float
        Half the largest width above and below the cut [mm].
    proximal_mm, distal_mm : float
        How far it reaches above and below the cut [mm].
    """

    proximal_radius_mm: Number
    distal_radius_mm: Number
    proximal_mm: Number
    distal_mm: Number

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        for name in ("proximal_mm", "distal_mm"):
            length = getattr(self, name)
            if not 0 < length <= FARTHEST_MM:
                raise FrameRefusal(
                    f"limb {name} is {length:g}; allowed is more than 0 and up to "
                    f"{FARTHEST_MM:g}"
                )


@dataclass(frozen=True)
class ProgramOrder:
    """What ``callotasis frame program`` takes.

    Attributes
    ----------
    segment : str
        Like ``L.tibia``.
    frame_side : Side
        The side for which the frame was built: a left frame on a right leg is refused.
    rings : RingsChosen or None
        Rings and struts by name.
    proximal_joints_mm, distal_joints_mm : tuple or None
        Six joints each, in the frame of their own ring, where no rings are named [mm].
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
    strut_range_mm, strut_sizes : tuple
        Where no rings are named [mm].
    graduation_mm : float
        Distance of two marks of a strut [mm].
    scale_offset_mm : dict of str to float
        What the scale of each size reads beyond the length joint to joint, from the
        maker's instructions [mm].
    path : str
        ``screw``, ``straight`` or ``phases``.
    limb : LimbRoom or None
        For collisions with the skin; needs named rings.
    scatter : Scatter
        Of readings.
    read_times : dict of str to int
        Readings that were made more than once and averaged.
    """

    segment: str
    frame_side: Side
    mode: Mode
    rate_mm_per_day: Number
    rings: RingsChosen | None = None
    proximal_joints_mm: Joints | None = None
    distal_joints_mm: Joints | None = None
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
    scale_offset_mm: Mapping[str, Number] = field(default_factory=dict)
    path: str = "screw"
    limb: LimbRoom | None = None
    scatter: Scatter = field(default_factory=Scatter)
    read_times: Mapping[str, Count] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
