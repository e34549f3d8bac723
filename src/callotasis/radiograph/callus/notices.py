"""What a reader of a callus must know besides its figures."""

from __future__ import annotations

from callotasis.findings import Finding, Level
from callotasis.radiograph.callus.figures import shaped_grey
from callotasis.radiograph.film import Film
from callotasis.worlds import Interval


def said_of_film(film: Film) -> list[Finding]:
    """Say what a film's processing means for a reading.

    Parameters
    ----------
    film : Film
        As it was read.

    Returns
    -------
    list of Finding
        A note on the ratio, and cautions.

    References
    ----------
    .. [1] ``docs/callus.md``.
    """
    found = [_ABOVE_GROUND]
    if shaped_grey(film):
        found.append(_SHAPED)
    if film.processing is not None and film.processing.lossy:
        found.append(_LOSSY)
    return found


def not_read(side: str, why: str, segment: str) -> Finding:
    """Say that one cortex is not read, and why.

    Parameters
    ----------
    side : str
        ``medial`` or ``lateral``.
    why : str
        The reason.
    segment : str
        Like ``R.femur``.

    Returns
    -------
    Finding
        A caution.

    References
    ----------
    .. [1] ``docs/callus.md``, "Refused".
    """
    return Finding(
        Level.CAUTION,
        "callus.not_read",
        f"The {side} cortex is not read: {why}.",
        "Take a film that shows this cortex clear of other bones and metal.",
        about=segment,
    )


def narrow(width: Interval, segment: str) -> Finding:
    """Say that a regenerate lost width.

    Parameters
    ----------
    width : Interval
        Narrowest over native width [1].
    segment : str
        Like ``R.femur``.

    Returns
    -------
    Finding
        A caution.

    References
    ----------
    .. [1] Row ``callus.width_loss``.
    """
    return Finding(
        Level.CAUTION,
        "callus.narrow",
        f"The regenerate has only {width.value:.0%} of the bone's width at its "
        f"narrowest ({width.low:.0%} to {width.high:.0%}).",
        "A narrow regenerate bends or breaks more easily: show this film to the "
        "surgeon before load is raised.",
        "callus.width_loss",
        segment,
    )


NO_SCALE = Finding(
    Level.NOTE,
    "callus.no_scale",
    "Lengths are those on the detector: no scale was given.",
    "Give the size of a pixel in the plane of the bone, from a nail, rings or a ball.",
)
_ABOVE_GROUND = Finding(
    Level.NOTE,
    "callus.above_ground",
    "Ratios compare what bone absorbs beyond soft tissue; published ratios compare "
    "grey values with soft tissue in them, which lie nearer to 1.",
    "Held against a published threshold, these ratios err to the cautious side.",
    "callus.ratio_when_loaded",
)
_SHAPED = Finding(
    Level.CAUTION,
    "callus.shaped_grey",
    "The maker shaped the grey scale of this film for the eye; it is read as near to "
    "logarithmic, with wider intervals.",
    "Ask for the film FOR PROCESSING where small changes matter.",
)
_LOSSY = Finding(
    Level.CAUTION,
    "callus.lossy",
    "The film was compressed with loss.",
    "Use the original where there is one.",
)
