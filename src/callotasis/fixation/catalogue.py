"""Nails, rails and frames as data, and who has vouched for the data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import TypeAdapter

from callotasis.errors import DeviceRefusal
from callotasis.evidence import Mark
from callotasis.findings import Finding, Level
from callotasis.pose import Bone, Segment

LONGEST_STROKE_MM = 300.0


class Kind(StrEnum):
    """How a device lengthens."""

    NAIL = "nail"
    RAIL = "rail"
    RING = "ring"
    HEXAPOD = "hexapod"

    @property
    def external(self) -> bool:
        """Whether it stands outside the leg, on pins and wires."""
        return self is not Kind.NAIL

    @property
    def turns_bone(self) -> bool:
        """Whether it corrects angles day by day; others leave that to surgery."""
        return self in {Kind.RING, Kind.HEXAPOD}


class Read(StrEnum):
    """Who has read the maker's instructions."""

    EXAMPLE = "example"
    INSTRUCTIONS = "instructions"
    UNREAD = "unread"


class Market(StrEnum):
    """Whether a device may be implanted."""

    EXAMPLE = "example"
    AVAILABLE = "available"
    RECALLED = "recalled"


@dataclass(frozen=True)
class Device:
    """One model of the catalogue.

    Attributes
    ----------
    stroke_mm, step_mm : float
        How far it lengthens, and its smallest turn [mm].
    diameters_mm : tuple of float
        Of a nail [mm].
    minutes_per_mm : float
        Time on the controller; 0 where there is none [min/mm].
    system : str
        Of a hexapod, whose rings and struts it is built of.
    """

    name: str
    kind: Kind
    maker: str
    bones: tuple[Bone, ...]
    stroke_mm: float
    step_mm: float
    diameters_mm: tuple[float, ...]
    minutes_per_mm: float
    reversible: bool
    read: Read
    market: Market
    mark: Mark
    source: str
    system: str = ""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@cache
def every_device() -> dict[str, Device]:
    """All devices by name."""
    text = files(__package__).joinpath("devices.toml").read_text("utf-8")
    adapter = TypeAdapter(Device)
    return {
        name: adapter.validate_python({"name": name, **raw})
        for name, raw in tomllib.loads(text).items()
    }


@dataclass(frozen=True)
class ConfirmedData:
    """What a clinician read in the maker's instructions.

    Attributes
    ----------
    stroke_mm, step_mm : float
        How far the device lengthens, and its smallest turn [mm].
    document : str
        Title and date of the instructions.
    reversible : bool or None
        Whether it runs back; None leaves what the catalogue says.
    reason : str
        Why it was read, if somebody says so.
    """

    stroke_mm: float
    step_mm: float
    document: str
    reversible: bool | None = None
    reason: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not 0 < self.step_mm <= self.stroke_mm <= LONGEST_STROKE_MM:
            raise DeviceRefusal(
                f"confirmed step {self.step_mm:g} mm and stroke {self.stroke_mm:g} mm; "
                f"allowed is 0 < step <= stroke <= {LONGEST_STROKE_MM:g} mm"
            )
        if not self.document.strip():
            raise DeviceRefusal("a confirmation names the document that was read")

    def instead_of(self, device: Device) -> Device:
        """Put what was read in the place of the catalogue's figures."""
        back = device.reversible if self.reversible is None else self.reversible
        return replace(
            device,
            stroke_mm=self.stroke_mm,
            step_mm=self.step_mm,
            reversible=back,
            read=Read.INSTRUCTIONS,
            source=f"{self.document}, confirmed; market: {device.source}",
        )


def device_named(
    name: str, segment: Segment, confirmed: Mapping[str, ConfirmedData]
) -> Device:
    """Find a device that may be prescribed from.

    Parameters
    ----------
    name : str
        Of the catalogue.
    segment : Segment
        The bone it shall lengthen.
    confirmed : dict of str to ConfirmedData
        What a clinician read in the instructions; it takes the place of our figures.

    Returns
    -------
    Device
        Example, read, or confirmed.

    Raises
    ------
    DeviceRefusal
        If it is unknown, not for this bone, or its data were read by nobody.

    References
    ----------
    .. [1] The design of this library, "Evidence has an audience".
    """
    devices = every_device()
    if name not in devices:
        raise DeviceRefusal(
            f"device '{name}' is unknown; known are {', '.join(sorted(devices))}"
        )
    device = devices[name]
    if segment.bone not in device.bones:
        raise DeviceRefusal(f"{name} is not made for a {segment.bone}")
    if device.read is Read.UNREAD and name not in confirmed:
        recalled = " and it was recalled" if device.market is Market.RECALLED else ""
        raise DeviceRefusal(
            f"data of {name} are unsigned: nobody has read the maker's instructions"
            f"{recalled} (source: {device.source}); a clinician's decision entry that "
            "confirms stroke_mm and step_mm with the document is needed"
        )
    read = confirmed.get(name)
    return device if read is None else read.instead_of(device)


def device_findings(device: Device, segment: Segment) -> list[Finding]:
    """Say what is known against a device.

    Parameters
    ----------
    device : Device
        Of the catalogue.
    segment : Segment
        Where it shall go.

    Returns
    -------
    list of Finding
        A stop for a recalled device, a note for an invented one.

    References
    ----------
    .. [1] The device's own ``source``.
    """
    if device.market is Market.RECALLED:
        return [
            Finding(
                Level.STOP,
                "device.recalled",
                f"{device.name} was recalled ({device.source}).",
                "Choose another device.",
                about=str(segment),
            )
        ]
    if device.read is Read.EXAMPLE:
        return [
            Finding(
                Level.NOTE,
                "device.example",
                f"{device.name} is an invented example: it exists nowhere.",
                "Use it to learn and to test, never for a person.",
                about=str(segment),
            )
        ]
    return []
