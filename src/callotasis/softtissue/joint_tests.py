"""Which examination stretches which muscles, and in which pose of the leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callotasis.softtissue.muscles import Angles
from callotasis.softtissue.ranges import Ranges
from callotasis.worlds import Array

BENT_DEG = 90.0


@dataclass(frozen=True)
class JointTest:
    """An examination that ends where one muscle group is taut.

    Attributes
    ----------
    group : str
        Muscle group that it stretches.
    reading : str
        Field of :class:`~callotasis.softtissue.ranges.Ranges`.
    pose : callable
        Pose of the leg at a reading, other ranges known [deg].
    grows : int
        +1 if a longer muscle lets the reading grow, -1 if it lets it shrink.
    beside : str
        Group that may end the same movement; its own test tells the two apart.
    evidence : str
        Row on how much residual stretch a lost millimetre of reach stands for.
    at_surgery : str
        Row on what is lost by the operation alone.
    """

    group: str
    reading: str
    pose: Callable[[float | Array, Ranges], Angles]
    grows: int
    beside: str
    evidence: str
    at_surgery: str

    def read(self, ranges: Ranges) -> float | None:
        """The reading of this test, None if it was not done [deg]."""
        value: float | None = getattr(ranges, self.reading)
        return value


def _knee_as_straight_as_it_goes(reading: float | Array, known: Ranges) -> Angles:
    return Angles(knee_deg=known.knee_extension_lack_deg or 0.0, ankle_deg=reading)


def _prone(reading: float | Array, known: Ranges) -> Angles:
    # A hip that does not straighten lies bent on the couch.
    return Angles(hip_deg=max(0.0, -(known.hip_extension_deg or 0.0)), knee_deg=reading)


TESTS = {
    test.group: test
    for test in (
        JointTest(
            "soleus",
            "dorsiflexion_knee_bent_deg",
            lambda q, _: Angles(knee_deg=BENT_DEG, ankle_deg=q),
            +1,
            "",
            "softtissue.passive_ankle",
            "softtissue.lost_at_surgery_ankle",
        ),
        JointTest(
            "gastrocnemius",
            "dorsiflexion_knee_straight_deg",
            _knee_as_straight_as_it_goes,
            +1,
            "soleus",
            "softtissue.passive_ankle",
            "softtissue.lost_at_surgery_ankle",
        ),
        JointTest(
            "vasti",
            "knee_flexion_deg",
            lambda q, _: Angles(hip_deg=BENT_DEG, knee_deg=q),
            +1,
            "",
            "softtissue.passive_knee",
            "softtissue.lost_at_surgery_knee",
        ),
        JointTest(
            "rectus femoris",
            "knee_flexion_prone_deg",
            _prone,
            +1,
            "vasti",
            "softtissue.passive_knee",
            "softtissue.lost_at_surgery_knee",
        ),
        JointTest(
            "hamstrings",
            "popliteal_angle_deg",
            lambda q, _: Angles(hip_deg=BENT_DEG, knee_deg=q),
            -1,
            "",
            "softtissue.passive_knee",
            "softtissue.lost_at_surgery_knee",
        ),
        JointTest(
            "tensor fasciae latae",
            "hip_extension_deg",
            lambda q, _: Angles(hip_deg=-q),
            +1,
            "",
            "softtissue.passive_knee",
            "softtissue.lost_at_surgery_knee",
        ),
    )
}
"""Tests by the muscle group that they stretch."""
