"""What film to make: a person, a stance, a beam, and what else lies on the film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from callotasis.errors import FilmRefusal, PlanRefusal
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.landmarks import View

MAX_PIXELS = 40_000_000
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class Bend:
    """A bend of one bone.

    Attributes
    ----------
    varus_deg : float
        In the frontal plane, varus positive, valgus negative [deg].
    level : float
        Height of the apex below the proximal joint, as a share of the bone.
    procurvatum_deg : float
        In the sagittal plane, apex forward positive [deg].
    """

    varus_deg: float = 0.0
    level: float = 0.3
    procurvatum_deg: float = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class BoneShape:
    """How one bone differs from the mean adult's.

    Attributes
    ----------
    width : float
        Thickness of shaft and ends against the mean [1].
    neck_deg : float
        Neck-shaft angle more than the mean; femur only [deg].
    bow_mm : float
        Forward bow of the shaft more than the mean [mm].
    torsion_deg : float
        External torsion of the distal end more than the mean [deg].
    joint_deg : float
        Joint line at the knee in valgus against the mean [deg].
    setback_mm : float
        Plateau farther behind the femur than the mean; tibia only [mm].
    """

    width: float = 1.0
    neck_deg: float = 0.0
    bow_mm: float = 0.0
    torsion_deg: float = 0.0
    joint_deg: float = 0.0
    setback_mm: float = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class BallAt:
    """One more steel ball.

    Attributes
    ----------
    beside : str
        Joint, like ``R.hip``.
    forward_mm : float
        In front of the plane of that joint [mm].
    """

    beside: str
    forward_mm: float = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


class ImplantKind(StrEnum):
    """Metal that may lie in a bone."""

    NAIL = "nail"
    PLATE = "plate"


@dataclass(frozen=True)
class Implant:
    """Metal of known size in or on a bone.

    Attributes
    ----------
    kind : ImplantKind
        A nail in the marrow, or a plate with screws on the lateral cortex.
    length_mm : float
        [mm].
    diameter_mm : float
        Of a nail; the thickness of a plate is a third of it [mm].
    """

    kind: ImplantKind = ImplantKind.NAIL
    length_mm: float = 200.0
    diameter_mm: float = 11.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT


@dataclass(frozen=True)
class FilmSpec:
    """A synthetic film.

    Attributes
    ----------
    shortening_mm : dict of str to float
        How much each segment is shorter than in the mean adult [mm].
    bend : dict of str to Bend or list of Bend
        Bends by segment, at one level or several.
    shape : dict of str to BoneShape
        How each bone differs from the mean adult's.
    growth_plates : bool
        Open growth plates, as in a child.
    height_scale : float
        Size of the person relative to the mean adult.
    flesh : float
        Thickness of the soft tissue relative to the mean.
    body_turn_deg, pelvis_turn_deg, feet_turn_deg : float
        Turn of the whole body, of the pelvis alone and of the line between the feet
        against the detector, right side forward positive [deg].
    leg_turn_deg, knee_flexion_deg, block_mm : dict of str to float
        By side: external rotation of the leg, flexion of the knee [deg], and height
        of a block under the foot [mm].
    ankle_behind_hip_mm : float
        Ankles behind the hips, as a depth, in the mean adult [mm].
    source_mm : float
        Source to detector distance [mm].
    true_scale : bool
        A slot scanner's film: no magnification, whatever the depth.
    knee_to_detector_mm : float
        Mean knee centre in front of the detector [mm].
    beam_row_mm, beam_column_mm : float
        Beam centre above the knees, and to the patient's left of the middle [mm].
    pitch_mm : float
        Detector pitch [mm].
    ball_mm : float or None
        Diameter of the steel balls [mm]; None for no ball.
    ball_forward_mm : float
        First ball, beside the right knee, in front of its plane [mm].
    more_balls : list of BallAt
        Further balls of the same diameter.
    ruler_mm : float or None
        Length of a lead ruler between the legs [mm].
    ruler_forward_mm : float
        Ruler in front of the plane of the knees [mm].
    implant : dict of str to Implant
        Metal by segment.
    monochrome1 : bool
        Whether low stored values are bright.
    bits : int
        Bits stored, 8 to 16.
    scatter : float
        Scattered radiation as a share of the open beam [1].
    equalised : bool
        Whether the film's own processing evens out thick and thin tissue.
    view : View
        Frontal, standing, or lateral of one bone.
    lateral_of : str
        Side of a lateral film. Its depths are those of the knee and of the bone's own
        plane; its beam is above and in front of the bone's middle, and its balls stand
        in front of the leg, the first one at mid-shaft.
    noise : bool
        Whether quantum noise is drawn.
    seed : int
        Of noise, texture and the reader's clicks.
    """

    shortening_mm: dict[str, float] = field(default_factory=dict)
    bend: dict[str, Bend | list[Bend]] = field(default_factory=dict)
    shape: dict[str, BoneShape] = field(default_factory=dict)
    growth_plates: bool = False
    height_scale: float = 1.0
    flesh: float = 1.0
    body_turn_deg: float = 0.0
    pelvis_turn_deg: float = 0.0
    feet_turn_deg: float = 0.0
    leg_turn_deg: dict[str, float] = field(default_factory=dict)
    knee_flexion_deg: dict[str, float] = field(default_factory=dict)
    block_mm: dict[str, float] = field(default_factory=dict)
    ankle_behind_hip_mm: float = 45.0
    source_mm: float = 2600.0
    true_scale: bool = False
    knee_to_detector_mm: float = 125.0
    beam_row_mm: float = 0.0
    beam_column_mm: float = 0.0
    pitch_mm: float = 0.2
    ball_mm: float | None = 25.0
    ball_forward_mm: float = 10.0
    more_balls: list[BallAt] = field(default_factory=list)
    ruler_mm: float | None = None
    ruler_forward_mm: float = 0.0
    implant: dict[str, Implant] = field(default_factory=dict)
    monochrome1: bool = False
    bits: int = 16
    scatter: float = 0.02
    equalised: bool = True
    view: View = View.FRONTAL
    lateral_of: str = "R"
    noise: bool = True
    seed: int = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        self._check_numbers()
        _check_side(self.lateral_of)
        if self.view not in set(View):
            raise FilmRefusal(
                f"view '{self.view:.20}' is unknown; allowed are {', '.join(View)}"
            )
        object.__setattr__(self, "view", View(self.view))  # a plain word will do
        for segment in (*self.bend, *self.shape, *self.implant):
            _check_segment(segment)
        for segment in self.bend:
            _check(f"number of bends of {segment}", len(self.bends(segment)), 0, 4)
            for bend in self.bends(segment):
                _check_parts(f"bend of {segment}", bend, _BEND_LIMITS)
        self._check_bones()
        _check("number of more_balls", len(self.more_balls), 0, 8)
        if self.more_balls and self.ball_mm is None:
            raise FilmRefusal("more_balls without ball_mm; give their diameter")
        for ball in self.more_balls:
            _check_joint(ball.beside)
            _check(f"ball beside {ball.beside}", ball.forward_mm, -80, 80)
        if self.view is not View.FRONTAL:
            self._check_lateral()

    def _check_lateral(self) -> None:
        """Refuse what a lateral film of one bone cannot show."""
        if self.ruler_mm is not None:
            raise FilmRefusal(
                "ruler_mm on a lateral film: the ruler stands between two legs"
            )
        joints = ("hip", "knee") if self.view is View.LATERAL_FEMUR else _SHANK
        allowed = [f"{self.lateral_of}.{joint}" for joint in joints]
        for ball in self.more_balls:
            if ball.beside not in allowed:
                raise FilmRefusal(
                    f"ball beside {ball.beside} on a {self.view} film of "
                    f"{self.lateral_of}; allowed are {' and '.join(allowed)}"
                )

    def _check_bones(self) -> None:
        for segment, shape in self.shape.items():
            _check_parts(f"shape of {segment}", shape, _SHAPE_LIMITS)
            if shape.neck_deg and Segment.parse(segment).bone is Bone.TIBIA:
                raise FilmRefusal(f"neck_deg of {segment}: only a femur has a neck")
            if shape.setback_mm and Segment.parse(segment).bone is Bone.FEMUR:
                raise FilmRefusal(
                    f"setback_mm of {segment}: only a tibia has a plateau"
                )
        for segment, implant in self.implant.items():
            _check_parts(f"implant of {segment}", implant, _IMPLANT_LIMITS)

    def _check_numbers(self) -> None:
        for name, (low, high) in _LIMITS.items():
            _check(name, getattr(self, name), low, high)
        for name, (low, high) in _OPTIONAL_LIMITS.items():
            if getattr(self, name) is not None:
                _check(name, getattr(self, name), low, high)
        for name, (low, high) in (_SEGMENT_LIMITS | _SIDE_LIMITS).items():
            for part, value in getattr(self, name).items():
                (_check_segment if name in _SEGMENT_LIMITS else _check_side)(part)
                _check(f"{name} of {part}", value, low, high)

    def bends(self, segment: str) -> list[Bend]:
        """Bends of a segment, none, one or several."""
        found = self.bend.get(segment, [])
        return [found] if isinstance(found, Bend) else list(found)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # false for what is no number, too
        raise FilmRefusal(f"{name} is {value!s:.40}; allowed is {low:g} to {high:g}")


def _check_parts(
    name: str, whole: object, limits: Mapping[str, tuple[float, float]]
) -> None:
    for part, (low, high) in limits.items():
        _check(f"{name}: {part}", getattr(whole, part), low, high)


def _check_segment(name: str) -> None:
    try:
        Segment.parse(name)
    except PlanRefusal as refusal:
        raise FilmRefusal(str(refusal)) from None


def _check_side(name: str) -> None:
    if name not in set(Side):
        raise FilmRefusal(f"side '{name:.20}' is unknown; allowed are R and L")


def _check_joint(name: str) -> None:
    side, _, joint = name.partition(".")
    if side not in set(Side) or joint not in {"hip", "knee", "ankle"}:
        raise FilmRefusal(
            f"joint '{name:.20}' is unknown; allowed are R or L with .hip, .knee or "
            ".ankle"
        )


_SHANK = ("knee", "ankle")
_LIMITS = {
    "seed": (0, 2**63),
    "height_scale": (0.55, 1.25),
    "flesh": (0.6, 1.6),
    "body_turn_deg": (-20, 20),
    "pelvis_turn_deg": (-20, 20),
    "feet_turn_deg": (-20, 20),
    "ankle_behind_hip_mm": (-60, 150),
    "source_mm": (1500, 4000),
    "knee_to_detector_mm": (60, 300),
    "beam_row_mm": (-400, 400),
    "beam_column_mm": (-200, 200),
    "pitch_mm": (0.1, 1.0),
    "ball_forward_mm": (-80, 80),
    "ruler_forward_mm": (-150, 150),
    "bits": (8, 16),
    "scatter": (0.001, 0.3),
}
_OPTIONAL_LIMITS = {"ball_mm": (5, 60), "ruler_mm": (100, 1000)}
_SEGMENT_LIMITS = {"shortening_mm": (-80, 80)}  # more leaves no shaft
_SIDE_LIMITS = {
    "leg_turn_deg": (-40, 40),
    "knee_flexion_deg": (-15, 40),
    "block_mm": (0, 100),
}
_BEND_LIMITS = {
    "varus_deg": (-30, 30),
    "level": (0.15, 0.85),
    "procurvatum_deg": (-30, 30),
}
_SHAPE_LIMITS = {
    "width": (0.7, 1.4),
    "neck_deg": (-20, 20),
    "bow_mm": (-10, 20),
    "torsion_deg": (-40, 40),
    "joint_deg": (-12, 12),
    "setback_mm": (-12, 12),
}
_IMPLANT_LIMITS = {"length_mm": (40, 400), "diameter_mm": (6, 14)}

SPEC = TypeAdapter(FilmSpec)


def spec_from(raw: object) -> FilmSpec:
    """Check a specification that came from outside.

    Parameters
    ----------
    raw : object
        What a JSON parser gave.

    Returns
    -------
    FilmSpec
        Checked.

    Raises
    ------
    FilmRefusal
        With the field, its value and what is allowed.

    References
    ----------
    .. [1] ``callotasis schema film-spec``.

    Examples
    --------
    >>> spec_from({"pitch_mm": 9})
    Traceback (most recent call last):
    callotasis.errors.FilmRefusal: pitch_mm is 9.0; allowed is 0.1 to 1
    """
    try:
        return SPEC.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "film specification"
        raise FilmRefusal(f"{where}: {first['msg']}") from None
