"""Scales: levels that agree with their types, words only where they were read."""

from __future__ import annotations

from enum import StrEnum

import pytest

from callotasis.complications import (
    Black,
    DeviceClass,
    Lascombes,
    Paley,
    Sink,
    Stated,
    scales,
)
from callotasis.complications.pin_site import Looks
from callotasis.evidence import Mark

TYPES: dict[str, type[StrEnum]] = {
    "paley": Paley,
    "lascombes": Lascombes,
    "black": Black,
    "sink": Sink,
    "device": DeviceClass,
    "good_bad_ugly": Looks,
}


@pytest.mark.parametrize("name", TYPES)
def test_a_scale_has_exactly_the_levels_of_its_type(name: str) -> None:
    assert [*scales()[name].levels] == [level.value for level in TYPES[name]]


@pytest.mark.parametrize("name", ["checketts_otterburns", "modified_gordon"])
def test_a_scale_whose_wording_nobody_read_has_numbers_only(name: str) -> None:
    scale = scales()[name]
    assert scale.mark is Mark.FROM_KNOWLEDGE
    assert not any(scale.levels.values())


def test_gordon_is_the_one_that_guerreschi_used() -> None:
    assert scales()["gordon"].mark is Mark.READ_IN_ABSTRACT
    assert scales()["gordon"].levels["5"] == "sequestrum"


def test_a_level_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="black, sink is stated and 'by' is empty"):
        Stated(black=Black.I, sink=Sink.ONE)


def test_nothing_stated_needs_no_name() -> None:
    assert Stated().levels == {}
