"""Each exercise as a scene: start, end, what stands around, what the arrow follows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import ClassVar

from pydantic import TypeAdapter

from callotasis.errors import PlanRefusal
from callotasis.report.body_figure import Point, Posture

FORBID = {"extra": "forbid"}


class Thing(StrEnum):
    """What may stand around a person."""

    FLOOR = "floor"
    BED = "bed"
    WALL = "wall"
    CHAIR = "chair"
    TABLE = "table"
    RAIL = "rail"
    BIKE = "bike"
    ROLL = "roll"
    PILLOW = "pillow"
    WEDGE = "wedge"


@dataclass(frozen=True)
class Standing:
    """One thing and where it stands.

    Attributes
    ----------
    thing : Thing
        What it is.
    x, y : tuple of float, or float
        From where to where, or where [cm].
    at, size : tuple of float
        Middle and half axes of a roll or pillow [cm].
    back, legs : float
        Where a chair's back is; how tall a bed's legs are [cm].
    """

    thing: Thing
    x: Point | float = 0.0
    y: Point | float = 0.0
    at: Point = (0.0, 0.0)
    size: Point = (0.0, 0.0)
    back: float = 0.0
    legs: float = 0.0

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    @property
    def span(self) -> Point:
        """From where to where it reaches sideways [cm]."""
        return self.x if isinstance(self.x, tuple) else (self.x, self.x)

    @property
    def top(self) -> float:
        """How high its top is [cm]."""
        return self.y[1] if isinstance(self.y, tuple) else self.y


@dataclass(frozen=True)
class Arrow:
    """What moves from start to end.

    Attributes
    ----------
    of : str
        Joint that it follows.
    bow : float
        How far it bows, as a share of its length [1].
    beside : tuple of float
        How far it is moved aside, so that it hides no limb [cm].
    long : float
        Drawn at least so long; small moves would not be seen [cm].
    """

    of: str
    bow: float = 0.0
    beside: Point = (0.0, 0.0)
    long: float = 0.0

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID


@dataclass(frozen=True)
class Scene:
    """One exercise as it is drawn.

    Attributes
    ----------
    start, end : Posture
        The two pictures [deg, cm].
    arrow : Arrow
        The motion between them.
    things : tuple of Standing
        What stands around.
    strap : tuple of str
        Two joints that a strap or towel joins; empty for none.
    zoom : tuple of float or None
        From where to where the paper reaches, where only a part is shown [cm].
    crutches : tuple of tuple of float
        Tips of the near and the far crutch; empty for none [cm].
    """

    start: Posture
    end: Posture
    arrow: Arrow
    things: tuple[Standing, ...]
    strap: tuple[str, ...] = ()
    zoom: Point | None = None
    crutches: tuple[Point, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID


@cache
def every_scene() -> dict[str, Scene]:
    """All scenes by the name of their exercise."""
    path = files(__package__).joinpath("exercise_poses.toml")
    adapter = TypeAdapter(Scene)
    return {
        name: adapter.validate_python(raw)
        for name, raw in tomllib.loads(path.read_text("utf-8")).items()
    }


def scene_named(name: str) -> Scene:
    """The scene of an exercise.

    Raises
    ------
    PlanRefusal
        If nobody has drawn it: an exercise without a picture goes on no sheet.
    """
    scenes = every_scene()
    if name not in scenes:
        raise PlanRefusal(
            f"exercise '{name}' has no picture; drawn are {', '.join(scenes)}"
        )
    return scenes[name]
