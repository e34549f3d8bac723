"""One film being marked: what the landmark page asks, answered without a browser.

Everything goes through the same functions as the command line; the page holds the
points, this holds the film.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from pydantic import TypeAdapter

from callotasis.alignment import measure_film, measure_lateral
from callotasis.errors import FilmRefusal, LandmarkRefusal, Refusal
from callotasis.exchange import checked, plain
from callotasis.pages.guide import guide_for, quantities_of
from callotasis.pose import Side
from callotasis.radiograph import (
    LATERAL,
    Ball,
    Film,
    FilmNotes,
    KnownGeometry,
    Landmarks,
    View,
    find_balls,
    landmarks_from,
)
from callotasis.radiograph.landmarks import required_on
from callotasis.radiograph.refine import refined_at, scale_of
from callotasis.worlds import Worlds

QUICK_WORLDS = 200  # while a point is dragged: docs/bench.md says how fast
JPEG_QUALITY = 92
WIDEST, NARROWEST = 10.0, 1e-4  # of a window; a film's greys run from 0 to 1
NOTES = TypeAdapter(FilmNotes)
REFINED = "refined"


@dataclass(frozen=True)
class Target:
    """Where marked landmarks are kept.

    Attributes
    ----------
    words : str
        As the page says it.
    keep : callable
        Keeps landmarks and notes; gives a sentence about what was done.
    """

    words: str
    keep: Callable[[Landmarks, FilmNotes], str]


@dataclass(eq=False)
class Marking:
    """A film, what is known about it, and where its landmarks go.

    Attributes
    ----------
    film : Film
        As read from a file.
    name : str
        Of the file.
    target : Target
        Where landmarks are kept.
    start : Landmarks
        Points to begin with [px].
    notes : FilmNotes
        What is known to begin with.
    """

    film: Film
    name: str
    target: Target
    start: Landmarks = field(default_factory=Landmarks)
    notes: FilmNotes = field(default_factory=FilmNotes)
    _balls: dict[float, tuple[Ball, ...]] = field(default_factory=dict, repr=False)

    def state(self) -> dict[str, Any]:
        """Everything that the page needs to begin."""
        film = self.film
        return {
            "film": {
                "name": self.name,
                "rows": film.rows,
                "columns": film.columns,
                "aspect": film.aspect,
                "pitch_mm": film.spacing_mm[0] if film.spacing_mm else None,
                "synthetic": film.synthetic,
                "lateral": film.lateral,
                "laterality": film.laterality,
            },
            "landmarks": self.start.as_json(),
            "notes": asdict(self.notes),
            "target": self.target.words,
            "views": {
                str(view): {
                    "guide": guide_for(view),
                    "quantities": quantities_of(view),
                    "required": required_on(view),
                }
                for view in View
            },
        }

    def picture(self, low: float, high: float) -> bytes:
        """The film as a JPEG, black at ``low`` and white at ``high`` of its greys [1].

        Raises
        ------
        FilmRefusal
            If the window is empty, or far from the film's greys.
        """
        if not (low >= -WIDEST and high <= WIDEST and high - low >= NARROWEST):
            raise FilmRefusal(f"window from {low:g} to {high:g} shows nothing")
        grey = (self.film.pixels - np.float32(low)) * np.float32(255 / (high - low))
        np.clip(grey, 0, 255, out=grey)
        out = BytesIO()
        Image.fromarray(grey.astype(np.uint8)).save(out, "JPEG", quality=JPEG_QUALITY)
        return out.getvalue()

    def measured(
        self, raw: object, notes: object, *, quick: bool = False
    ) -> dict[str, Any]:
        """Measure what is placed so far.

        Parameters
        ----------
        raw : object
            Landmarks as their file says them [px].
        notes : object
            As :class:`callotasis.radiograph.FilmNotes`.
        quick : bool
            In few worlds, while a point is dragged.

        Returns
        -------
        dict
            The measurement; or ``waiting``, names of points that it needs; or
            ``refused``, why it cannot be.
        """
        whole, waiting = _whole_legs(raw)
        if not whole:
            return {"waiting": waiting}
        try:
            points = landmarks_from(whole)
            known = checked(NOTES, notes, "notes", FilmRefusal)
            return {"waiting": waiting, **self._measurement(points, known, quick=quick)}
        except Refusal as refusal:
            return {"waiting": waiting, "refused": str(refusal)}

    def _measurement(
        self, points: Landmarks, notes: FilmNotes, *, quick: bool
    ) -> dict[str, Any]:
        worlds = Worlds(QUICK_WORLDS) if quick else Worlds()
        balls = self._balls_of(notes.known)
        if points.view in LATERAL:
            lateral = measure_lateral(self.film, points, notes.known, worlds, balls)
            found: Any = plain(lateral.measurement)
        else:
            frontal = measure_film(
                self.film, points, notes.known, notes.facts, worlds, balls
            )
            found = plain(frontal.measurement)
        return dict(found)

    def _balls_of(self, known: KnownGeometry) -> tuple[Ball, ...] | None:
        """Balls of this film: looked for once for each diameter."""
        if known.ball_mm is None:
            return None
        if known.ball_mm not in self._balls:
            self._balls[known.ball_mm] = find_balls(self.film, known.ball_mm)
        return self._balls[known.ball_mm]

    def refined(self, raw: object, side: str, name: str) -> dict[str, Any]:
        """Look for one landmark on the picture.

        Parameters
        ----------
        raw : object
            Landmarks as their file says them, ``name`` among them [px].
        side, name : str
            What was clicked.

        Returns
        -------
        dict
            ``points`` that were found [px]; and ``kept``, a sentence, where the click
            stays.

        Raises
        ------
        LandmarkRefusal
            If the points are none.
        """
        points = _points_of(raw, side)
        if name not in points:
            raise LandmarkRefusal(f"{side}.{name} is not placed")
        scale = self._scale(raw)
        if scale is None:
            return {
                "points": {},
                "kept": "A picture without pixel spacing is refined once hip and ankle "
                "are placed.",
            }
        seen = refined_at(self.film, Side(side), points, name, scale)
        if name in seen:
            return {"points": {n: [*p] for n, p in seen.items()}, "kept": ""}
        return {
            "points": {n: [*p] for n, p in seen.items()},
            "kept": "The picture does not carry this point: it stays as clicked.",
        }

    def _scale(self, raw: object) -> float | None:
        whole, _ = _whole_legs(raw)
        if self.film.spacing_mm is None and not whole:
            return None
        return scale_of(self.film, landmarks_from(whole) if whole else Landmarks())

    def kept(self, raw: object, notes: object) -> str:
        """Keep landmarks and notes where they belong.

        Raises
        ------
        Refusal
            Before anything is written.
        """
        points = landmarks_from(raw)
        known = checked(NOTES, notes, "notes", FilmRefusal)
        self._measurement(points, known, quick=True)  # refuses what cannot be measured
        return self.target.keep(points, known)


def _points_of(raw: object, side: str) -> dict[str, tuple[float, float]]:
    """Points of one side of an unfinished landmark file, checked one by one."""
    legs = raw if isinstance(raw, dict) else {}
    leg = legs.get(side)
    if side not in set(Side) or not isinstance(leg, dict):
        raise LandmarkRefusal(f"side '{side:.20}' holds no landmarks")
    # Required points are filled in for the check alone: a leg is marked point by point.
    filled = {name: [0.0, 0.0] for name in required_on(View.FRONTAL)} | leg
    checked_leg = landmarks_from({side: filled}).sides[Side(side)]
    return {name: checked_leg[name] for name in leg}


def _whole_legs(raw: object) -> tuple[dict[str, Any], list[str]]:
    """Legs that can be measured, and what the others still need."""
    if not isinstance(raw, dict):
        raise LandmarkRefusal(
            f"landmarks are {type(raw).__name__}; needed is an object"
        )
    view = raw.get("view", str(View.FRONTAL))
    needed = required_on(View(view)) if view in [*View] else ()
    whole: dict[str, Any] = {}
    waiting = []
    for side in Side:
        leg = raw.get(str(side))
        if not isinstance(leg, Mapping) or not leg:
            continue
        missing = [f"{side}.{name}" for name in needed if name not in leg]
        waiting += missing
        if not missing:
            whole[str(side)] = leg
    if not whole:
        return {}, waiting or [f"R.{name}" for name in needed]
    refined = raw.get(REFINED, {})
    if isinstance(refined, Mapping):
        refined = {s: names for s, names in refined.items() if s in whole}
    return whole | {"view": view, REFINED: refined}, waiting


def landmark_text(points: Landmarks) -> bytes:
    """A landmark file, as people read and keep it."""
    return (json.dumps(points.as_json(), indent=1) + "\n").encode()
