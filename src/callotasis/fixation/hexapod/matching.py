"""From where two films were taken, told by the ring that is seen on both.

The reference ring's shape is known, and it is seen twice. A film taken a few degrees
beside its direction shows it a little otherwise, and rays of both films pass each other
where they should meet. Both say how each film was really taken: as far as its points
are sharp, and no farther than a film usually strays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.films import (
    POINTS,
    VIEWS,
    Taken,
    TwoFilms,
    met,
    projected,
    ring_seen,
)
from callotasis.worlds import Array

ROUNDS = 4
STEP = 1e-3  # [deg, mm], for slopes
LEAST_SD = 1e-6  # what scatters not at all is held this firmly [deg, mm]
SHARPEST_MM = 0.05  # no film shows a point more sharply
A_FILM = 4  # turns about x, y and z, and the source's distance


@dataclass(frozen=True, eq=False)
class Strays:
    """How far films stray from how they should be taken, and how sharp points are.

    Attributes
    ----------
    drawn : Array
        Shape (worlds, 8): turns and distance of the frontal, then of the side film, as
        far as they are believed before the ring is looked at [deg, mm].
    sd : Array
        Shape (8,), their standard deviations [deg, mm].
    point_sd : Array
        Shape (n,), of every coordinate of every point of both films [mm].
    """

    drawn: Array
    sd: Array
    point_sd: Array


def films_at(strays: Array, two: TwoFilms) -> dict[str, Taken]:
    """Two films that stray so far.

    Parameters
    ----------
    strays : Array
        Shape (worlds, 8) [deg, mm].
    two : TwoFilms
        How they should have been taken [mm].

    Returns
    -------
    dict of str to Taken
        By view.

    References
    ----------
    .. [1] :class:`callotasis.fixation.hexapod.films.Taken`.
    """
    found = {}
    for view, part in zip(VIEWS, np.split(strays, 2, axis=1), strict=True):
        off = part[:, 3]
        found[view] = Taken.by(part[:, :3], two.source_mm + off, two.object_mm + off)
    return found


def matched(
    seen: dict[str, Array], joints_mm: Array, two: TwoFilms, strays: Strays
) -> dict[str, Taken]:
    """How both films were most likely taken, in every world.

    Parameters
    ----------
    seen : dict of str to Array
        By view, shape (worlds, points, 2), the ring's joints last [mm].
    joints_mm : Array
        Shape (6, 3), of the reference ring in its own frame [mm].
    two : TwoFilms
        How they should have been taken [mm].
    strays : Strays
        What is believed beforehand.

    Returns
    -------
    dict of str to Taken
        By view.

    Raises
    ------
    FrameRefusal
        If a point as read lies too far from where all others put it.

    References
    ----------
    .. [1] Bundle adjustment by variable projection, with a normal prior
       (Gauss-Newton, slopes of world 0); a world is one draw of reading and prior, so
       that all worlds together are the posterior (randomise, then optimise: Bardsley
       2014). Evidence row ``hexapod.misfit_limit``.
    """
    first = {view: points[:1] for view, points in seen.items()}
    weights = 1 / np.maximum(strays.point_sd, LEAST_SD) ** 2
    hold = 1 / np.maximum(strays.sd, LEAST_SD) ** 2
    at = strays.drawn
    for _ in range(ROUNDS):
        slopes = _slopes(at[:1], first, joints_mm, two)
        normal = (slopes.T * weights) @ slopes + np.diag(hold)
        pull = (_misfit(at, seen, joints_mm, two) * weights) @ slopes
        back = (at - strays.drawn) * hold
        at = at - np.linalg.solve(normal, (pull + back).T).T
    _check_fit(_misfit(at[:1], first, joints_mm, two)[0], strays.point_sd)
    return films_at(at, two)


def _slopes(
    at: Array, seen: dict[str, Array], joints_mm: Array, two: TwoFilms
) -> Array:
    """How misfits answer to the strays of both films, shape (n, 8)."""
    columns = []
    for index in range(2 * A_FILM):
        step = np.zeros((1, 2 * A_FILM))
        step[0, index] = STEP
        higher, lower = (
            _misfit(at + way * step, seen, joints_mm, two)[0] for way in (1, -1)
        )
        columns.append((higher - lower) / (2 * STEP))
    return np.stack(columns, axis=1)


def _misfit(
    strays: Array, seen: dict[str, Array], joints_mm: Array, two: TwoFilms
) -> Array:
    """Read minus expected, every coordinate of every point, shape (worlds, n) [mm]."""
    films = films_at(strays, two)
    places = met(seen, films)
    bones = len(POINTS)
    ring = ring_seen(joints_mm, places[:, bones:]).carried(joints_mm)
    solid = np.concatenate([places[:, :bones], ring], axis=1)
    off = [seen[view] - projected(solid, view, films[view]) for view in VIEWS]
    return np.concatenate([o.reshape(len(o), -1) for o in off], axis=1)


def _check_fit(misfit: Array, sd: Array) -> None:
    """Refuse a point that the others contradict: it was misread, or is another one."""
    limit = constant("hexapod.misfit_limit")
    many = misfit / np.maximum(sd, SHARPEST_MM)
    off = np.linalg.norm(many.reshape(len(VIEWS), -1, 2), axis=-1)
    view, point = np.unravel_index(int(off.argmax()), off.shape)
    if off[view, point] <= limit.value:
        return
    away = np.linalg.norm(misfit.reshape(len(VIEWS), -1, 2)[view, point])
    names = (*POINTS, *(f"joint {n} of the ring" for n in range(1, 7)))
    raise FrameRefusal(
        f"{VIEWS[view]} film: {names[point].replace('_', ' ')} was read {away:.1f} mm "
        f"from where all other points put it; allowed is {limit.value:g} times the "
        f"scatter of its reading, {SHARPEST_MM:g} mm at least: read both films again, "
        "and mind which film is which"
    )
