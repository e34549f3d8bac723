"""A follow-up report from the record: the case on a day, with its earlier forecasts."""

from __future__ import annotations

from pathlib import Path

from callotasis.case_films import newest_film
from callotasis.courses import FollowedCase, look_at
from callotasis.errors import RecordRefusal
from callotasis.followup import Forecast, Standing, forecast
from callotasis.pose import Segment
from callotasis.radiograph import read_film
from callotasis.record import CaseFolder
from callotasis.report import write_files
from callotasis.report.follow_up import FollowUpOrder, follow_up_report

CHARTS = ("course-", "ranges-", "stretch-", "healing-", "walking")
EVERY_DAYS = 7  # how often an earlier forecast is drawn


def write_follow_up(
    folder: CaseFolder,
    looked: FollowedCase,
    standing: Standing,
    out: Path,
    *,
    paper: str = "a4",
) -> tuple[Path, ...]:
    """Write the follow-up report of a case.

    Parameters
    ----------
    folder : CaseFolder
        The case.
    looked : FollowedCase
        As it was known on a day.
    standing : Standing
        As it was judged.
    out : Path
        Folder of the report.
    paper : str
        ``a4`` or ``us-letter``.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    RecordRefusal
        If the folder cannot be written.
    PlanRefusal
        If the paper is unknown.

    References
    ----------
    .. [1] House look, "Time charts".
    """
    order = FollowUpOrder(
        case=folder.name,
        standing=standing,
        courses=looked.courses,
        said=earlier_forecasts(folder, looked),
        synthetic=is_synthetic(folder),
        paper=paper,
    )
    old = [
        path.name for kind in CHARTS for path in out.glob(f"{kind}*.png")
    ]  # of bones that are not followed any more
    return tuple(write_files(out, follow_up_report(order), instead_of=old).values())


def earlier_forecasts(
    folder: CaseFolder, looked: FollowedCase
) -> dict[Segment, list[tuple[int, Forecast]]]:
    """Say what was forecast week by week until the day.

    Parameters
    ----------
    folder : CaseFolder
        The case.
    looked : FollowedCase
        As it was known on a day.

    Returns
    -------
    dict of Segment to list of (int, Forecast)
        Each with the day on which it stood [day].

    References
    ----------
    .. [1] Every look back leaves out what happened later.
    """
    said: dict[Segment, list[tuple[int, Forecast]]] = {}
    days = [*range(0, looked.day, EVERY_DAYS), looked.day]
    for day in (d for d in days if d >= 0):
        for bone, course in look_at(folder, day).courses.items():
            found = forecast(course.way, course.films)
            if found is not None:
                said.setdefault(bone, []).append((course.day, found))
    return said


def is_synthetic(folder: CaseFolder) -> bool:
    """Tell whether the newest film of a case was computed.

    Parameters
    ----------
    folder : CaseFolder
        The case.

    Returns
    -------
    bool
        False without a film.

    References
    ----------
    .. [1] Films of this library say so in their file.
    """
    try:
        film = newest_film(folder)
    except RecordRefusal:
        return False
    path = folder.film_path(str(film.film.body["sha256"]))
    return read_film(path).synthetic
