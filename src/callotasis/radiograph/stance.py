"""How far everything lies from the detector: what nobody measured, drawn per world.

Every unknown is a standard normal number in every world. What follows from them, the
stance, is one function of all of them, so that any sighting of something of known
size can be held against it, whatever it was and wherever it lay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callotasis.evidence import Evidence, constant
from callotasis.pose import Side
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import Landmarks, Point
from callotasis.worlds import Array, Worlds

Unknowns = Mapping[str, Array]
LEAST_SOURCE_MM = 1200.0
PITCH_SPREAD = 0.25  # of ln(pitch) where the file has none: all but nothing is known


@dataclass(frozen=True, eq=False)
class Stance:
    """Detector, beam and joints in every world.

    Attributes
    ----------
    pitch_mm, source_mm : Array
        Shape (worlds,) [mm].
    centre_px : Array
        Shape (worlds, 2), column and row where the central ray meets the film [px].
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
    centre_px: Array
    depth_mm: Mapping[tuple[Side, Joint], Array]
    ball_edge: Array
    ball_off_mm: Array

    def log_size(self, depth_mm: Array) -> Array:
        """Logarithm of pixels for each millimetre at a depth, shape (worlds,) [1]."""
        grown = self.source_mm / (self.source_mm - depth_mm)
        return np.asarray(np.log(grown / self.pitch_mm))

    def placed(self, point_px: Point, depth_mm: Array, aspect: float) -> Array:
        """Where a point of the film lies at a depth, shape (worlds, 3) [mm]."""
        size = self.pitch_mm * (1 - depth_mm / self.source_mm)
        return in_space(np.array(point_px) - self.centre_px, size, depth_mm, aspect)

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
        # A rim is read too small where blur acts before the logarithm, and only there.
        bias = edge.value if self.film.logarithmic else 0.0
        return Stance(
            pitch_mm=self._pitch(unknowns),
            source_mm=self._source(unknowns),
            centre_px=self._centre(unknowns),
            depth_mm=self._depths(unknowns),
            ball_edge=bias + _SHARED_EDGE * edge.spread * unknowns["ball/edge"],
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

    def _centre(self, unknowns: Unknowns) -> Array:
        """Where the central ray meets the film: about its middle, unless measured."""
        at = [unknowns[f"beam/{name}"] for name in ("column", "row")]
        if self.known.beam_centre_px is not None:
            return np.tile(np.array(self.known.beam_centre_px), (len(at[0]), 1))
        across = constant("calibration.beam_centre_column").spread / self._usual_mm
        down = constant("calibration.beam_centre_row").spread / self._usual_mm
        spread = [across, down / self.film.aspect]
        middle = np.array([self.film.columns / 2, self.film.rows / 2])
        return np.asarray(middle + np.stack(at, axis=1) * np.array(spread))

    @property
    def _usual_mm(self) -> float:
        """A pixel along columns, at the magnification that bones usually have [mm]."""
        pitch = (self.film.spacing_mm or (self.guessed_pitch_mm,))[0]
        return float(pitch / constant("calibration.magnification_limits").value)

    def _depths(self, unknowns: Unknowns) -> dict[tuple[Side, Joint], Array]:
        """Both legs share how the person stands; a turn brings one side forward."""
        away = constant("calibration.detector_distance")
        knees = away.value + away.spread * unknowns["knees"]
        turn = self._turns(unknowns)
        profile = self._profile(unknowns)
        spread = dict.fromkeys(Joint, constant("calibration.joint_depth_own").spread)
        apart = constant("calibration.knee_depth_apart").spread
        spread[Joint.KNEE] = float(np.hypot(spread[Joint.KNEE], apart))
        depth = {}
        for side in self.landmarks.sides:
            for joint in Joint:
                own = spread[joint] * unknowns[f"{side}/{joint}/depth"]
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
        lean = constant("calibration.ankle_behind_hip")
        line = constant("calibration.knee_before_line")
        behind = lean.value + lean.spread * unknowns["posture/lean"]
        straight = line.value + line.spread * unknowns["posture/knees"]
        lever = constant("calibration.knee_lever").value
        flexion = np.radians(self.facts.knee_flexion_deg or 0.0)
        error = self._flexion_error.spread * unknowns["posture/flexion"]
        before = straight + lever * flexion + error
        share = self._femur_share()
        return {
            Joint.HIP: np.asarray(share * behind - before),
            Joint.KNEE: np.zeros_like(before),
            Joint.ANKLE: np.asarray((share - 1) * behind - before),
        }

    @property
    def _flexion_error(self) -> Evidence:
        """Both knees of a person bend much alike, and one flexion is said of both."""
        if self.facts.knee_flexion_deg is None:
            return constant("calibration.knee_depth_unknown_flexion")
        return constant("calibration.knee_depth_said_flexion")

    def _femur_share(self) -> float:
        """Femur's share of a leg, by the rows of its joints."""
        shares = []
        for leg in self.landmarks.sides.values():
            hip, knee, ankle = (leg[f"{joint}_centre"][1] for joint in Joint)
            shares.append((knee - hip) / (ankle - hip))
        return float(np.mean(shares))

    def _across_mm(self, side: Side, joint: Joint) -> float:
        """A joint to the patient's left of the middle of its pair [mm]."""
        name = f"{joint}_centre"
        columns = [leg[name][0] for leg in self.landmarks.sides.values()]
        own = self.landmarks.sides[side][name][0]
        middle = (
            sum(columns) / 2
            if len(columns) == 2  # noqa: PLR2004 - both legs
            else self.film.columns / 2
        )
        return (own - middle) * self._usual_mm


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


def shin_mm(share: float) -> float:
    """How far a tibia's shaft stands before the line from knee to ankle.

    Parameters
    ----------
    share : float
        Of the way from the knee to the ankle [1].

    Returns
    -------
    float
        The plateau hangs behind the shaft, the plafond does not [mm].

    References
    ----------
    .. [1] Drawn through three tibiae: evidence row ``calibration.shin``.
    """
    most = constant("calibration.shin").value
    return float(most * np.interp(share, [0.0, 0.28, 0.67, 1.0], [0.0, 1.0, 0.0, 0.0]))


def in_space(offset_px: Array, size_mm: Array, depth_mm: Array, aspect: float) -> Array:
    """Place points of a film in space.

    Parameters
    ----------
    offset_px : Array
        Shape (worlds, 2), column and row from the centre of the beam [px].
    size_mm : Array
        Shape (worlds,), millimetres for each pixel along columns at their depth.
    depth_mm : Array
        Shape (worlds,), in front of the detector [mm].
    aspect : float
        Row pitch divided by column pitch [1].

    Returns
    -------
    Array
        Shape (worlds, 3): x to the patient's left, y anterior, z up [mm].

    References
    ----------
    .. [1] Similar triangles: planning facts 1.5.
    """
    across, down = offset_px.T
    return np.stack([across * size_mm, depth_mm, -down * size_mm * aspect], axis=1)


PARALLEL_MM = 1e8  # a source so far away that depth no longer matters
_SHARED = (
    "source", "pitch", "beam/column", "beam/row", "knees",
    "posture/lean", "posture/knees", "posture/flexion",
    "pelvis/turn", "feet/turn", "ball/edge", "ball/placement",
)  # fmt: skip

# Balls of one film were seen through the same processing and placed by one person:
# these shares of their spreads are common to all of them.
_SHARED_EDGE, _SHARED_PLACEMENT = 0.95, 0.5
OWN_EDGE, OWN_PLACEMENT = 0.312, 0.866  # the rest, so that the squares add up to one
