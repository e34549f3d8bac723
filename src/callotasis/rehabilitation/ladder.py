"""Rungs of the ladder of loading, and what is known before one is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callotasis.errors import DeviceRefusal, PlanRefusal
from callotasis.rehabilitation.programme import PROPOSAL

CORTICES = ("medial", "lateral", "anterior", "posterior")
MOST_RATIO = 2.0  # twice the cortex is no callus, and 93 is a percentage
MOST_LIMIT_KG = 150.0


class Step(StrEnum):
    """Rungs of the ladder, from the lowest."""

    TOUCH = "touch"
    PARTIAL = "partial"
    HALF = "half"
    FULL_WITH_AIDS = "full with aids"
    FULL = "full"


@dataclass(frozen=True)
class LoadLimit:
    """What a device carries, as a clinician read it in the maker's instructions.

    Attributes
    ----------
    limit_kg : float
        Most that the leg may carry while the bone is not solid [kg].
    document : str
        Title and date of the instructions.
    read_by : str
        Who read it.
    """

    limit_kg: float
    document: str
    read_by: str

    def __post_init__(self) -> None:
        if not 0 < self.limit_kg <= MOST_LIMIT_KG:
            raise DeviceRefusal(
                f"limit_kg is {self.limit_kg:g}; allowed is more than 0 and up to "
                f"{MOST_LIMIT_KG:g} kg. Is it in kilograms?"
            )
        for name in ("document", "read_by"):
            if not getattr(self, name).strip():
                raise DeviceRefusal(
                    f"{name} of a load limit is empty; a limit names who read it where"
                )


@dataclass(frozen=True)
class Callus:
    """What the last films say about the new bone.

    Attributes
    ----------
    ratios : dict of str to float
        Pixel value ratio of each cortex that was read: medial, lateral, anterior,
        posterior [1].
    bridged_cortices : int or None
        How many are bridged, 0 to 4; None where nobody counted [1].
    """

    ratios: Mapping[str, float] = field(default_factory=dict)
    bridged_cortices: int | None = None

    def __post_init__(self) -> None:
        for name, ratio in self.ratios.items():
            if name not in CORTICES:
                raise PlanRefusal(
                    f"cortex '{name}' is unknown; known are {', '.join(CORTICES)}"
                )
            if not 0 < ratio < MOST_RATIO:
                raise PlanRefusal(
                    f"ratio of the {name} cortex is {ratio:g}; allowed is more than 0 "
                    f"and less than {MOST_RATIO:g}. Is it a percentage?"
                )
        bridged = self.bridged_cortices
        if bridged is not None and not 0 <= bridged <= len(CORTICES):
            raise PlanRefusal(f"bridged_cortices is {bridged}; allowed is 0 to 4")

    @property
    def unread(self) -> tuple[str, ...]:
        """Cortices whose ratio nobody read."""
        return tuple(name for name in CORTICES if name not in self.ratios)

    def at_least(self, ratio: float) -> int:
        """Count the cortices that have reached a ratio.

        Parameters
        ----------
        ratio : float
            Pixel value ratio [1].

        Returns
        -------
        int
            Of those that were read.

        References
        ----------
        .. [1] Zhao 2009, as in the row ``rehabilitation.tibia_full_cortices``.
        """
        return sum(found >= ratio for found in self.ratios.values())


NOTHING_READ = Callus()


@dataclass(frozen=True)
class Loading:
    """The step of the ladder that is proposed now.

    Attributes
    ----------
    step : Step
        How much.
    limit_kg : float or None
        Most in kilograms; None where no confirmed figure tells it [kg].
    why : tuple of str
        What speaks for this step.
    missing : tuple of str
        What stands between this step and the next.
    evidence : tuple of str
        Rows behind it.
    status : str
        What it is: a proposal.
    """

    step: Step
    limit_kg: float | None
    why: tuple[str, ...]
    missing: tuple[str, ...]
    evidence: tuple[str, ...]
    status: str = PROPOSAL
