"""What close-up film to make: a cut bone, its gap, and the callus that lies in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from callotasis.errors import FilmRefusal
from callotasis.pose import Segment
from callotasis.radiograph.callus.li import CallusShape, CallusTexture
from callotasis.radiograph.phantom.spec import FilmSpec

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class CallusSpec:
    """A regenerate drawn by a few figures.

    Attributes
    ----------
    medial, lateral : float
        What the cortex of each side holds against the native one, before texture; the
        film's truth says what came out [1].
    shape : CallusShape
        Outline after Li.
    width : float
        Width half way between the cut ends against the native bone: above 1 for a
        fusiform regenerate, below 1 for a concave one and a central pillar; ignored
        by the other shapes [1].
    texture : CallusTexture
        Inside, after Li.
    bridged : tuple of str
        Cortices that run from end to end; the others are broken half way.
    hollow : float
        0 for a solid regenerate, 1 for one with a marrow like the native bone's [1].
    """

    medial: float = 0.6
    lateral: float = 0.6
    shape: CallusShape = CallusShape.CYLINDRICAL
    width: float = 1.0
    texture: CallusTexture = CallusTexture.HOMOGENEOUS
    bridged: tuple[str, ...] = ("medial", "lateral")
    hollow: float = 0.5

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        _check_parts("callus", self, _CALLUS_LIMITS)
        for side in self.bridged:
            if side not in {"medial", "lateral"}:
                raise FilmRefusal(
                    f"bridged cortex '{side:.20}' is unknown; a frontal film shows "
                    "medial and lateral"
                )


@dataclass(frozen=True)
class CloseUpSpec:
    """A synthetic frontal film of one cut bone.

    Attributes
    ----------
    segment : str
        Like ``R.femur``.
    level : float
        Height of the cut below the proximal joint, as a share of the bone [1].
    gap_mm : float
        Way of the distal fragment along the bone's axis [mm].
    drift_deg : float
        Turn of the distal fragment about its cut end, valgus positive [deg].
    callus : CallusSpec or None
        What lies in the gap; None for soft tissue alone.
    person : FilmSpec
        Shape, size and flesh of the person; scatter, equalisation, noise, bits, grey
        scale and seed of the film. Its beam, balls and implants are not used.
    kilovolt : float
        Tube voltage; what absorbs is scaled from 75 kV [kV].
    dose : float
        Quanta against a standing film's [1].
    source_mm, to_detector_mm : float
        From the source, and from the bone's axis, to the detector [mm].
    lean_deg, tilt_deg : float
        Axis of the bone against the columns of the film, distal end to the patient's
        left positive, and against the film's plane, distal end forward positive [deg].
    wide_mm, high_mm : float
        Size of the film [mm].
    pitch_mm : float
        Detector pitch [mm].
    """

    segment: str = "R.femur"
    level: float = 0.45
    gap_mm: float = 40.0
    drift_deg: float = 0.0
    callus: CallusSpec | None = field(default_factory=CallusSpec)
    person: FilmSpec = field(default_factory=lambda: FilmSpec(ball_mm=None))
    kilovolt: float = 75.0
    dose: float = 1.0
    source_mm: float = 1150.0
    to_detector_mm: float = 110.0
    lean_deg: float = 0.0
    tilt_deg: float = 0.0
    wide_mm: float = 200.0
    high_mm: float = 350.0
    pitch_mm: float = 0.14

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        _check_parts("close-up", self, _LIMITS)
        Segment.parse(self.segment)


def _check_parts(
    name: str, whole: object, limits: dict[str, tuple[float, float]]
) -> None:
    for part, (low, high) in limits.items():
        value = getattr(whole, part)
        if not low <= value <= high:  # false for what is no number, too
            raise FilmRefusal(
                f"{name}: {part} is {value!s:.40}; allowed is {low:g} to {high:g}"
            )


_CALLUS_LIMITS = {
    "medial": (0.0, 1.3),
    "lateral": (0.0, 1.3),
    "width": (0.3, 1.6),
    "hollow": (0.0, 1.0),
}
_LIMITS = {
    "level": (0.25, 0.75),
    "gap_mm": (0.0, 80.0),
    "drift_deg": (-15.0, 15.0),
    "kilovolt": (55.0, 100.0),
    "dose": (0.05, 20.0),
    "source_mm": (900.0, 4000.0),
    "to_detector_mm": (60.0, 300.0),
    "lean_deg": (-15.0, 15.0),
    "tilt_deg": (-15.0, 15.0),
    "wide_mm": (120.0, 430.0),
    "high_mm": (200.0, 430.0),
    "pitch_mm": (0.1, 0.4),
}
