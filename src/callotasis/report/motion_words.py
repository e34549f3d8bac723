"""What a follow-up says of stretch, exercises and walking, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callotasis.followup import Standing, walking_change
from callotasis.rehabilitation import Logged, Week, every_exercise
from callotasis.report.table import Table
from callotasis.softtissue import MODEL_SAYS, NerveStretch, NominalStretch
from callotasis.wording import length


def stretch_table(standing: Standing) -> Table:
    """Say what muscles have not grown, and by how much nerves are drawn out.

    Parameters
    ----------
    standing : Standing
        How the case stands on a day.

    Returns
    -------
    Table
        Without rows where no range and no length is known.

    References
    ----------
    .. [1] House look.
    """
    rows = tuple(
        (bone.words, group, length(stretch))
        for bone, followed in standing.segments.items()
        for group, stretch in followed.residual_stretch_mm.items()
    )
    nerves = tuple(
        (bone.words, "nerve of the leg, in name only", _nerve(followed.nerve))
        for bone, followed in standing.segments.items()
        if followed.nerve is not None
    )
    note = (
        f"Muscles: from the joint ranges before surgery and now; {MODEL_SAYS}. Nerve: "
        "turned length by the length of leg and bone; it says nothing on harm."
    )
    head = ("bone", "of", "stretch")
    return Table("Stretch not yet grown", head, (*rows, *nerves), note)


def _nerve(told: NerveStretch) -> str:
    """Both bounds in all, and of one day while it is turned."""
    day = told.per_day
    a_day = f"; {_percents(day, 2)} a day" if day.segment_percent else ""
    return (
        f"{_percents(told.in_all, 1)} in all{a_day} (spread over the whole leg, or "
        "confined to this bone)"
    )


def _percents(stretch: NominalStretch, digits: int) -> str:
    low, high = stretch.whole_leg_percent, stretch.segment_percent
    return f"{low:.{digits}f} to {high:.{digits}f} %"


def exercises_table(standing: Standing) -> Table:
    """Say what the diary holds beside the programme.

    Parameters
    ----------
    standing : Standing
        How the case stands on a day.

    Returns
    -------
    Table
        Without rows where nobody keeps a diary.

    References
    ----------
    .. [1] House look.
    """
    rows = tuple(
        (
            bone.words,
            _title(before.what),
            "" if before is now else before.words,
            now.words,
        )
        for bone, followed in standing.segments.items()
        if followed.practised
        for before, now in _side_by_side(followed.practised)
    )
    note = "From the diary, beside the least of each dose; more may have been done."
    head = ("bone", "exercise", "last week", "this week")
    return Table("Exercises", head, rows, note)


def _side_by_side(weeks: Sequence[Week]) -> Iterator[tuple[Logged, Logged]]:
    """Lines of the week before and of the running one, the same if that is all.

    What nobody logged in either is left out: a diary does not blame.
    """
    before, now = weeks[0], weeks[-1]
    sessions = before.sessions, now.sessions
    for was, is_now in (sessions, *zip(before.exercises, now.exercises, strict=True)):
        if was.logged or is_now.logged:
            yield was, is_now


def _title(what: str) -> str:
    known = every_exercise()
    return known[what].title if what in known else what


def walking_table(standing: Standing) -> Table:
    """Say how evenly the person walked, beside what is published.

    Parameters
    ----------
    standing : Standing
        How the case stands on a day.

    Returns
    -------
    Table
        Without rows where no walk was recorded.

    References
    ----------
    .. [1] House look.
    """
    rows = tuple(
        (
            f"day {walk.day}",
            f"{walk.stance.left:.2f} s",
            f"{walk.stance.right:.2f} s",
            f"{size.value:.1f} % ({size.low:.1f} to {size.high:.1f})",
        )
        for walk in standing.walks
        for size in [walk.stance.asymmetry_percent]
    )
    changed = walking_change(standing.walks)
    note = "Time that each foot stands, mean of the steps; 95 %."
    if changed is not None:
        note = f"{note} {changed.words}."
    head = ("", "left", "right", "asymmetry")
    return Table("Walking", head, rows, note)
