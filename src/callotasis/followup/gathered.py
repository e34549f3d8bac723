"""From entries to facts: what exams, films, symptoms and answers say of one bone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

import numpy as np

from callotasis.followup.diary import Fact, Saying, day_of
from callotasis.followup.exams import Exam, exam_of
from callotasis.followup.film_reads import FilmRead, film_read_of
from callotasis.followup.symptoms import Felt, felt_of
from callotasis.instruments import Score, answers_of, score
from callotasis.pose import Segment
from callotasis.radiograph.callus import CallusDensity, CallusTexture
from callotasis.record import Case, Entry
from callotasis.softtissue.ranges import Ranges

WEEK = 7
OWN_WORDS = "own_words"
DENSE_ENOUGH = {CallusDensity.INTERMEDIATE, CallusDensity.NORMAL}
Said = dict[str, list[Saying]]


def entries_about(case: Case, kind: str, bone: Segment) -> Iterator[Entry]:
    """Entries of one kind that speak of a bone, its leg, or the whole person.

    Parameters
    ----------
    case : Case
        The folded record.
    kind : str
        Of the entry.
    bone : Segment
        The bone.

    Yields
    ------
    Entry
        In the order in which they happened.

    References
    ----------
    .. [1] A range is measured on a leg, pain is felt by a person.
    """
    about = {"", str(bone.side), str(bone)}
    for entry in case.held(kind):
        if entry.segment in about:
            yield entry


def exams_of(case: Case, bone: Segment, zero: date) -> list[tuple[int, Exam]]:
    """Exams of the bone's leg with the day since surgery, any bone of that leg.

    Parameters
    ----------
    case : Case
        The folded record.
    bone : Segment
        The bone.
    zero : date
        Day 0.

    Returns
    -------
    list of (int, Exam)
        In order [day].

    References
    ----------
    .. [1] Joints belong to a leg.
    """
    return [(_day(entry, zero), exam_of(entry)) for entry in _exams(case, bone)]


def _exams(case: Case, bone: Segment) -> list[Entry]:
    return [entry for entry in case.held("exam") if entry.segment[:1] == str(bone.side)]


@dataclass(frozen=True)
class FilmOn:
    """What a film said, and when it was taken.

    Attributes
    ----------
    day : int
        Since surgery [day].
    at : datetime
        By the patient's clock.
    read : FilmRead
        What it said.
    """

    day: int
    at: datetime
    read: FilmRead


def films_of(case: Case, bone: Segment, zero: date) -> list[FilmOn]:
    """Films of one bone; readings of one day are one, the later ones have the word.

    Parameters
    ----------
    case : Case
        The folded record.
    bone : Segment
        The bone.
    zero : date
        Day 0.

    Returns
    -------
    list of FilmOn
        By rising day.

    References
    ----------
    .. [1] Bookkeeping.
    """
    films: dict[int, FilmOn] = {}
    for entry in case.held("measurement", str(bone)):
        day = _day(entry, zero)
        film = FilmOn(day, entry.wall_clock, film_read_of(entry))
        films[day] = _joined(films[day], film) if day in films else film
    return [films[day] for day in sorted(films)]


def _joined(before: FilmOn, after: FilmOn) -> FilmOn:
    """Put two films of one day together: a frontal and a side film, say."""
    values = ((f.name, getattr(after.read, f.name)) for f in fields(FilmRead))
    said = {name: value for name, value in values if value is not None and value != ""}
    said["ratio"] = {**before.read.ratio, **after.read.ratio}
    at = before.at if after.read.of is None else after.at
    return FilmOn(after.day, at, replace(before.read, **said))


def gathered(case: Case, bone: Segment, zero: date) -> Said:
    """Put everything that entries say of a bone into facts.

    Parameters
    ----------
    case : Case
        The folded record, as far as it shall be seen.
    bone : Segment
        The bone.
    zero : date
        Day 0.

    Returns
    -------
    dict of str to list of Saying
        Facts with the moment at which they were said, in order [day].

    Raises
    ------
    RecordRefusal
        If an entry cannot be read.

    References
    ----------
    .. [1] Bookkeeping.
    """
    said: Said = defaultdict(list)
    for entry in _exams(case, bone):
        _add(said, day_of(entry.wall_clock, zero), exam_facts(exam_of(entry)))
    films = films_of(case, bone, zero)
    turns = (film.read.axis_drift_deg for film in films)
    first_deg = next((deg for deg in turns if deg is not None), 0.0)
    for film in films:
        day = day_of(film.at, zero)
        _add(said, day, _film_facts(film.read))
        _add(said, day, _drift_facts(film.read.axis_drift_deg, first_deg))
    for entry in entries_about(case, "symptom", bone):
        _add(said, day_of(entry.wall_clock, zero), symptom_facts(felt_of(entry)))
    for entry in entries_about(case, "questionnaire", bone):
        facts = answer_facts(score(answers_of(entry)))
        _add(said, day_of(entry.wall_clock, zero), facts)
    _in_order(said)
    _add_rise(said)
    return said


def _day(entry: Entry, zero: date) -> int:
    return (entry.wall_clock.date() - zero).days


def _add(said: Said, day: float, facts: Mapping[str, Fact | None]) -> None:
    for name, value in facts.items():
        if value is not None:
            said[name].append((day, value))


def exam_facts(exam: Exam) -> dict[str, Fact | None]:
    """Facts of one exam, by the names of its parts.

    Parameters
    ----------
    exam : Exam
        As it was found.

    Returns
    -------
    dict of str to float or None
        None for what was not examined [deg, grade, mg/L].

    References
    ----------
    .. [1] Bookkeeping.
    """
    ranges = exam.ranges
    facts: dict[str, Fact | None] = {
        "ankle_power": exam.ankle_power,
        "toe_power": exam.toe_power,
        "crp_mg_per_l": exam.crp_mg_per_l,
    }
    if ranges is not None:
        facts |= {f.name: getattr(ranges, f.name) for f in fields(Ranges)}
        foot = ranges.dorsiflexion_knee_straight_deg
        facts["equinus_deg"] = None if foot is None else -foot
    return facts


def _film_facts(film: FilmRead) -> dict[str, Fact | None]:
    return {
        "callus_shape": film.shape,
        "callus_density": film.density,
        "callus_poor": _is_poor(film),
        "width_ratio": film.width_ratio,
        "bridged_cortices": film.bridged_cortices,
    }


def _drift_facts(turn_deg: float | None, first_deg: float) -> dict[str, Fact | None]:
    """Turn of the distal fragment since the first film: the bone's own bend is none."""
    if turn_deg is None:
        return {}
    drift = round(turn_deg - first_deg, 2)
    return {"axis_drift_deg": drift, "axis_drift_size_deg": abs(drift)}


def answer_facts(score: Score) -> dict[str, Fact | None]:
    """Facts of one sheet of answers: its total, and item 9 of the PHQ-9.

    Parameters
    ----------
    score : Score
        Added up.

    Returns
    -------
    dict of str to float or None
        None where an item was left out [1].

    References
    ----------
    .. [1] A half-filled sheet still tells its item 9.
    """
    item_9 = score.item_9
    return {
        score.instrument: None if score.total is None else float(score.total),
        "phq9_item9": None if item_9 is None else float(item_9),
    }


def _in_order(said: Said) -> None:
    """Facts of one name may come from entries of two kinds, like pain."""
    for values in said.values():
        values.sort(key=lambda value: value[0])


def _is_poor(film: FilmRead) -> float | None:
    """Tell whether a film shows no sound new bone; None if it does not say."""
    if film.callus_seen is False:
        return 1.0
    if film.texture is None:
        # Beside a nail no texture is told: thin bone alone is neither poor nor sound.
        seen = film.callus_seen and film.density is not CallusDensity.LOW
        return 0.0 if seen or film.density in DENSE_ENOUGH else None
    thin = film.density in {None, CallusDensity.LOW}
    return float(film.texture in {CallusTexture.SPARSE, CallusTexture.LUCENT} and thin)


def symptom_facts(felt: Felt) -> dict[str, Fact | None]:
    """Facts of one symptom entry: 1 for what is there, 0 for what is gone.

    Parameters
    ----------
    felt : Felt
        What was said.

    Returns
    -------
    dict of str to float
        By the name of the sign; and ``pain`` of 10.

    References
    ----------
    .. [1] A sign stays until it is said to be gone.
    """
    there = dict.fromkeys(felt.signs, 1.0)
    gone = dict.fromkeys(felt.gone, 0.0)
    signs = {sign.value: mark for sign, mark in (there | gone).items()}
    pain = None if felt.pain is None else float(felt.pain)
    words = 1.0 if felt.words.strip() else None
    return {**signs, "pain": pain, OWN_WORDS: words}


def _add_rise(said: Said) -> None:
    """Compare the pain of the last week with that of the week before."""
    pains = said.get("pain", [])
    for day in dict.fromkeys(day for day, _ in pains):
        late = _mean(pains, day - WEEK, day)
        early = _mean(pains, day - 2 * WEEK, day - WEEK)
        if late is not None and early is not None:
            said["pain_rise"].append((day, round(late - early, 1)))


def _mean(values: Sequence[Saying], after: float, until: float) -> float | None:
    some = [float(value) for day, value in values if after < day <= until]
    return float(np.mean(some)) if some else None
