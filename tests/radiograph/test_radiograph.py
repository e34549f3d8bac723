"""What a thousand damaged films and landmark files do: nothing but be refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from pydicom.datadict import keyword_dict

import floods
from anatomy import PNG_SIGNATURE
from callotasis.radiograph.damage import JPEG
from callotasis.radiograph.landmarks import REFINED, SCATTER
from confined import Reading, read_confined, read_files
from dora import everything_in
from forged_pictures import TYPES
from scribbler import ODD_LEGS, ODD_POINTS, POSITION, scribbled, written
from vandal import Hurt
from wrecks import wrecked_films

LONGEST_REFUSAL = 600
SHOWN = 40
ANYWHERE = ("is blank: every pixel has the value", "is a colour picture")
"""What is wrong with a whole picture lies at no one place."""

TAG = re.compile(r"\([0-9A-Fa-f]{4},\s?[0-9A-Fa-f]{4}\)")
CHUNKS = {kind.decode("latin-1") for kind in TYPES} | {"fdAT", "fDAT"}
KEY = re.compile(
    rf"\b[RL]\b|\brefined\b|\bview\b|{'|'.join(SCATTER)}|{POSITION}"
    r"|lateral (femur|tibia)|found|larger than \d+ bytes"
)


@dataclass(frozen=True)
class Case:
    """A damaged file and what came of it."""

    hurt: Hurt
    reading: Reading

    @property
    def said(self) -> str:
        """The message without the name of the file, which proves nothing."""
        return self.reading.said.replace(self.reading.name, "")

    @property
    def line(self) -> str:
        """The case in one line."""
        came = f"{self.reading.outcome}: {self.reading.said[:160]!r}"
        return f"{self.hurt.name} gives {came}"


def read_hurt(folder: Path, hurts: Iterable[Hurt], suffix: str) -> list[Case]:
    """Write damaged files under names that say nothing, and read them."""
    by_name = {f"{n:04}{suffix}": hurt for n, hurt in enumerate(hurts)}
    for name, hurt in by_name.items():
        (folder / name).write_bytes(hurt.data)
    cases = [Case(by_name[r.name], r) for r in read_confined(folder)]
    assert everything_in(folder) == {name: h.data for name, h in by_name.items()}
    return cases


def kind_of(case: Case) -> str:
    """Tell what a film was before it was hurt, by what its first bytes still say."""
    data = case.hurt.data
    if data[128:132] == b"DICM":
        return "DICOM"
    kinds = {"PNG": PNG_SIGNATURE, "JPEG": JPEG}
    return next((k for k, head in kinds.items() if data.startswith(head)), "nothing")


def said_falsely(raw: dict[str, Any]) -> Iterator[Hurt]:
    """Write over what a landmark file says about all of its points together."""
    refined = {side: [n for n in raw[side] if n in REFINED] for side in raw}
    assert all(refined.values())
    yield Hurt("refined", written({**raw, "refined": refined}))
    for turn, odd in enumerate((*ODD_POINTS, *ODD_LEGS[:-1])):
        if odd != {}:
            yield Hurt(f"refined-{turn}", written({**raw, "refined": odd}), "refined")
        yield Hurt(f"view-{turn}", written({**raw, "view": odd}), r"\bview\b")
        for side in (s for s in raw if odd != []):
            said = written({**raw, "refined": {**refined, side: odd}})
            yield Hurt(f"{side}-refined-{turn}", said, rf"refined\.{side}\b")
    for side, name in ((s, n) for s in raw for n in raw[s] if n not in REFINED):
        said = written({**raw, "refined": {**refined, side: [name]}})
        yield Hurt(f"{side}-{name}-refined", said, rf"refined\.{side}\b")
    for view in ("lateral femur", "lateral tibia"):
        yield Hurt(f"both-legs-{view}", written({**raw, "view": view}), r"\blateral\b")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Every wrecked film, read."""
    return read_hurt(tmp_path_factory.mktemp("films"), wrecked_films(), ".film")


@pytest.fixture(scope="module")
def landmarks(
    tmp_path_factory: pytest.TempPathFactory, data_folder: Path
) -> list[Case]:
    """Every landmark file that was written over, read and measured with."""
    path = data_folder / "films" / "standing-01.landmarks.json"
    raw = json.loads(path.read_text("utf-8"))
    hurts = chain(scribbled(raw), said_falsely(raw))
    return read_hurt(tmp_path_factory.mktemp("landmarks"), hurts, ".json")


def demand_no(wrong: Callable[[Case], bool], cases: list[Case]) -> None:
    """Fail with one line for each of the first cases that are wrong."""
    lines = [case.line for case in cases if wrong(case)]
    if lines:
        told = "\n".join(lines[:SHOWN])
        pytest.fail(f"{len(lines)} of {len(cases)}:\n{told}", pytrace=False)


def refused(cases: Iterable[Case]) -> list[Case]:
    """Those that were refused when they were read."""
    return [case for case in cases if case.reading.outcome == "refused"]


def is_loud(case: Case) -> bool:
    """Tell whether anything was printed, opened for writing or started."""
    return bool(case.reading.printed or case.reading.written)


def is_no_line(case: Case) -> bool:
    """Tell whether a message could not be printed as one line of a terminal."""
    said = case.reading.said
    return not said.isprintable() or not 0 < len(said) <= LONGEST_REFUSAL


def is_nameless(case: Case) -> bool:
    """Tell whether a message does not say which file is meant."""
    return case.reading.name not in case.reading.said


def names_no_place(case: Case) -> bool:
    """Tell whether a message on a film names no tag, no byte and no chunk."""
    words = {*re.findall(r"[A-Za-z0-9]+", case.said)}
    known = words & (CHUNKS | {*keyword_dict})
    placed = known or TAG.search(case.said) or re.search(POSITION, case.said)
    return not placed and not any(whole in case.said for whole in ANYWHERE)


def blames_another(case: Case) -> bool:
    """Tell whether a message does not name what is known to be wrong."""
    return not re.search(case.hurt.blames, case.said)


# Films.


def test_a_thousand_films_are_hurt_and_not_all_of_them_mortally(
    films: list[Case],
) -> None:
    came = Counter(case.reading.outcome for case in films)
    assert len(films) >= 1000
    assert came["refused"] > 800
    assert came["film"] > 200


def test_films_of_every_kind_are_hurt_by_the_hundreds(films: list[Case]) -> None:
    came = Counter(kind_of(case) for case in films)
    assert came["DICOM"] > 1000
    assert min(came["PNG"], came["JPEG"]) > 300
    assert 0 < came["nothing"] < 50


def test_a_hurt_film_is_a_film_or_refused_and_nothing_else(films: list[Case]) -> None:
    demand_no(lambda c: c.reading.outcome not in {"film", "refused"}, films)


def test_reading_a_hurt_film_prints_nothing_and_writes_nothing(
    films: list[Case],
) -> None:
    demand_no(is_loud, films)


def test_a_film_that_is_refused_is_named(films: list[Case]) -> None:
    demand_no(is_nameless, refused(films))


def test_a_refused_film_is_spoken_of_in_one_short_line(films: list[Case]) -> None:
    demand_no(is_no_line, refused(films))


def test_a_refused_film_is_told_by_which_tag_or_which_byte(films: list[Case]) -> None:
    demand_no(names_no_place, refused(films))


def test_an_element_that_claims_what_cannot_be_is_named(films: list[Case]) -> None:
    claimed = [case for case in refused(films) if case.hurt.blames]
    assert len(claimed) > 100
    demand_no(blames_another, claimed)


# Landmark files.


def test_a_thousand_landmark_files_are_hurt_and_not_all_of_them_mortally(
    landmarks: list[Case],
) -> None:
    came = Counter(case.reading.outcome for case in landmarks)
    assert len(landmarks) >= 1250
    assert came["refused"] > 800
    assert came["landmarks"] > 50
    assert came["off the film"] > 20


def test_a_hurt_landmark_file_is_measured_or_refused_and_nothing_else(
    landmarks: list[Case],
) -> None:
    allowed = {"landmarks", "off the film", "refused"}
    demand_no(lambda c: c.reading.outcome not in allowed, landmarks)


def test_reading_a_hurt_landmark_file_prints_nothing_and_writes_nothing(
    landmarks: list[Case],
) -> None:
    demand_no(is_loud, landmarks)


def test_a_landmark_file_that_is_refused_is_named(landmarks: list[Case]) -> None:
    demand_no(is_nameless, refused(landmarks))


def test_a_refused_landmark_file_is_spoken_of_in_one_short_line(
    landmarks: list[Case],
) -> None:
    demand_no(is_no_line, refused(landmarks))


def test_a_refused_landmark_file_is_told_by_which_key_or_which_byte(
    landmarks: list[Case],
) -> None:
    gone = [case for case in landmarks if case.reading.outcome != "landmarks"]
    demand_no(lambda case: not KEY.search(case.said), gone)


def test_a_key_that_is_known_to_be_wrong_is_refused_by_its_name(
    landmarks: list[Case],
) -> None:
    spoilt = [case for case in landmarks if case.hurt.blames]
    assert len(spoilt) > 700
    demand_no(blames_another, spoilt)


# Memory.


@pytest.mark.parametrize("size", [None, 0, 1, 0xFFFFFFFF])
def test_a_film_that_unpacks_to_more_than_the_memory_is_refused(
    tmp_path: Path, size: int | None
) -> None:
    (read,) = read_files(tmp_path, [("bomb.dcm", floods.bomb(size))])
    assert (read.outcome, read.said[:8]) == ("refused", "bomb.dcm")


@pytest.mark.slow
def test_a_film_of_six_million_elements_stays_within_the_memory(
    tmp_path: Path,
) -> None:
    data = floods.deflated([floods.many_elements(6_000_000)])
    (read,) = read_files(tmp_path, [("many.dcm", data)])
    assert read.outcome in {"film", "refused"}, read


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: floods.wide_film(16), id="16 bits"),
        pytest.param(lambda: floods.wide_film(32), id="32 bits"),
        pytest.param(lambda: floods.wide_film(64), id="64 bits"),
        pytest.param(floods.wide_jpeg, id="JPEG in colour"),
        pytest.param(lambda: floods.wide_png(16, 0, 1), id="PNG of 16 bits"),
        pytest.param(lambda: floods.wide_png(16, 6, 4), id="PNG of 4 channels"),
    ],
)
def test_a_picture_of_the_largest_size_stays_within_the_memory(
    tmp_path: Path, make: Callable[[], bytes]
) -> None:
    (read,) = read_files(tmp_path, [("wide", make())])
    assert read.outcome in {"film", "refused"}, read
