"""Whose rings and struts a frame is built of, and who vouched for their figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import DeviceRefusal
from callotasis.evidence import Mark, constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Market, Read
from callotasis.fixation.hexapod.files import Number
from callotasis.fixation.hexapod.hardware import Ring, Strut

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class System:
    """All rings and struts that may be joined to each other.

    Attributes
    ----------
    told_inner_mm : tuple of float
        Inner diameters of rings of which nothing else is known [mm].
    rings, struts : tuple
        What a frame can be built of, once somebody has read the instructions.
    """

    name: str
    maker: str
    read: Read
    market: Market
    mark: Mark
    source: str
    told_inner_mm: tuple[Number, ...]
    rings: tuple[Ring, ...]
    struts: tuple[Strut, ...]

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        _check_parts(self.name, self.rings, self.struts)

    def ring(self, name: str) -> Ring:
        """A ring by its name.

        Raises
        ------
        DeviceRefusal
            If there is none.
        """
        for ring in self.rings:
            if ring.name == name:
                return ring
        known = ", ".join(ring.name for ring in self.rings) or "none"
        raise DeviceRefusal(
            f"{self.name} has no ring '{name:.40}'; known are {known} ({self.source})"
        )


@dataclass(frozen=True)
class ReadHardware:
    """What a named person read in a maker's instructions: a file from outside.

    Attributes
    ----------
    system, maker : str
        Name of the system; of a known one, the figures take the place of ours.
    document, read_by : str
        Title and date of the instructions, and who read them.
    market : Market
        Whether it may be used on people.
    rings, struts : tuple
        Every one that was read.
    """

    system: str
    maker: str
    document: str
    read_by: str
    market: Market
    rings: tuple[Ring, ...]
    struts: tuple[Strut, ...]

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    def __post_init__(self) -> None:
        for field in ("system", "maker", "document", "read_by"):
            if not getattr(self, field).strip():
                raise DeviceRefusal(
                    f"{field} is empty; sizes of rings and struts come with their "
                    "system, their maker, the document and the name of who read it"
                )
        if not (self.rings and self.struts):
            raise DeviceRefusal(
                f"{self.system:.40} holds {len(self.rings)} rings and "
                f"{len(self.struts)} struts; at least one of each is needed"
            )
        _check_parts(self.system, self.rings, self.struts)


@cache
def every_system() -> dict[str, System]:
    """All systems by name, also those of which no frame may be built."""
    text = files(__package__).joinpath("hardware.toml").read_text("utf-8")
    adapter = TypeAdapter(System)
    return {
        name: adapter.validate_python({"name": name, **raw})
        for name, raw in tomllib.loads(text).items()
    }


def system_named(name: str, confirmed: Mapping[str, ReadHardware]) -> System:
    """Find a system of which a frame may be built.

    Parameters
    ----------
    name : str
        Of the catalogue, or of a file.
    confirmed : dict of str to ReadHardware
        What somebody read in the instructions; it takes the place of our figures.

    Returns
    -------
    System
        Example, read, or confirmed.

    Raises
    ------
    DeviceRefusal
        If it is unknown, or its figures were read by nobody.

    References
    ----------
    .. [1] The design of this library, "Evidence has an audience".
    """
    known = every_system()
    if name in confirmed:
        return _as_read(confirmed[name], known.get(name))
    if name not in known:
        raise DeviceRefusal(
            f"system '{name:.40}' is unknown; known are {', '.join(sorted(known))}"
        )
    system = known[name]
    if system.read is Read.UNREAD:
        recalled = " and it was recalled" if system.market is Market.RECALLED else ""
        raise DeviceRefusal(
            f"figures of {name} are unsigned: nobody has read the maker's instructions"
            f"{recalled} (source: {system.source}); a file of its rings and struts is "
            "needed that names the document and who read it"
        )
    return system


def _as_read(read: ReadHardware, ours: System | None) -> System:
    """A system with the figures of a file; a recall that we know of stays."""
    recalled = ours is not None and ours.market is Market.RECALLED
    market = Market.RECALLED if recalled else read.market
    known = f"; market: {ours.source}" if ours is not None else ""
    return System(
        name=read.system,
        maker=read.maker,
        read=Read.INSTRUCTIONS,
        market=market,
        mark=Mark.SECOND_HAND,
        source=f"{read.document}, read by {read.read_by}{known}",
        told_inner_mm=ours.told_inner_mm if ours is not None else (),
        rings=read.rings,
        struts=read.struts,
    )


def fitting_rings(system: System, limb_radius_mm: float) -> tuple[Ring, ...]:
    """Rings that leave room for the skin all round.

    Parameters
    ----------
    system : System
        From :func:`system_named`.
    limb_radius_mm : float
        Half the largest width of the limb at the ring [mm].

    Returns
    -------
    tuple of Ring
        Smallest first.

    Raises
    ------
    DeviceRefusal
        If the radius cannot be, or no ring is wide enough.

    References
    ----------
    .. [1] Evidence row ``clearance.ring_skin``.

    Examples
    --------
    >>> [r.name for r in fitting_rings(every_system()["example"], 55.0)]
    ['full 160', 'partial 160', 'full 180', 'full 200']
    """
    row = constant("clearance.ring_skin")
    needed = 2 * (limb_radius_mm + row.value)
    fits = [ring for ring in system.rings if ring.inner_mm >= needed]
    if not (limb_radius_mm > 0 and fits):
        widest = max((ring.inner_mm for ring in system.rings), default=0.0)
        raise DeviceRefusal(
            f"a limb of radius {limb_radius_mm:g} mm needs a ring of {needed:g} mm "
            f"({row.value:g} mm all round: {row.source}); the widest of "
            f"{system.name} has {widest:g} mm"
        )
    return tuple(sorted(fits, key=lambda ring: ring.inner_mm))


def hardware_findings(system: System, about: str) -> list[Finding]:
    """Say what is known against a system.

    Parameters
    ----------
    system : System
        From :func:`system_named`.
    about : str
        The segment that the frame is for.

    Returns
    -------
    list of Finding
        A stop for a recalled system, a note for an invented one.

    References
    ----------
    .. [1] The system's own ``source``.
    """
    if system.market is Market.RECALLED:
        said = f"{system.name} was recalled ({system.source})."
        return [
            Finding(
                Level.STOP, "frame.recalled", said, "Choose another frame.", about=about
            )
        ]
    if system.read is Read.EXAMPLE:
        said = f"Rings and struts of {system.name} are invented: they exist nowhere."
        todo = "Use them to learn and to test, never for a person."
        return [Finding(Level.NOTE, "frame.example", said, todo, about=about)]
    return []


def _check_parts(system: str, rings: Sequence[Ring], struts: Sequence[Strut]) -> None:
    """Refuse a part of another system, and two of one name."""
    parts: list[Ring | Strut] = [*rings, *struts]
    for part in parts:
        if part.system != system:
            raise DeviceRefusal(
                f"{part.name:.40} belongs to {part.system:.40} and stands among rings "
                f"and struts of {system:.40}; each record belongs to its own system"
            )
    for names in ([r.name for r in rings], [s.name for s in struts]):
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise DeviceRefusal(f"{system:.40} holds two records named {twice:.40}")
