"""Which side is which: landmarks held against the film, and against each other."""

from __future__ import annotations

from collections.abc import Mapping

from callotasis.errors import LandmarkRefusal
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import (
    LATERAL,
    REQUIRED,
    Landmarks,
    Point,
    View,
)

MEDIAL_LATERAL = (
    ("fem_condyle_med", "fem_condyle_lat"),
    ("tib_plateau_med", "tib_plateau_lat"),
    ("tib_rim_med", "tib_rim_lat"),
    ("plafond_med", "plafond_lat"),
    *(
        (f"{bone}_{edge}_med", f"{bone}_{edge}_lat")
        for bone in ("fem", "tib")
        for edge in ("canal", "cortex")
    ),
)

OWN_HALF = 0.62  # of the film's width; a single leg may stand a little off the middle

SIDE_UNPROVEN = "film.side_unproven"

UPPER_LOWER = (
    ("fem_shaft_prox", "fem_shaft_dist"),
    ("fem_shaft_prox", "fem_shaft_mid"),
    ("fem_shaft_mid", "fem_shaft_dist"),
    ("tib_shaft_prox", "tib_shaft_dist"),
    ("tib_shaft_prox", "tib_shaft_mid"),
    ("tib_shaft_mid", "tib_shaft_dist"),
    ("fem_above_1", "fem_above_2"),
    ("fem_below_1", "fem_below_2"),
    ("tib_above_1", "tib_above_2"),
    ("tib_below_1", "tib_below_2"),
)


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
    _check_view(landmarks.view, film)
    for side, points in landmarks.sides.items():
        for name, (column, row) in points.items():
            if not (0 <= column <= film.columns and 0 <= row <= film.rows):
                raise LandmarkRefusal(
                    f"{side}.{name} lies at ({column:g}, {row:g}), outside the film of "
                    f"{film.columns} × {film.rows} pixels"
                )
        _check_order(side, points)
    if landmarks.view in LATERAL:
        _check_lateral_film(landmarks, film)
        return
    for side, points in landmarks.sides.items():
        _check_upright(side, points)
    _check_sides(landmarks, film)


def _check_view(view: View, film: Film) -> None:
    if view is View.FRONTAL and film.lateral:
        raise LandmarkRefusal(
            "landmarks of a frontal film on a film whose ViewPosition or "
            "PatientOrientation says lateral; place those of a lateral film"
        )
    if view in LATERAL and film.columns_to_left is not None:
        raise LandmarkRefusal(
            f"landmarks of a {view} film on a film whose PatientOrientation says that "
            "its columns run from one side of the patient to the other"
        )


def forward_on(points: Mapping[str, Point]) -> float:
    """Which way a lateral film looks: 1 where columns run forward, -1 backward.

    Raises
    ------
    LandmarkRefusal
        If no pair of points says so, or two pairs disagree.
    """
    pairs = [n for n in points if n.endswith("_ant") and f"{n[:-3]}post" in points]
    ways = {n: points[n][0] - points[f"{n[:-3]}post"][0] for n in pairs}
    if not ways:
        raise LandmarkRefusal(
            "nothing says which way a lateral film looks; place an anterior and a "
            "posterior point, as fem_joint_ant and fem_joint_post"
        )
    if len({way > 0 for way in ways.values()}) > 1 or 0.0 in ways.values():
        raise LandmarkRefusal(
            f"front and back are mixed up: {' and '.join(ways)} do not lie in front of "
            "their posterior points on one side of the film"
        )
    return 1.0 if next(iter(ways.values())) > 0 else -1.0


def _check_lateral_film(landmarks: Landmarks, film: Film) -> None:
    for side, points in landmarks.sides.items():
        forward_on(points)
        check_laterality(side, film)


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
        check_laterality(side, film)
        across = _middle(points) / film.columns
        far = across > OWN_HALF if side is Side.RIGHT else across < 1 - OWN_HALF
        if len(landmarks.sides) == 1 and far:
            raise LandmarkRefusal(
                f"the {side.word} leg lies at {across:.0%} of the film's width, on the "
                "half of the other leg; sides are swapped, or the film is turned round"
            )


def check_laterality(side: Side, film: Film) -> None:
    """Refuse a leg that the film's own laterality contradicts.

    Parameters
    ----------
    side : Side
        The leg that is read.
    film : Film
        As read from a file.

    Raises
    ------
    LandmarkRefusal
        If the file names the other side.

    References
    ----------
    .. [1] DICOM PS3.3, Image Laterality (0020,0062).
    """
    if film.contradicts(side):
        raise LandmarkRefusal(
            f"landmarks of {side} on a film whose ImageLaterality is "
            f"{film.laterality}; sides disagree"
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
