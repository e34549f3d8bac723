"""What was read off a follow-up film, as an entry of the case."""

from __future__ import annotations

from datetime import datetime

from callotasis.entered import keep_entry
from callotasis.errors import RecordRefusal
from callotasis.followup import FilmRead, Grows
from callotasis.followup.film_reads import FILM_READ
from callotasis.pose import Segment
from callotasis.radiograph.callus import Callus
from callotasis.radiograph.rulers import FilmLength
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.rehabilitation.ladder import MOST_RATIO


def length_entry(length: FilmLength, film: str) -> FilmRead:
    """Put a length into the words of a ``measurement`` entry.

    Parameters
    ----------
    length : FilmLength
        As it was read [mm].
    film : str
        Hash of the film.

    Returns
    -------
    FilmRead
        With the scatter of this film alone [mm].

    References
    ----------
    .. [1] ``docs/film-lengths.md``.
    """
    return FilmRead(
        of=Grows(length.of),
        measured_mm=round(length.measured_mm.value, 2),
        sd_mm=round(length.sd_mm, 3),
        ruler=length.ruler,
        film=film,
    )


def callus_entry(callus: Callus, film: str) -> FilmRead:
    """Put the reading of a callus into the words of a ``measurement`` entry.

    Parameters
    ----------
    callus : Callus
        As it was read.
    film : str
        Hash of the film.

    Returns
    -------
    FilmRead
        Without a count of closed cortices: a gate counts four, and one frontal film
        shows two.

    References
    ----------
    .. [1] ``docs/callus.md``.
    """
    ratio = {
        side: round(min(max(read.value, 0.0), MOST_RATIO), 3)
        for side, read in callus.ratio.items()
    }
    return FilmRead(
        ratio=ratio,
        width_ratio=round(callus.width_ratio.value, 3),
        shape=callus.shape,
        texture=callus.texture,
        density=callus.density,
        axis_drift_deg=round(callus.axis_drift_deg.value, 2),
        callus_seen=callus.shape is not None,
        film=film,
    )


def keep_reading(
    folder: CaseFolder,
    read: FilmRead,
    segment: Segment,
    author: str,
    taken_at: datetime | None = None,
) -> Entry:
    """Keep a reading in the case.

    Parameters
    ----------
    folder : CaseFolder
        The case.
    read : FilmRead
        What the film said.
    segment : Segment
        The bone.
    author : str
        Who read it.
    taken_at : datetime or None
        When the film was taken, with offset; now if None.

    Returns
    -------
    Entry
        As it was kept.

    Raises
    ------
    RecordRefusal
        If the time has no offset or lies ahead.
    """
    if taken_at is not None and taken_at.tzinfo is None:
        raise RecordRefusal(
            f"the film was taken at {taken_at.isoformat()}, without an offset; needed "
            "is one like +01:00"
        )
    body = FILM_READ.dump_python(read, mode="json", exclude_none=True)
    entry = new_entry(
        folder.name,
        "measurement",
        author,
        body,
        segment=str(segment),
        happened_at=taken_at,
    )
    return keep_entry(folder, entry)
