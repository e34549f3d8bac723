"""What somebody answered: the body of a ``questionnaire`` entry.

Nothing is guessed for an item that was left out: it is named in ``unanswered``, and
then there is no total. What was answered is kept, so that a half-filled sheet never
hides an answer that somebody must act on today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.instruments.texts import NO_PACKS, Packs, instrument_of
from callotasis.record import Case, Entry

Number = Annotated[int, Field(strict=True)]  # neither true nor "2" is an answer


@dataclass(frozen=True)
class Answers:
    """Answers to one questionnaire: the body of a ``questionnaire`` entry.

    Attributes
    ----------
    instrument : str
        Its key, like ``phq9``.
    answers : dict of str to int
        Answer to each item, by its id [1].
    unanswered : tuple of str
        Items that were left out, each by its id.
    """

    instrument: str
    answers: Mapping[str, Number]
    unanswered: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


ANSWERS = TypeAdapter(Answers)


@dataclass(frozen=True)
class Given:
    """Answers with the day on which, and the side of which, they were given."""

    on: date
    answers: Answers
    segment: str = ""


def check_answers(answers: Answers, packs: Packs = NO_PACKS) -> None:
    """Hold answers against their questionnaire.

    Raises
    ------
    RecordRefusal
        If the questionnaire is unknown or needs a pack, or an answer is missing,
        unknown, said twice or outside its scale.
    """
    known = instrument_of(answers.instrument, packs)
    said, left = {*answers.answers}, {*answers.unanswered}
    strange = (said | left) - {*known.items}
    if strange:
        raise RecordRefusal(
            f"{known.title} does not ask {', '.join(sorted(strange))}; it asks "
            f"{', '.join(known.items)}"
        )
    for item, answer in answers.answers.items():
        if not 0 <= answer <= known.highest:
            raise RecordRefusal(
                f"{item} is {answer}; allowed is 0 to {known.highest} ({known.title})"
            )
    unclear = [i for i in known.items if (i in said) == (i in left)]
    if unclear:
        raise RecordRefusal(
            f"{known.title}: {', '.join(unclear)} must be answered, or named in "
            "unanswered, not both"
        )


def answers_of(entry: Entry, packs: Packs = NO_PACKS) -> Answers:
    """Read the body of a ``questionnaire`` entry.

    Raises
    ------
    RecordRefusal
        As :func:`check_answers` says, or if the knee is not told apart.
    """
    found = checked(ANSWERS, entry.body, "questionnaire", RecordRefusal)
    check_answers(found, packs)
    if found.instrument == "knee_pain" and not entry.segment:
        raise RecordRefusal("knee_pain names no side; segment is R or L")
    return found


def given_of(case: Case, packs: Packs = NO_PACKS) -> tuple[Given, ...]:
    """Every sheet of answers that the record still holds, in order of time.

    Raises
    ------
    RecordRefusal
        If an entry of this kind cannot be read.
    """
    return tuple(
        Given(entry.wall_clock.date(), answers_of(entry, packs), entry.segment)
        for entry in case.held("questionnaire")
    )
