"""How many millimetres on a lateral film of one bone: one size for the whole of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.radiograph.ball import Ball, balls_on
from callotasis.radiograph.calibration import Method
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import (
    DETECTOR,
    FilmFacts,
    KnownGeometry,
    check_known,
)
from callotasis.radiograph.landmarks import Landmarks, required_on
from callotasis.worlds import Array, Worlds


@dataclass(frozen=True, eq=False)
class LateralScale:
    """Size of a pixel at the bone in every world.

    Attributes
    ----------
    method : Method
        What gave the scale; with ``NONE`` only angles may leave the house.
    mm_per_px : Array
        Shape (worlds,), along columns [mm].
    findings : tuple of Finding
        What was unknown.
    """

    method: Method
    mm_per_px: Array
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class _Seen:
    """One thing of known size: the logarithm of a pixel's size that it tells."""

    method: Method
    log_size: Array
    spread: float


def lateral_scale(
    film: Film,
    landmarks: Landmarks,
    known: KnownGeometry,
    worlds: Worlds,
    balls: tuple[Ball, ...] | None = None,
) -> LateralScale:
    """Work out the size of a pixel at the bone of a lateral film.

    Parameters
    ----------
    film : Film
        With its pixel spacing, where the file has it.
    landmarks : Landmarks
        For a guess where nothing gives a scale [px].
    known : KnownGeometry
        Ball, known lengths, magnification, true scale. Everything that is given is
        weighed by its own error.
    worlds : Worlds
        How many draws.
    balls : tuple of Ball, optional
        If they were found on this film before [px].

    Returns
    -------
    LateralScale
        With method ``NONE`` if nothing gives a scale.

    Raises
    ------
    FilmRefusal
        If no ball is found, a typed value cannot be true, or a known length lies at
        the detector.

    References
    ----------
    .. [1] Similar triangles: planning facts 1.5; inverse-variance weighting; evidence
       rows ``sagittal.bone_depth``, ``calibration.*``.
    """
    check_known(film, known, FilmFacts())
    seen = [
        *_of_balls(film, known, balls, worlds),
        *_of_lengths(film, landmarks, known, worlds),
        *_of_spacing(film, known, worlds),
    ]
    if not seen:
        return LateralScale(Method.NONE, _guess(film, landmarks, worlds), (_NO_SCALE,))
    _check_agreement(seen)
    weights = np.array([1 / s.spread**2 for s in seen])
    sizes = np.stack([s.log_size for s in seen])
    methods = {s.method for s in seen}
    method = methods.pop() if len(methods) == 1 else Method.COMBINED
    return LateralScale(method, np.exp(weights @ sizes / weights.sum()))


def _check_agreement(seen: list[_Seen]) -> None:
    """Refuse things of known size of which one must be wrong."""
    for i, one in enumerate(seen):
        for other in seen[:i]:
            apart = abs(float(one.log_size[0] - other.log_size[0]))
            allowed = AGREE_SD * float(np.hypot(one.spread, other.spread))
            if apart > allowed:
                raise FilmRefusal(
                    f"{other.method} and {one.method} disagree: the sizes of a pixel "
                    f"that they tell differ by {apart:.1%}; allowed is {allowed:.1%} "
                    f"({AGREE_SD:g} standard deviations of both)"
                )


AGREE_SD = 4.0
_NO_SCALE = Finding(
    Level.CAUTION,
    "film.no_scale",
    "The film has no scale: angles are measured, the bow is not.",
    "Give the diameter of a calibration ball or a magnification.",
)


def _reach_mm(film: Film, known: KnownGeometry) -> float:
    """Source to bone, about: what turns a depth into a share of size [mm]."""
    usual = constant("calibration.source_unknown").value
    source = known.source_mm or film.source_mm or usual
    return float(source - constant("calibration.detector_distance").value)


def _drawn(method: Method, name: str, log: float, spread: float, w: Worlds) -> _Seen:
    return _Seen(method, log + w.normal(f"lateral/scale/{name}", spread), spread)


def _of_balls(
    film: Film, known: KnownGeometry, balls: tuple[Ball, ...] | None, worlds: Worlds
) -> list[_Seen]:
    if known.ball_mm is None:
        return []
    edge = constant("calibration.ball_edge")
    bias = edge.value if film.logarithmic else 0.0
    off = constant("sagittal.bone_depth").spread / _reach_mm(film, known)
    spread = float(np.hypot(edge.spread / known.ball_mm, off))
    return [
        _drawn(
            Method.BALL,
            f"ball/{index}",
            float(np.log((known.ball_mm + bias) / ball.minor_px)),
            spread,
            worlds,
        )
        for index, ball in enumerate(balls_on(film, known.ball_mm, balls))
    ]


def _of_lengths(
    film: Film, landmarks: Landmarks, known: KnownGeometry, worlds: Worlds
) -> list[_Seen]:
    mark = np.sqrt(2) * constant("landmarks.mark").value
    lean = constant("calibration.length_lean").spread
    away = constant("sagittal.bone_depth").spread / _reach_mm(film, known)
    (side,) = landmarks.sides
    found = []
    for index, given in enumerate(known.lengths):
        if given.lies == DETECTOR:
            raise FilmRefusal(
                f"the known length of {given.length_mm:g} mm lies at the detector, "
                "where it is not magnified; on a lateral film it must lie in or beside "
                "the bone"
            )
        (c1, r1), (c2, r2) = given.from_px, given.to_px
        px = float(np.hypot(c2 - c1, (r2 - r1) * film.aspect))
        # What does not lie in this leg may lie before or behind it, as a ball does.
        off = 0.0 if given.lies.startswith(f"{side}.") else away
        spread = float(np.linalg.norm([mark / given.length_mm, lean, off]))
        log = float(np.log(given.length_mm / px))
        found.append(_drawn(Method.LENGTH, f"length/{index}", log, spread, worlds))
    return found


def _of_spacing(film: Film, known: KnownGeometry, worlds: Worlds) -> list[_Seen]:
    if film.spacing_mm is None:
        return []
    log = float(np.log(film.spacing_mm[0]))
    if known.true_scale:
        spread = constant("calibration.true_scale").spread
        return [_drawn(Method.TRUE_SCALE, "true", log, spread, worlds)]
    if known.magnification is not None and known.magnification_sd is not None:
        return [
            _drawn(
                Method.MAGNIFICATION,
                "magnification",
                log - float(np.log(known.magnification)),
                known.magnification_sd / known.magnification,
                worlds,
            )
        ]
    return []


def _guess(film: Film, landmarks: Landmarks, worlds: Worlds) -> Array:
    """A size for the scatter of clicks; no millimetre of it is printed."""
    if film.spacing_mm is not None:
        size = film.spacing_mm[0] / constant("calibration.magnification_limits").value
    else:
        (points,) = landmarks.sides.values()
        ends = [points[name] for name in required_on(landmarks.view)]
        (c1, r1), (c2, r2) = ends
        leg = constant("calibration.leg_length_without_scale").value
        size = SHAFT_SHARE * leg / float(np.hypot(c2 - c1, (r2 - r1) * film.aspect))
    return np.full(worlds.count + 1, size)


SHAFT_SHARE = 0.2  # of a leg lies between the mid-shaft points of one bone, about
