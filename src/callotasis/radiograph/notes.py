"""What is known about a film as plain data: from options, a file, or the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from callotasis.errors import FilmRefusal
from callotasis.pose import Side
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry


@dataclass(frozen=True)
class FilmNotes:
    """What is known about a film, as plain data.

    Attributes
    ----------
    ball_mm, magnification, magnification_sd, source_mm : float or None
        As in :class:`callotasis.radiograph.KnownGeometry`.
    beam_centre_px : tuple of float or None
        Column and row [px].
    depth_mm : dict of str to float
        Like ``{"R.hip": 135.6}``, in front of the detector [mm].
    patella_forward, knee_flexion_deg : bool or float or None
        As in :class:`callotasis.radiograph.FilmFacts`.
    block_mm : dict of str to float, or None
        Like ``{"R": 40}``; empty where no block was used, None if unknown [mm].
    """

    ball_mm: float | None = None
    magnification: float | None = None
    magnification_sd: float | None = None
    source_mm: float | None = None
    beam_centre_px: tuple[float, float] | None = None
    depth_mm: dict[str, float] = field(default_factory=dict)
    patella_forward: bool | None = None
    knee_flexion_deg: float | None = None
    block_mm: dict[str, float] | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def known(self) -> KnownGeometry:
        """The part that gives the scale."""
        return KnownGeometry(
            self.ball_mm,
            self.magnification,
            self.magnification_sd,
            self.source_mm,
            self.beam_centre_px,
            {_joint(name): mm for name, mm in self.depth_mm.items()},
        )

    @property
    def facts(self) -> FilmFacts:
        """The part about how the patient stood."""
        blocks = self.block_mm
        return FilmFacts(
            self.patella_forward,
            self.knee_flexion_deg,
            None if blocks is None else {_side(s): mm for s, mm in blocks.items()},
        )


def _joint(name: str) -> tuple[Side, Joint]:
    side, _, joint = name.partition(".")
    if side not in set(Side) or joint not in set(Joint):
        raise FilmRefusal(
            f"joint '{name}' is unknown; allowed are R or L with .hip, .knee or .ankle"
        )
    return Side(side), Joint(joint)


def _side(name: str) -> Side:
    if name not in set(Side):
        raise FilmRefusal(f"side '{name}' is unknown; allowed are R and L")
    return Side(name)
