"""What a film's pixels stand for, as far as its header says so.

Brightness can be compared only where it is known how it came about: proportional to
the exposure, to its logarithm, or either of them through a look-up table that the file
holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pydicom

from callotasis.errors import FilmRefusal
from callotasis.radiograph.header import element_of, numbers_of, text_of

LEAST_EXPOSURE = 1e-4  # of the largest; darker than dark has no logarithm


class Relation(StrEnum):
    """How pixels follow the exposure."""

    LINEAR = "linear"
    LOGARITHMIC = "logarithmic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Processing:
    """What was done to a film between detector and file.

    Attributes
    ----------
    relation : Relation
        Between exposure and pixel.
    presented : bool
        Whether the maker shaped the grey scale for the eye.
    lossy : bool
        Whether compression threw something away.
    lowest, highest : float
        Stored values that became 0 and 1, turned so that bone is high.
    most : float
        Largest value that can be stored.
    table : array or None
        What each stored value from ``first`` on stands for, where the file holds such
        a table.
    first : int
        Stored value of the table's first entry.
    """

    relation: Relation
    presented: bool
    lossy: bool
    lowest: float
    highest: float
    most: float
    table: npt.NDArray[np.float64] | None = None
    first: int = 0

    def absorption(self, pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Turn pixels of the film into absorption, up to scale and zero.

        Parameters
        ----------
        pixels : array
            From 0 (air) to 1, bone bright, any shape.

        Returns
        -------
        array
            Same shape: minus the logarithm of the exposure, up to scale and zero [1].

        Raises
        ------
        FilmRefusal
            If nobody knows how pixels follow the exposure, or the file's table goes
            up and down.

        References
        ----------
        .. [1] DICOM PS3.3 C.8.11.3 (Pixel Intensity Relationship), C.11.1 (Modality
           LUT); Beer and Lambert.
        """
        if self.relation is Relation.UNKNOWN:
            raise FilmRefusal(
                "nobody knows how the pixels of this film follow the exposure "
                "(PixelIntensityRelationship is missing or neither LIN nor LOG); "
                "needed is a DICOM film that says so"
            )
        turned = self.lowest < 0
        values = pixels
        if self.table is not None:
            steps = np.diff(self.table)
            if not ((steps >= 0).all() or (steps <= 0).all()):
                raise FilmRefusal(
                    "the look-up table of this film (ModalityLUTSequence) goes up and "
                    "down; allowed is one that only rises or only falls"
                )
            stored = self.lowest + pixels * np.float32(self.highest - self.lowest)
            stored = -stored if turned else stored
            at = self.first + np.arange(len(self.table))
            values = np.interp(stored, at, self.table).astype(np.float32)
            if self.relation is Relation.LOGARITHMIC:
                low, high = np.interp(
                    [abs(self.lowest), abs(self.highest)], at, self.table
                )
                return np.asarray((values - low) / (high - low), dtype=np.float32)
        if self.relation is Relation.LOGARITHMIC:
            return pixels
        if self.table is None:
            stored = self.lowest + pixels * np.float32(self.highest - self.lowest)
            values = -stored if turned else np.float32(self.most) - stored
        share = values / max(float(values.max()), 1e-9)
        return np.asarray(-np.log(np.maximum(share, LEAST_EXPOSURE)), dtype=np.float32)


def processing_of(
    header: pydicom.Dataset, name: str, lowest: float, highest: float
) -> Processing:
    """Read what a header says about its pixels.

    Parameters
    ----------
    header : Dataset
        Of the film.
    name : str
        Of the file, for refusals.
    lowest, highest : float
        Stored values that became 0 and 1, turned so that bone is high.

    Returns
    -------
    Processing
        As far as it is known.

    References
    ----------
    .. [1] DICOM PS3.3 C.8.11.3, C.11.1.
    """
    relation = {"LIN": Relation.LINEAR, "LOG": Relation.LOGARITHMIC}.get(
        text_of(header, "PixelIntensityRelationship"), Relation.UNKNOWN
    )
    table, first = _table(header)
    bits = (numbers_of(header, "BitsStored", name) or [16.0])[0]
    return Processing(
        relation=relation,
        presented=text_of(header, "PresentationIntentType") != "FOR PROCESSING",
        lossy=text_of(header, "LossyImageCompression") == "01",
        lowest=lowest,
        highest=highest,
        most=2.0**bits - 1,
        table=table,
        first=first,
    )


def _table(
    header: pydicom.Dataset,
) -> tuple[npt.NDArray[np.float64] | None, int]:
    """Modality look-up table and the stored value of its first entry."""
    sequence = element_of(header, "ModalityLUTSequence")
    if not sequence:
        return None, 0
    described = element_of(sequence[0], "LUTDescriptor")
    entries = element_of(sequence[0], "LUTData")
    if described is None or entries is None:
        return None, 0
    if isinstance(entries, bytes):
        entries = np.frombuffer(entries, "<u2")
    return np.asarray(entries, dtype=float), int(described[1])
