"""What is known about a film as plain data: from options, a file, or the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from callotasis.errors import FilmRefusal
from callotasis.pose import Segment, Side
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry, KnownLength
from callotasis.radiograph.landmarks import SCATTER


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
        Like ``{"R.hip": 135.6}``, joint or landmark, in front of the detector [mm].
    patella_forward, knee_flexion_deg : bool or float or None
        As in :class:`callotasis.radiograph.FilmFacts`.
    block_mm : dict of str to float, or None
        Like ``{"R": 40}``; empty where no block was used, None if unknown [mm].
    lengths : list of KnownLength
        Rulers, implants and blocks on the film.
    true_scale : bool
        As in :class:`callotasis.radiograph.KnownGeometry`.
    rotation_deg : dict of str to float
        Like ``{"R": 8}``, external positive [deg].
    torsion_deg : dict of str to float
        Like ``{"R.tibia": 30}``, from a CT [deg].
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
    lengths: list[KnownLength] = field(default_factory=list)
    true_scale: bool = False
    rotation_deg: dict[str, float] = field(default_factory=dict)
    torsion_deg: dict[str, float] = field(default_factory=dict)

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
            {_place(name): mm for name, mm in self.depth_mm.items()},
            tuple(self.lengths),
            self.true_scale,
        )

    @property
    def facts(self) -> FilmFacts:
        """The part about how the patient stood."""
        blocks = self.block_mm
        return FilmFacts(
            self.patella_forward,
            self.knee_flexion_deg,
            None if blocks is None else {_side(s): mm for s, mm in blocks.items()},
            {_side(s): turn for s, turn in self.rotation_deg.items()},
            {Segment.parse(s): turn for s, turn in self.torsion_deg.items()},
        )


def _place(name: str) -> tuple[Side, str]:
    side, _, place = name.partition(".")
    if side not in set(Side) or place not in {*Joint, *SCATTER}:
        raise FilmRefusal(
            f"joint '{name}' is unknown; allowed are R or L with .hip, .knee or "
            ".ankle, or the name of a landmark"
        )
    return Side(side), place


def _side(name: str) -> Side:
    if name not in set(Side):
        raise FilmRefusal(f"side '{name}' is unknown; allowed are R and L")
    return Side(name)
