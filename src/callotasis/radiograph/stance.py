"""How far everything lies from the detector: what nobody measured, drawn per world.

Every unknown is a standard normal number in every world. What follows from them, the
stance, is one function of all of them, so that any sighting of something of known
size can be held against it, whatever it was and wherever it lay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Array, Worlds

Unknowns = Mapping[str, Array]
LEAST_SOURCE_MM = 1200.0
PITCH_SPREAD = 0.25  # of ln(pitch) where the file has none: all but nothing is known


@dataclass(frozen=True, eq=False)
class Stance:
    """Detector, source and joints in every world.

    Attributes
    ----------
    pitch_mm, source_mm : Array
        Shape (worlds,) [mm].
    depth_mm : dict of (Side, Joint) to Array
        Shape (worlds,), in front of the detector [mm].
    ball_edge : Array
        Shape (worlds,), what the film's processing adds to the diameter of every
        ball [mm].
    ball_off_mm : Array
        Shape (worlds,), how far all balls lie in front of the bones beside them.
    """

    pitch_mm: Array
    source_mm: Array
    depth_mm: Mapping[tuple[Side, Joint], Array]
    ball_edge: Array
    ball_off_mm: Array

    def log_size(self, depth_mm: Array) -> Array:
        """Logarithm of pixels for each millimetre at a depth, shape (worlds,) [1]."""
        grown = self.source_mm / (self.source_mm - depth_mm)
        return np.asarray(np.log(grown / self.pitch_mm))

    @property
    def knees_mm(self) -> Array:
        """Mean depth of the knees, shape (worlds,) [mm]."""
        every = [d for (_, joint), d in self.depth_mm.items() if joint is Joint.KNEE]
        return np.asarray(np.mean(every, axis=0))


@dataclass(frozen=True, eq=False)
class Posture:
    """From unknowns to a stance: everything about a film that is not unknown.

    Attributes
    ----------
    film : Film
        For its spacing and source distance.
    landmarks : Landmarks
        For where each joint stands across the film [px].
    known : KnownGeometry
        Typed source distance, true scale.
    facts : FilmFacts
        Flexion of the knees.
    guessed_pitch_mm : float
        Stands in where the file has no spacing [mm].
    """

    film: Film
    landmarks: Landmarks
    known: KnownGeometry
    facts: FilmFacts
    guessed_pitch_mm: float

    @property
    def names(self) -> list[str]:
        """Every unknown of this film."""
        joints = [f"{s}/{j}/depth" for s in self.landmarks.sides for j in Joint]
        return [*_SHARED, *joints]

    def drawn(self, worlds: Worlds) -> dict[str, Array]:
        """Draw every unknown: zero in world 0."""
        return {name: worlds.normal(f"film/{name}", 1.0) for name in self.names}

    def stance(self, unknowns: Unknowns) -> Stance:
        """What follows from the unknowns.

        Parameters
        ----------
        unknowns : dict of str to Array
            Standard normal, shape (worlds,) each [1].

        Returns
        -------
        Stance
            Depths, source and pitch [mm].

        References
        ----------
        .. [1] Evidence rows ``calibration.*``.
        """
        edge = constant("calibration.ball_edge")
        return Stance(
            pitch_mm=self._pitch(unknowns),
            source_mm=self._source(unknowns),
            depth_mm=self._depths(unknowns),
            ball_edge=edge.value + _SHARED_EDGE * edge.spread * unknowns["ball/edge"],
            ball_off_mm=_SHARED_PLACEMENT
            * constant("calibration.ball_placement").spread
            * unknowns["ball/placement"],
        )

    def _pitch(self, unknowns: Unknowns) -> Array:
        if self.known.true_scale:
            spread = constant("calibration.true_scale").spread
        else:
            spread = 0.0 if self.film.spacing_mm else PITCH_SPREAD
        pitch = (self.film.spacing_mm or (self.guessed_pitch_mm,))[0]
        return np.asarray(pitch * np.exp(spread * unknowns["pitch"]))

    def _source(self, unknowns: Unknowns) -> Array:
        drawn = unknowns["source"]
        if self.known.true_scale:
            return np.full_like(drawn, PARALLEL_MM)
        if self.known.source_mm is not None:
            return np.full_like(drawn, float(self.known.source_mm))
        if self.film.source_mm is not None:
            spread = constant("calibration.source_known").spread
            return np.asarray(self.film.source_mm + spread * drawn)
        row = constant("calibration.source_unknown")
        return np.clip(row.value + row.spread * drawn, LEAST_SOURCE_MM, None)

    def _depths(self, unknowns: Unknowns) -> dict[tuple[Side, Joint], Array]:
        """Both legs share how the person stands; a turn brings one side forward."""
        away = constant("calibration.detector_distance")
        knees = away.value + away.spread * unknowns["knees"]
        turn = self._turns(unknowns)
        profile = self._profile(unknowns)
        depth = {}
        for side in self.landmarks.sides:
            for joint in Joint:
                own = _own_spread(joint, self.facts) * unknowns[f"{side}/{joint}/depth"]
                forward = self._across_mm(side, joint) * np.tan(turn[joint])
                depth[side, joint] = knees + profile[joint] + forward + own
        return depth

    def _turns(self, unknowns: Unknowns) -> dict[Joint, Array]:
        pelvis, feet = (
            np.radians(constant(key).spread) * unknowns[name]
            for key, name in (
                ("calibration.pelvis_turn", "pelvis/turn"),
                ("calibration.feet_turn", "feet/turn"),
            )
        )
        return {
            Joint.HIP: pelvis,
            Joint.KNEE: np.asarray((pelvis + feet) / 2),
            Joint.ANKLE: feet,
        }

    def _profile(self, unknowns: Unknowns) -> dict[Joint, Array]:
        """How a standing person leans: hip before, ankle behind the knee [mm].

        What people look at is whether a knee is bent: how far it stands before the
        line from hip to ankle. That line leans by itself.
        """
        lean, line = (
            constant(f"calibration.{key}")
            for key in ("ankle_behind_hip", "knee_before_line")
        )
        behind = lean.value + lean.spread * unknowns["posture/lean"]
        flexion = np.radians(self.facts.knee_flexion_deg or 0.0)
        straight = line.value + line.spread * unknowns["posture/knees"]
        before = straight + constant("calibration.knee_lever").value * flexion
        share = self._femur_share()
        return {
            Joint.HIP: np.asarray(share * behind - before),
            Joint.KNEE: np.zeros_like(before),
            Joint.ANKLE: np.asarray((share - 1) * behind - before),
        }

    def _femur_share(self) -> float:
        """Femur's share of a leg, by the rows of its joints."""
        shares = []
        for leg in self.landmarks.sides.values():
            hip, knee, ankle = (leg[f"{joint}_centre"][1] for joint in Joint)
            shares.append((knee - hip) / (ankle - hip))
        return float(np.mean(shares))

    def _across_mm(self, side: Side, joint: Joint) -> float:
        """A joint to the patient's left of the middle of its pair [mm]."""
        pitch = (self.film.spacing_mm or (self.guessed_pitch_mm,))[0]
        size = pitch / constant("calibration.magnification_limits").value
        name = f"{joint}_centre"
        columns = [leg[name][0] for leg in self.landmarks.sides.values()]
        own = self.landmarks.sides[side][name][0]
        middle = (
            sum(columns) / 2
            if len(columns) == 2  # noqa: PLR2004 - both legs
            else self.film.columns / 2
        )
        return (own - middle) * size


def bow_mm(share: float, most_mm: Array | float) -> Array:
    """How far a femur stands before the line from hip to knee.

    Parameters
    ----------
    share : float
        Of the way from the hip to the knee [1].
    most_mm : Array or float
        Where it is most, at four fifths of the way: the condyles lie behind it [mm].

    Returns
    -------
    Array
        As ``most_mm`` [mm].

    References
    ----------
    .. [1] Drawn through three femora: evidence row ``calibration.shaft_bow``.
    """
    return np.asarray(most_mm * np.sin(np.pi * share**3))


PARALLEL_MM = 1e8  # a source so far away that depth no longer matters
_SHARED = (
    "source", "pitch", "knees", "posture/lean", "posture/knees",
    "pelvis/turn", "feet/turn", "ball/edge", "ball/placement",
)  # fmt: skip

# Balls of one film were seen through the same processing and placed by one person:
# these shares of their spreads are common to all of them.
_SHARED_EDGE, _SHARED_PLACEMENT = 0.8, 0.5
OWN_EDGE, OWN_PLACEMENT = 0.6, 0.866  # the rest, so that the squares add up to one


def _own_spread(joint: Joint, facts: FilmFacts) -> float:
    if joint is Joint.KNEE and facts.knee_flexion_deg is None:
        return float(constant("calibration.knee_depth_unknown_flexion").spread)
    if joint is Joint.KNEE:
        return float(constant("calibration.knee_depth_said_flexion").spread)
    return float(constant("calibration.joint_depth_own").spread)
