"""What was read on a leg in its frame, and how it scatters from world to world."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod.films import VIEWS, TwoFilms, parameters_seen
from callotasis.fixation.hexapod.frame import STRUTS, Frame, Placement
from callotasis.fixation.hexapod.matching import Strays, matched
from callotasis.fixation.hexapod.mounting import (
    Mounting,
    motion_of,
    ring_on_bone,
)
from callotasis.fixation.hexapod.orders import (
    MountingFile,
    ProgramOrder,
    SixParameters,
)
from callotasis.pose import PARAMETERS
from callotasis.worlds import Array, Worlds

MOST_TIMES = 100
LARGEST_FILM_MM = 1000.0  # a long film and its shift


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything that was read, in every world.

    Attributes
    ----------
    deformity : Placement
        The distal fragment, from where it shall meet the proximal one [mm].
    mounting : Mounting
        The reference ring on its fragment [mm].
    strut_error_mm : Array
        Shape (worlds, 6): what the struts are beside what their scales say [mm].
    inputs : dict of str to Array
        Draws of each reading by its name, shape (worlds, ...).
    """

    deformity: Placement
    mounting: Mounting
    strut_error_mm: Array
    inputs: Mapping[str, Array]

    def deformity_right(self) -> Reading:
        """The same with a deformity that was read without error."""
        count = len(self.strut_error_mm)
        first = self.deformity[0]
        still = Placement(
            np.broadcast_to(first.translation_mm, (count, 3)),
            np.broadcast_to(first.rotation, (count, 3, 3)),
        )
        own = {n: x for n, x in self.inputs.items() if not n.startswith("deformity")}
        return replace(self, deformity=still, inputs=own)


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
    drawn = _Draws(worlds, order.scatter.filled(), dict(order.read_times))
    struts = drawn("strut scales", (STRUTS,), "strut_mm")
    match order.deformity, order.mounting, order.films:
        case SixParameters() as deformity, MountingFile() as mounting, None:
            read = _from_parameters(deformity, mounting, drawn)
        case None, None, TwoFilms() as films:
            read = _from_films(films, order, frame, drawn)
        case _:
            raise FrameRefusal("give deformity and mounting, or films, and not both")
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
        sd = self.sd(name, kind)
        self.inputs[name] = self.worlds.normal(f"frame/{name}", sd, shape)
        return self.inputs[name]

    def sd(self, name: str, kind: str) -> float:
        return self.scatter[kind] / math.sqrt(self.times.get(name, 1))

    def check_names(self) -> None:
        unknown = sorted(set(self.times) - set(self.inputs))
        if unknown:
            raise FrameRefusal(
                f"read_times names '{unknown[0]:.60}'; known are "
                f"{', '.join(self.inputs)}"
            )


def _from_parameters(
    deformity: SixParameters, mounting: MountingFile, drawn: _Draws
) -> tuple[Placement, Mounting]:
    ring = _scattered("mounting", mounting.ring, drawn)
    fragment = _scattered("deformity", deformity, drawn)
    return motion_of(fragment), Mounting(mounting.reference, ring_on_bone(ring))


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


TAKEN = (
    ("direction", (3,), "film_angle_deg"),
    ("source distance", (1,), "source_mm"),
)


def _from_films(
    two: TwoFilms, order: ProgramOrder, frame: Frame, drawn: _Draws
) -> tuple[Placement, Mounting]:
    two.check()
    seen, sharp, strays, sd = {}, [], [], []
    for view, film in zip(VIEWS, (two.frontal, two.side), strict=True):
        points = film.points()
        for name, at in points.items():
            away = np.abs(at).max()
            if not away <= LARGEST_FILM_MM:
                raise FrameRefusal(
                    f"{view} film: {name} lies {away:g} mm from the central ray; "
                    f"allowed is up to {LARGEST_FILM_MM:g} mm"
                )
        read = []
        for name, at in points.items():
            label = f"{view} film: {name.replace('_', ' ')}"
            read.append(at + drawn(label, at.shape, "landmark_mm"))
            sharp.append(np.full(at.size, drawn.sd(label, "landmark_mm")))
        seen[view] = np.concatenate(read, axis=1)
        for what, shape, kind in TAKEN:
            label = f"{view} film: {what}"
            strays.append(drawn(label, shape, kind))
            sd.append(np.full(shape, drawn.sd(label, kind)))
    believed = Strays(
        np.concatenate(strays, axis=1), np.concatenate(sd), np.concatenate(sharp)
    )
    joints = frame.joints_of(order.film_reference)
    taken = matched(seen, joints, two, believed)
    return parameters_seen(
        frame, order.film_reference, seen, taken, two.normal_torsion_deg
    )
