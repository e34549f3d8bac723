"""From a rough click to what the picture shows: heads, joint lines, shafts, tips.

Each landmark is looked for where a reader clicked. What is found must stand out from
the bone around it, fit its shape and lie near the click; otherwise the click stays,
and a finding says so. The plafond is not refined: on the bones of four people an edge
found at its medial end scattered by 0.3 to 1.0 mm, and at its lateral end, behind the
fibula, it lay 2 to 3.5 mm off; a careful click scatters by 0.5 mm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.edges import (
    STEP_MM,
    Strip,
    clearness,
    falls,
    first_of,
    likely,
    rest_of,
    smooth_edge,
    strip_on,
)
from callotasis.radiograph.film import Film
from callotasis.radiograph.head import FARTHEST_MM, HALF_MM, head_in
from callotasis.radiograph.landmarks import Landmarks, Point
from callotasis.worlds import Array

CLEAR_EDGE = 2.5  # noise gives 2.3 at most, edges of bone 5 to 20


@dataclass(frozen=True, eq=False)
class Refined:
    """Landmarks after refinement.

    Attributes
    ----------
    landmarks : Landmarks
        Refined where the picture carries it, else as clicked [px].
    findings : tuple of Finding
        What was kept as clicked, and why.
    """

    landmarks: Landmarks
    findings: tuple[Finding, ...]


Found = dict[str, Point]


def refined(film: Film, landmarks: Landmarks) -> Refined:
    """Refine every landmark that the picture carries.

    Parameters
    ----------
    film : Film
        Bone bright.
    landmarks : Landmarks
        Rough clicks, up to about 5 mm off [px].

    Returns
    -------
    Refined
        With the names of what was refined in ``landmarks.refined`` [px].

    References
    ----------
    .. [1] Evidence rows ``refined.*`` for the scatter that remains; table in
       ``docs/accuracy.md``.
    """
    sides, names, findings = {}, {}, []
    for side, points in landmarks.sides.items():
        found, kept = refined_leg(film, side, points, scale_of(film, landmarks))
        sides[side] = {**points, **found}
        names[side] = frozenset(found)
        findings += [_kept(side, name) for name in kept]
        if any(name.startswith("plafond") for name in points):
            findings.append(_plafond_kept(side))
    return Refined(replace(landmarks, sides=sides, refined=names), tuple(findings))


def refinable() -> frozenset[str]:
    """Names of all landmarks that a picture may give."""
    return frozenset(name for names, _ in _STEPS for name in names)


def refined_at(
    film: Film, side: Side, points: Mapping[str, Point], name: str, mm_per_px: float
) -> dict[str, Point]:
    """Refine one landmark, and the other end of its line if that is placed.

    Parameters
    ----------
    film : Film
        Bone bright.
    side : Side
        Which leg.
    points : dict of str to Point
        Rough clicks of that leg, ``name`` among them [px].
    name : str
        What was clicked.
    mm_per_px : float
        At the bones, to within a tenth [mm].

    Returns
    -------
    dict of str to Point
        What the picture carries; without ``name`` where it stays as clicked [px].

    References
    ----------
    .. [1] As :func:`refined`.
    """
    partners = next((names for names, _ in _STEPS if name in names), ())
    around = {n: p for n, p in points.items() if n in partners}
    return refined_leg(film, side, around, mm_per_px)[0]


def scale_of(film: Film, landmarks: Landmarks) -> float:
    """Millimetres for each pixel at the bones, to within a tenth."""
    grown = constant("calibration.magnification_limits").value
    if film.spacing_mm is not None:
        return film.spacing_mm[0] / grown
    leg = next(iter(landmarks.sides.values()))
    rows = leg["ankle_centre"][1] - leg["hip_centre"][1]
    return constant("calibration.leg_length_without_scale").value / rows


def refined_leg(
    film: Film, side: Side, points: Mapping[str, Point], mm_per_px: float
) -> tuple[Found, list[str]]:
    """Refine one leg.

    Parameters
    ----------
    film : Film
        Bone bright.
    side : Side
        Which leg.
    points : dict of str to Point
        Rough clicks [px].
    mm_per_px : float
        At the bones, to within a tenth [mm].

    Returns
    -------
    tuple of dict and list of str
        Points that were found [px], and names of those that keep their click.

    References
    ----------
    .. [1] As :func:`refined`.
    """
    found: Found = {}
    kept: list[str] = []
    for names, look in _STEPS:
        if not all(name in points for name in names):
            continue
        here = {**points, **found}
        seen = look(_Leg(film, side, here, mm_per_px), names)
        for name in names:
            if name in seen and _near(points[name], seen[name], film, mm_per_px):
                found[name] = seen[name]
            else:
                kept.append(name)
    for joint in _pinched(found, film, mm_per_px):
        kept += [name for name in joint if found.pop(name, None) is not None]
    return found, kept


def _pinched(found: Found, film: Film, mm_per_px: float) -> list[tuple[str, str]]:
    """Compartments of a knee whose bones would touch or stand too far apart."""
    pairs = [(f"fem_condyle_{c}", f"tib_plateau_{c}") for c in ("med", "lat")]
    gaps = {
        pair: (found[pair[1]][1] - found[pair[0]][1]) * film.aspect * mm_per_px
        for pair in pairs
        if all(name in found for name in pair)
    }
    low, high = KNEE_GAP_MM
    return [pair for pair, gap in gaps.items() if not low <= gap <= high]


KNEE_GAP_MM = (0.8, 12.0)


def _near(click: Point, seen: Point, film: Film, mm_per_px: float) -> bool:
    across, down = seen[0] - click[0], (seen[1] - click[1]) * film.aspect
    return bool(np.hypot(across, down) * mm_per_px <= FARTHEST_MM)


def _kept(side: Side, name: str) -> Finding:
    return Finding(
        Level.NOTE,
        "landmark.kept",
        f"The picture does not carry {name} of the {side.word} leg: it stays as "
        "clicked.",
        "Look at it at full size.",
        about=str(side),
    )


def _plafond_kept(side: Side) -> Finding:
    return Finding(
        Level.NOTE,
        "landmark.plafond",
        f"The plafond of the {side.word} leg stays as clicked: no edge found there was "
        "surer than a careful click.",
        "Look at both ends at full size.",
        about=str(side),
    )


@dataclass(frozen=True, eq=False)
class _Leg:
    """Where to look: film, side, the points as they are now, and the scale."""

    film: Film
    side: Side
    points: Mapping[str, Point]
    mm_per_px: float

    @property
    def outward(self) -> float:
        """1 where lateral is to the right of the picture."""
        return -1.0 if self.side is Side.RIGHT else 1.0

    def at(self, name: str) -> Array:
        return np.array(self.points[name])

    def line(self, start: str, end: str) -> Array:
        """Direction from one landmark to another, in square millimetres."""
        return (self.at(end) - self.at(start)) * [1.0, self.film.aspect]

    def strip(
        self, middle: Array, direction: Array, half: tuple[float, float]
    ) -> Strip:
        return strip_on(self.film, middle, direction, half, self.mm_per_px)


def _head(leg: _Leg, names: tuple[str, ...]) -> Found:
    (name,) = names
    square = leg.strip(leg.at(name), np.array([1.0, 0.0]), (HALF_MM, HALF_MM))
    centre = head_in(square, leg.outward)
    return {} if centre is None else {name: square.on_film(*centre)}


def _line_of(edge: str, *, hollow: bool) -> Callable[[_Leg, tuple[str, ...]], Found]:
    """Both ends of a joint line; ``edge`` says on which side of it the bone lies.

    A round end is moved to its summit; on a hollow one only what lies across the
    line is moved.
    """
    down = 1.0 if edge == BONE_ABOVE else -1.0

    def look(leg: _Leg, names: tuple[str, ...]) -> Found:
        medial, lateral = names
        run = leg.line(medial, lateral) * leg.outward  # to the right of the picture
        found = {}
        for name in names:
            strip = leg.strip(leg.at(name), run, (4.0 if hollow else 7.0, 12.0))
            fall = falls(strip)
            strength = _towards_joint(strip, fall, down)
            path = smooth_edge(strength, 2.0 if hollow else 1.0)
            if clearness(strength, path, fall) < CLEAR_EDGE:
                continue
            across = np.interp(path, np.arange(len(strip.across_mm)), strip.across_mm)
            place = (
                (0.0, float(np.median(across)))
                if hollow
                else _summit(strip.along_mm, down * across, down)
            )
            found[name] = strip.on_film(*place)
        return found

    return look


BONE_ABOVE, BONE_BELOW = "bone above", "bone below"
JOINT_GAP_MM = (1.2, 9.0)  # the other bone of the joint begins this far beyond


def _towards_joint(strip: Strip, fall: Array, down: float) -> Array:
    """Falls of grey out of a bone into a joint space: beyond it, grey rises again."""
    fall = down * fall
    rise = np.maximum(-fall, 0)
    near, far = (round(mm / STEP_MM) for mm in JOINT_GAP_MM)
    beyond = rise if down > 0 else rise[::-1]
    padded = np.pad(beyond, ((0, far), (0, 0)))
    again = np.max([padded[k : k + len(beyond)] for k in range(near, far + 1)], axis=0)
    again = again if down > 0 else again[::-1]
    strength = np.sqrt(np.maximum(fall, 0) * again)
    return np.asarray(strength * likely(strip.across_mm, NEAR_CLICK_MM)[:, None])


NEAR_CLICK_MM = 3.0


SUMMIT_MM = 4.5  # a summit is looked for this near; farther off the click's place holds


def _summit(along: Array, beyond: Array, sign: float) -> tuple[float, float]:
    """Farthest place of an edge out of the bone: along, and across as it is [mm].

    A parabola through the edge; where it has no summit nearby, its height there.
    """
    curve, slope, height = np.polyfit(along, beyond, 2)
    top = -slope / (2 * curve) if curve < 0 else 0.0
    place = float(np.clip(top, -SUMMIT_MM, SUMMIT_MM))
    return place, sign * float(np.polyval([curve, slope, height], place))


def _shaft(leg: _Leg, names: tuple[str, ...]) -> Found:
    """Middle between both outer edges of the cortex, across the shaft.

    A marrow's edge or that of a fibula makes one place much thinner or wider than the
    other of its bone; nobody can say which of the two is right.
    """
    upper, lower = names
    along = leg.line(upper, lower)
    found, width = {}, {}
    for name in names:
        # The strip runs down the shaft; across is to the left of the picture.
        strip = leg.strip(leg.at(name), along, (6.0, 34.0))
        fall = falls(strip)
        edges = [_cortex(strip, fall, sign) for sign in (1.0, -1.0)]
        if None in edges:
            continue
        low, high = sorted(float(e) for e in edges if e is not None)
        width[name], middle = high - low, (low + high) / 2
        if abs(middle) <= OFF_SHAFT_MM and SHAFT_MM[0] <= width[name] <= SHAFT_MM[1]:
            found[name] = strip.on_film(0.0, middle)
    odd = len(width) > 1 and min(width.values()) < LEAST_TAPER * max(width.values())
    return {} if odd else found


OFF_SHAFT_MM = 4.5  # a click is no farther from the middle; beyond it lies a fibula
SHAFT_MM = (8.0, 60.0)  # thinnest bone of a child, widest shaft
LEAST_TAPER = 0.6  # of the wider of two places of a shaft


def _cortex(strip: Strip, fall: Array, sign: float) -> float | None:
    """Outer edge of the cortex on one side of the click [mm]; None if there is none."""
    beyond = sign * strip.across_mm > 2.0  # noqa: PLR2004 - the click lies in the bone
    outward = sign * fall[beyond]
    outward = outward if sign > 0 else outward[::-1]
    strength = first_of(np.maximum(outward, 0))
    path = smooth_edge(strength, 2.0)
    if clearness(strength, path, fall) < CLEAR_EDGE:
        return None
    far = np.sort(np.abs(strip.across_mm[beyond]))
    edge = float(np.median(np.interp(path, np.arange(len(far)), far)))
    return sign * (edge + rest_of(outward, path))


def _tip(leg: _Leg, names: tuple[str, ...]) -> Found:
    """Top of the trochanter: the highest place of its upper edge.

    Its back may end higher than its front, in a weaker edge: where both are seen,
    nobody can say by which of them a reader went.
    """
    (name,) = names
    strip = leg.strip(leg.at(name), np.array([1.0, 0.0]), (6.0, 7.0))
    fall = falls(strip)
    rise = np.maximum(-fall, 0)
    rise *= likely(strip.across_mm, NEAR_CLICK_MM)[:, None]
    strength = first_of(rise)
    path, weak = (smooth_edge(s, 0.6) for s in (strength, first_of(rise, WEAK_SHARE)))
    doubt = STEP_MM * float(np.median(np.abs(path - weak)))
    if clearness(strength, path, fall) < CLEAR_EDGE or doubt > DOUBT_MM:
        return {}
    across = np.interp(path, np.arange(len(strip.across_mm)), strip.across_mm)
    return {name: strip.on_film(*_summit(strip.along_mm, -across, -1.0))}


WEAK_SHARE, DOUBT_MM = 0.3, 1.0


_STEPS: tuple[tuple[tuple[str, ...], Callable[[_Leg, tuple[str, ...]], Found]], ...] = (
    (("hip_centre",), _head),
    (("fem_condyle_med", "fem_condyle_lat"), _line_of(BONE_ABOVE, hollow=False)),
    (("tib_plateau_med", "tib_plateau_lat"), _line_of(BONE_BELOW, hollow=True)),
    (("troch_tip",), _tip),
    (("fem_shaft_prox", "fem_shaft_dist"), _shaft),
    (("tib_shaft_prox", "tib_shaft_dist"), _shaft),
    (("fem_above_1", "fem_above_2"), _shaft),
    (("fem_below_1", "fem_below_2"), _shaft),
    (("tib_above_1", "tib_above_2"), _shaft),
    (("tib_below_1", "tib_below_2"), _shaft),
)
