"""Landmarks: names, files, how far a click scatters, and which side is which."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callotasis.errors import LandmarkRefusal
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.film import Film

REQUIRED = ("hip_centre", "knee_centre", "ankle_centre")

SCATTER = {
    "hip_centre": "landmarks.hip_centre",
    "knee_centre": "landmarks.knee_centre",
    "ankle_centre": "landmarks.ankle_centre",
    "troch_tip": "landmarks.trochanter",
    "fem_condyle_med": "landmarks.joint_line",
    "fem_condyle_lat": "landmarks.joint_line",
    "fem_shaft_prox": "landmarks.shaft",
    "fem_shaft_dist": "landmarks.shaft",
    "tib_shaft_prox": "landmarks.shaft",
    "tib_shaft_dist": "landmarks.shaft",
    "tib_rim_med": "landmarks.rim",
    "tib_rim_lat": "landmarks.rim",
    "tib_plateau_med": "landmarks.joint_line",
    "tib_plateau_lat": "landmarks.joint_line",
    "plafond_med": "landmarks.joint_line",
    "plafond_lat": "landmarks.joint_line",
    # Mid-cortex points above and below a bend, two of each, for anatomic planning.
    "fem_above_1": "landmarks.shaft",
    "fem_above_2": "landmarks.shaft",
    "fem_below_1": "landmarks.shaft",
    "fem_below_2": "landmarks.shaft",
    "tib_above_1": "landmarks.shaft",
    "tib_above_2": "landmarks.shaft",
    "tib_below_1": "landmarks.shaft",
    "tib_below_2": "landmarks.shaft",
    # The lead letter, clicked under the side that it names.
    "side_marker": "landmarks.rim",
}
"""Every landmark with the evidence row of its scatter."""

MEDIAL_LATERAL = (
    ("fem_condyle_med", "fem_condyle_lat"),
    ("tib_plateau_med", "tib_plateau_lat"),
    ("tib_rim_med", "tib_rim_lat"),
    ("plafond_med", "plafond_lat"),
)

OWN_HALF = 0.62  # of the film's width; a single leg may stand a little off the middle
SIDE_UNPROVEN = "film.side_unproven"

UPPER_LOWER = (
    ("fem_shaft_prox", "fem_shaft_dist"),
    ("tib_shaft_prox", "tib_shaft_dist"),
    ("fem_above_1", "fem_above_2"),
    ("fem_below_1", "fem_below_2"),
    ("tib_above_1", "tib_above_2"),
    ("tib_below_1", "tib_below_2"),
)

MAX_FILE_BYTES = 2**20

Point = tuple[float, float]


@dataclass(frozen=True)
class Landmarks:
    """Clicked points of one film, as (column, row) in pixels.

    The centre of the top-left pixel is (0.5, 0.5).
    """

    sides: Mapping[Side, Mapping[str, Point]] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[str, list[float]]]:
        """The landmark file as plain data."""
        return {
            str(side): {name: [*point] for name, point in points.items()}
            for side, points in self.sides.items()
        }


def read_landmarks(path: Path) -> Landmarks:
    """Read a landmark file.

    Parameters
    ----------
    path : Path
        JSON: ``{"R": {"hip_centre": [column, row], ...}, "L": {...}}`` [px].

    Returns
    -------
    Landmarks
        As in the file [px].

    Raises
    ------
    LandmarkRefusal
        If it is no JSON, names an unknown point, misses a required one, or holds
        anything but finite pairs of numbers.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Landmark files".
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise LandmarkRefusal(f"{path.name} is larger than {MAX_FILE_BYTES} bytes")
        raw = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise LandmarkRefusal(f"{path.name} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise LandmarkRefusal(f"{path.name} is no JSON: {error}") from None
    return landmarks_from(raw)


def landmarks_from(raw: object) -> Landmarks:
    """Check landmark data that came from outside.

    Parameters
    ----------
    raw : object
        What a JSON parser gave.

    Returns
    -------
    Landmarks
        Of one or two legs [px].

    Raises
    ------
    LandmarkRefusal
        As :func:`read_landmarks`.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Landmark files".

    Examples
    --------
    >>> landmarks_from({"R": {"hip_centre": [1, 2]}})
    Traceback (most recent call last):
    callotasis.errors.LandmarkRefusal: R.knee_centre is missing; required are \
hip_centre, knee_centre and ankle_centre
    """
    if not isinstance(raw, dict) or not raw or not set(raw) <= {"R", "L"}:
        found = sorted(map(str, raw)) if isinstance(raw, dict) else type(raw).__name__
        raise LandmarkRefusal(f"a landmark file holds 'R', 'L' or both; found {found}")
    return Landmarks({Side(s): _leg(s, raw[s]) for s in ("R", "L") if s in raw})


def _leg(side: str, raw: object) -> dict[str, Point]:
    if not isinstance(raw, dict):
        raise LandmarkRefusal(f"{side} holds no landmarks")
    for name in REQUIRED:
        if name not in raw:
            raise LandmarkRefusal(
                f"{side}.{name} is missing; required are "
                "hip_centre, knee_centre and ankle_centre"
            )
    return {str(name): _point(f"{side}.{name}", raw[name]) for name in raw}


def _point(name: str, raw: object) -> Point:
    if name[2:] not in SCATTER:
        raise LandmarkRefusal(
            f"landmark {name} is unknown; known are {', '.join(sorted(SCATTER))}"
        )
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - a pair
        raise LandmarkRefusal(f"{name} is {raw!r:.60}; needed is [column, row]")
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in raw):
        raise LandmarkRefusal(f"{name} is {raw!r:.60}; needed are two numbers")
    column, row = (float(v) if abs(v) < 1e9 else math.inf for v in raw)  # noqa: PLR2004
    if not (math.isfinite(column) and math.isfinite(row)):
        raise LandmarkRefusal(f"{name} is {raw!r:.60}; needed are finite numbers")
    return column, row


def check_on_film(landmarks: Landmarks, film: Film) -> None:
    """Refuse landmarks off the film, upside down, or on the wrong side.

    Parameters
    ----------
    landmarks : Landmarks
        Clicked points [px].
    film : Film
        The film they were clicked on.

    Raises
    ------
    LandmarkRefusal
        With the point, its place and what is allowed.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film": the patient's right side is on the left
       of the picture.
    """
    for side, points in landmarks.sides.items():
        for name, (column, row) in points.items():
            if not (0 <= column <= film.columns and 0 <= row <= film.rows):
                raise LandmarkRefusal(
                    f"{side}.{name} lies at ({column:g}, {row:g}), outside the film of "
                    f"{film.columns} × {film.rows} pixels"
                )
        _check_upright(side, points)
        _check_order(side, points)
    _check_sides(landmarks, film)


def _check_upright(side: Side, points: Mapping[str, Point]) -> None:
    hip, knee, ankle = (points[name][1] for name in REQUIRED)
    if not hip < knee < ankle:
        raise LandmarkRefusal(
            f"{side}: hip, knee and ankle lie in rows {hip:g}, {knee:g} and {ankle:g}; "
            "rows must grow from hip to ankle (film upside down or names mixed up)"
        )


def _check_order(side: Side, points: Mapping[str, Point]) -> None:
    """Refuse points of a shaft that are mixed up or lie on each other."""
    for upper, lower in UPPER_LOWER:
        if upper in points and lower in points:
            above, below = points[upper][1], points[lower][1]
            if above >= below:
                raise LandmarkRefusal(
                    f"{side}.{upper} in row {above:g} must lie above {side}.{lower} in "
                    f"row {below:g}"
                )


def _check_sides(landmarks: Landmarks, film: Film) -> None:
    """Check that right lies left, in the whole film and within each leg."""
    if film.columns_to_left is False:
        raise LandmarkRefusal(
            "PatientOrientation says that columns run to the patient's right; "
            "a film is read with the patient's right on the left of the picture: "
            "turn it round first"
        )
    for side, points in landmarks.sides.items():
        outward = -1.0 if side is Side.RIGHT else 1.0
        for medial, lateral in MEDIAL_LATERAL:
            if medial in points and lateral in points:
                _check_lateral(side, points, (medial, lateral), outward)
        _check_marker(side, points, landmarks, film)
    _check_single(landmarks, film)
    if len(landmarks.sides) == 2:  # noqa: PLR2004 - both legs
        right, left = (_middle(landmarks.sides[s]) for s in (Side.RIGHT, Side.LEFT))
        if right >= left:
            raise LandmarkRefusal(
                f"sides are swapped: the right leg lies at column {right:.0f}, the "
                f"left at {left:.0f}; the patient's right must lie left of the left leg"
            )


def _check_single(landmarks: Landmarks, film: Film) -> None:
    """Refuse a leg that the film's laterality or its place on the film contradicts."""
    for side, points in landmarks.sides.items():
        if film.laterality in {"R", "L"} and film.laterality != side:
            raise LandmarkRefusal(
                f"landmarks of {side} on a film whose ImageLaterality is "
                f"{film.laterality}; sides disagree"
            )
        across = _middle(points) / film.columns
        far = across > OWN_HALF if side is Side.RIGHT else across < 1 - OWN_HALF
        if len(landmarks.sides) == 1 and far:
            raise LandmarkRefusal(
                f"the {side.word} leg lies at {across:.0%} of the film's width, on the "
                "half of the other leg; sides are swapped, or the film is turned round"
            )


def side_findings(landmarks: Landmarks, film: Film) -> tuple[Finding, ...]:
    """Caution where nothing but the clicks says which side is which.

    Parameters
    ----------
    landmarks : Landmarks
        With or without a clicked ``side_marker`` [px].
    film : Film
        With or without an orientation.

    Returns
    -------
    tuple of Finding
        One caution, which stops a plan; or nothing.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Film".
    """
    marked = any("side_marker" in points for points in landmarks.sides.values())
    if marked or film.columns_to_left is not None or film.laterality in {"R", "L"}:
        return ()
    return (
        Finding(
            Level.CAUTION,
            SIDE_UNPROVEN,
            "Neither the file nor a clicked marker says which side is which.",
            "Click the lead letter as side_marker under the side that it names.",
        ),
    )


def _middle(points: Mapping[str, Point]) -> float:
    return sum(points[name][0] for name in REQUIRED) / len(REQUIRED)


def _check_lateral(
    side: Side, points: Mapping[str, Point], pair: tuple[str, str], outward: float
) -> None:
    medial, lateral = pair
    if (points[lateral][0] - points[medial][0]) * outward <= 0:
        raise LandmarkRefusal(
            f"sides are swapped: {side}.{lateral} at column {points[lateral][0]:g} "
            f"lies medial of {side}.{medial} at {points[medial][0]:g}"
        )


def _check_marker(
    side: Side, points: Mapping[str, Point], landmarks: Landmarks, film: Film
) -> None:
    """Check that the lead letter stands on the half of the leg that it names."""
    if "side_marker" not in points:
        return
    legs = [_middle(p) for p in landmarks.sides.values()]
    middle = sum(legs) / 2 if len(legs) == 2 else film.columns / 2  # noqa: PLR2004
    on_left_half = points["side_marker"][0] < middle
    if on_left_half != (side is Side.RIGHT):
        raise LandmarkRefusal(
            f"the marker {side} lies at column {points['side_marker'][0]:g}, on the "
            f"half of the other leg; sides and marker disagree"
        )
