"""Landmarks: names, files, how far a click scatters, and which side is which."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from callotasis.errors import LandmarkRefusal
from callotasis.evidence import constant
from callotasis.pose import Side


class View(StrEnum):
    """From where the beam comes, and what stands before it."""

    FRONTAL = "frontal"
    LATERAL_FEMUR = "lateral femur"
    LATERAL_TIBIA = "lateral tibia"


REQUIRED = ("hip_centre", "knee_centre", "ankle_centre")

LATERAL = {
    View.LATERAL_FEMUR: (
        "fem_shaft_prox", "fem_shaft_mid", "fem_shaft_dist",
        "fem_joint_ant", "fem_joint_post",
    ),
    View.LATERAL_TIBIA: (
        "tib_plateau_ant", "tib_plateau_post",
        "tib_shaft_prox", "tib_shaft_mid", "tib_shaft_dist",
        "plafond_ant", "plafond_post",
    ),
}  # fmt: skip
"""Landmarks of a lateral film of one bone; ``fem_joint_*`` are the ends of the growth
plate's line, where the condyles leave the shaft."""

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
    "patella_centre": "landmarks.patella",
    "sole": "landmarks.sole",
    # Mid-cortex points above and below a bend, two of each, for anatomic planning.
    "fem_above_1": "landmarks.shaft",
    "fem_above_2": "landmarks.shaft",
    "fem_below_1": "landmarks.shaft",
    "fem_below_2": "landmarks.shaft",
    "tib_above_1": "landmarks.shaft",
    "tib_above_2": "landmarks.shaft",
    "tib_below_1": "landmarks.shaft",
    "tib_below_2": "landmarks.shaft",
    # Inner and outer edges of the cortex where an implant shall lie.
    **{
        f"{bone}_{edge}_{end}": "landmarks.cortex"
        for bone in ("fem", "tib")
        for edge in ("canal", "cortex")
        for end in ("med", "lat")
    },
    # On lateral films only.
    "fem_shaft_mid": "landmarks.shaft",
    "tib_shaft_mid": "landmarks.shaft",
    "fem_joint_ant": "landmarks.joint_line",
    "fem_joint_post": "landmarks.joint_line",
    "tib_plateau_ant": "landmarks.joint_line",
    "tib_plateau_post": "landmarks.joint_line",
    "plafond_ant": "landmarks.joint_line",
    "plafond_post": "landmarks.joint_line",
    # The lead letter, clicked under the side that it names.
    "side_marker": "landmarks.rim",
}
"""Every landmark with the evidence row of its scatter across what it lies on."""

ALONG = {
    "troch_tip": "landmarks.trochanter_along",
    "tib_rim_med": "landmarks.rim_across",
    "tib_rim_lat": "landmarks.rim_across",
    **dict.fromkeys(
        (n for n, key in SCATTER.items() if key == "landmarks.joint_line"),
        "landmarks.joint_line_along",
    ),
}
"""Landmarks on a flat or a steep edge: another row speaks for their columns."""


REFINED = {
    "hip_centre": "refined.head",
    "troch_tip": "refined.trochanter",
    **dict.fromkeys(
        (
            *("fem_condyle_med", "fem_condyle_lat"),
            *("tib_plateau_med", "tib_plateau_lat"),
        ),
        "refined.joint_line",
    ),
    **dict.fromkeys(
        (n for n, key in SCATTER.items() if key == "landmarks.shaft"), "refined.shaft"
    ),
}
"""Landmarks that the picture itself can give, with the scatter that then remains."""


def click_spread_mm(name: str, *, refined: bool = False) -> tuple[float, float]:
    """Standard deviation of one landmark along columns and rows [mm]."""
    rows = constant(REFINED[name] if refined else SCATTER[name]).value
    return (constant(ALONG[name]).value if name in ALONG else rows), rows


MAX_FILE_BYTES = 2**20

Point = tuple[float, float]


@dataclass(frozen=True)
class Landmarks:
    """Clicked points of one film, as (column, row) in pixels.

    The centre of the top-left pixel is (0.5, 0.5). ``refined`` names the points that
    the picture itself gave: they scatter less than a click.
    """

    sides: Mapping[Side, Mapping[str, Point]] = field(default_factory=dict)
    refined: Mapping[Side, frozenset[str]] = field(default_factory=dict)
    view: View = View.FRONTAL

    def as_json(self) -> dict[str, Any]:
        """The landmark file as plain data."""
        plain: dict[str, Any] = {
            str(side): {name: [*point] for name, point in points.items()}
            for side, points in self.sides.items()
        }
        named = {str(s): sorted(names) for s, names in self.refined.items() if names}
        seen = {} if self.view is View.FRONTAL else {"view": str(self.view)}
        return seen | plain | ({"refined": named} if named else {})


def read_landmarks(path: Path) -> Landmarks:
    """Read a landmark file.

    Parameters
    ----------
    path : Path
        JSON: ``{"R": {"hip_centre": [column, row], ...}, "L": {...}}`` [px]; of a
        lateral film ``{"view": "lateral femur", "R": {"fem_shaft_prox": ...}}``.

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
        text = _text_of(path)
    except OSError as error:
        raise LandmarkRefusal(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise LandmarkRefusal(f"{path.name} is no JSON: {error}") from None
    try:
        return landmarks_from(
            json.loads(text, parse_int=float, object_pairs_hook=_named_once)
        )
    except LandmarkRefusal as refusal:
        raise LandmarkRefusal(f"{path.name}: {refusal}") from None
    except RecursionError:
        raise LandmarkRefusal(
            f"{path.name} is no JSON: brackets are nested too deep, from byte "
            f"{_deepest(text)} on"
        ) from None
    except ValueError as error:
        raise LandmarkRefusal(f"{path.name} is no JSON: {error}") from None


def _text_of(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise LandmarkRefusal(f"{path.name} is larger than {MAX_FILE_BYTES} bytes")
    if not path.is_file():
        raise LandmarkRefusal(f"{path.name} is no file")
    return path.read_text("utf-8")


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a key that is said twice: JSON would keep the last one, unsaid."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise LandmarkRefusal(f"{ascii(key)[:60]} is named twice")
        found[key] = value
    return found


def _deepest(text: str, most: int = 4) -> int:
    """Where brackets are first nested deeper than any landmark file is."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter in "[{") - (letter in "]}")
        if depth > most:
            return len(text[:at].encode())
    return len(text.encode())


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
    about: dict[str, object] = {}
    if isinstance(raw, dict):
        about = {key: raw[key] for key in ("refined", "view") if key in raw}
        raw = {key: value for key, value in raw.items() if key not in about}
    if not isinstance(raw, dict) or not raw or not set(raw) <= {"R", "L"}:
        found = type(raw).__name__
        if isinstance(raw, dict):
            found = ascii(sorted(map(str, raw))[:8])[:120]
        raise LandmarkRefusal(f"a landmark file holds 'R', 'L' or both; found {found}")
    view = _view(about.get("view", View.FRONTAL), raw)
    sides = {Side(s): _leg(s, raw[s], view) for s in ("R", "L") if s in raw}
    return Landmarks(sides, _refined(about.get("refined", {}), sides), view)


def _view(raw: object, legs: Mapping[str, object]) -> View:
    if not isinstance(raw, str) or raw not in set(View):
        raise LandmarkRefusal(
            f"view is {raw!a:.60}; allowed are {', '.join(map(repr, map(str, View)))}"
        )
    view = View(raw)
    if view in LATERAL and len(legs) != 1:
        raise LandmarkRefusal(
            f"a {view} film shows one leg; the file holds {len(legs)}: split it"
        )
    return view


def _refined(
    raw: object, sides: Mapping[Side, Mapping[str, Point]]
) -> dict[Side, frozenset[str]]:
    """Check which points the file says were refined on the picture."""
    if not isinstance(raw, dict) or not set(raw) <= {str(side) for side in sides}:
        raise LandmarkRefusal(
            f"refined is {raw!a:.60}; needed are lists of names by side of the file"
        )
    for side, names in raw.items():
        allowed = set(sides[Side(side)]) & set(REFINED)
        known = isinstance(names, list) and all(str(n) in allowed for n in names)
        if not known:
            raise LandmarkRefusal(
                f"refined.{side} is {names!a:.60}; allowed are names of landmarks of "
                "this side that a picture can give"
            )
    return {Side(side): frozenset(map(str, names)) for side, names in raw.items()}


def names_on(view: View) -> tuple[str, ...]:
    """Every landmark that a film of this view can carry, in the order of the tables."""
    if view in LATERAL:
        return LATERAL[view]
    return tuple(name for name in SCATTER if name not in _LATERAL_ONLY)


_LATERAL_ONLY = {"fem_shaft_mid", "tib_shaft_mid"} | {
    name
    for names in LATERAL.values()
    for name in names
    if name.endswith(("_ant", "_post"))
}


def required_on(view: View) -> tuple[str, ...]:
    """Landmarks without which a film of this view measures nothing."""
    if view in LATERAL:
        return tuple(n for n in LATERAL[view] if n.endswith(("shaft_prox", "_dist")))
    return REQUIRED


def _leg(side: str, raw: object, view: View) -> dict[str, Point]:
    if not isinstance(raw, dict):
        raise LandmarkRefusal(f"{side} holds no landmarks")
    needed = required_on(view)
    for name in needed:
        if name not in raw:
            raise LandmarkRefusal(
                f"{side}.{name} is missing; required are "
                f"{', '.join(needed[:-1])} and {needed[-1]}"
            )
    return {str(name): _point(f"{side}.{name}", raw[name], view) for name in raw}


def _point(name: str, raw: object, view: View) -> Point:
    known = names_on(view)
    if name[2:] not in known:
        raise LandmarkRefusal(
            f"landmark {ascii(name)[1:-1]:.60} is unknown; known are "
            f"{', '.join(sorted(known))}"
        )
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - a pair
        raise LandmarkRefusal(f"{name} is {raw!a:.60}; needed is [column, row]")
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in raw):
        raise LandmarkRefusal(f"{name} is {raw!a:.60}; needed are two numbers")
    column, row = (float(v) if abs(v) < 1e9 else math.inf for v in raw)  # noqa: PLR2004
    if not (math.isfinite(column) and math.isfinite(row)):
        raise LandmarkRefusal(f"{name} is {raw!a:.60}; needed are finite numbers")
    return column, row
