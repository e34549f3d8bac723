"""What film to make: a person, a deformity, a beam."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from callotasis.errors import FilmRefusal, PlanRefusal
from callotasis.pose import Segment

MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class Bend:
    """A bend of one bone in the frontal plane.

    Attributes
    ----------
    varus_deg : float
        Varus positive, valgus negative [deg].
    level : float
        Height of the apex below the proximal joint, as a share of the bone.
    """

    varus_deg: float
    level: float = 0.3

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class FilmSpec:
    """A synthetic standing film.

    Attributes
    ----------
    shortening_mm : dict of str to float
        How much each segment is shorter than in the mean adult [mm].
    bend : dict of str to Bend
        Frontal bends by segment.
    height_scale : float
        Size of the person relative to the mean adult.
    body_turn_deg : float
        Turn of the whole body against the detector, right side forward positive.
    source_mm : float
        Source to detector distance [mm].
    beam_row_mm, beam_column_mm : float
        Beam centre above the knees, and to the patient's left of the middle [mm].
    pitch_mm : float
        Detector pitch [mm].
    ball_mm : float or None
        Diameter of the steel ball [mm]; None for no ball.
    ball_forward_mm : float
        Ball in front of the plane of the right knee [mm].
    noise : bool
        Whether quantum noise is drawn.
    seed : int
        Of noise, texture and the reader's clicks.
    """

    shortening_mm: dict[str, float] = field(default_factory=dict)
    bend: dict[str, Bend] = field(default_factory=dict)
    height_scale: float = 1.0
    body_turn_deg: float = 0.0
    source_mm: float = 2600.0
    beam_row_mm: float = 0.0
    beam_column_mm: float = 0.0
    pitch_mm: float = 0.2
    ball_mm: float | None = 25.0
    ball_forward_mm: float = 10.0
    noise: bool = True
    seed: int = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:  # false for what is no number, too
                raise FilmRefusal(
                    f"{name} is {value!s:.40}; allowed is {low:g} to {high:g}"
                )
        if self.ball_mm is not None and not 5 <= self.ball_mm <= 60:  # noqa: PLR2004
            raise FilmRefusal(f"ball_mm is {self.ball_mm:g}; allowed is 5 to 60")
        for name, mm in self.shortening_mm.items():
            _check_segment(name)
            if not -80 <= mm <= 80:  # noqa: PLR2004 - more leaves no shaft
                raise FilmRefusal(
                    f"shortening_mm of {name} is {mm:g}; allowed is -80 to 80"
                )
        for name, bend in self.bend.items():
            _check_segment(name)
            if not (-30 <= bend.varus_deg <= 30 and 0.15 <= bend.level <= 0.85):  # noqa: PLR2004
                raise FilmRefusal(
                    f"bend of {name} is {bend.varus_deg:g} deg at {bend.level:g}; "
                    "allowed is -30 to 30 deg at 0.15 to 0.85 of the bone"
                )


def _check_segment(name: str) -> None:
    try:
        Segment.parse(name)
    except PlanRefusal as refusal:
        raise FilmRefusal(str(refusal)) from None


_LIMITS = {
    "seed": (0, 2**63),
    "height_scale": (0.75, 1.25),
    "body_turn_deg": (-20, 20),
    "source_mm": (1500, 4000),
    "beam_row_mm": (-400, 400),
    "beam_column_mm": (-200, 200),
    "pitch_mm": (0.1, 1.0),
    "ball_forward_mm": (-80, 80),
}

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
