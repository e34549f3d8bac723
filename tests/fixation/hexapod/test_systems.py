"""Systems of frames: which may be used, and who vouched for their figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from callotasis.errors import DeviceRefusal
from callotasis.evidence import Mark
from callotasis.exchange import checked
from callotasis.findings import Level
from callotasis.fixation.catalogue import Market, Read
from callotasis.fixation.hexapod import systems
from callotasis.fixation.hexapod.hardware import Ring, Strut
from callotasis.fixation.hexapod.systems import (
    ReadHardware,
    System,
    every_system,
    fitting_rings,
    hardware_findings,
    system_named,
)

SYSTEMS = every_system()
EXAMPLE = SYSTEMS["example"]
UNREAD = [name for name, system in SYSTEMS.items() if system.read is Read.UNREAD]


def given_file(**changed: object) -> dict[str, Any]:
    """What Ada read about the system named tsf, as a JSON file holds it."""
    ring = TypeAdapter(Ring).dump_python(replace(EXAMPLE.rings[0], system="tsf"))
    strut = TypeAdapter(Strut).dump_python(replace(EXAMPLE.struts[0], system="tsf"))
    written: dict[str, Any] = {
        "system": "tsf",
        "maker": "Smith+Nephew",
        "document": "instructions for use, rev. X",
        "read_by": "Ada",
        "market": "available",
        "rings": [ring],
        "struts": [strut],
    }
    again: dict[str, Any] = json.loads(json.dumps({**written, **changed}))
    return again


def read_by_ada(**changed: object) -> ReadHardware:
    """The same, checked as the command line checks it."""
    adapter = TypeAdapter(ReadHardware)
    return checked(adapter, given_file(**changed), "hardware.json", DeviceRefusal)


def test_the_catalogue_has_an_example_and_real_systems_besides() -> None:
    assert EXAMPLE.read is Read.EXAMPLE
    assert EXAMPLE.market is Market.EXAMPLE
    assert "invented" in EXAMPLE.source
    assert set(UNREAD) == {"tsf", "tl-hex", "maxframe", "truelok-classic"}


@pytest.mark.parametrize("name", UNREAD)
def test_what_nobody_read_is_listed_without_anything_to_build_of(name: str) -> None:
    system = SYSTEMS[name]
    assert system.told_inner_mm
    assert not system.rings
    assert system.source


def test_recalled_struts_of_one_system_overlap_where_they_shall() -> None:
    sizes = {s.name: (s.min_mm, s.max_mm) for s in SYSTEMS["tsf"].struts}
    assert sizes["standard short"] == (90, 125)
    assert sizes["standard medium"] == (116, 178)
    assert sizes["standard long"] == (169, 283)
    assert len(sizes) == 8
    assert sizes["standard short"][1] - sizes["standard medium"][0] == 9


@pytest.mark.parametrize("name", UNREAD)
def test_no_frame_is_built_of_what_nobody_read(name: str) -> None:
    with pytest.raises(
        DeviceRefusal, match=f"figures of {name} are unsigned: nobody has read"
    ) as refused:
        system_named(name, {})
    assert SYSTEMS[name].source in str(refused.value)


def test_a_recalled_system_says_so_while_it_is_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = replace(SYSTEMS["tsf"], market=Market.RECALLED)
    monkeypatch.setattr(systems, "every_system", lambda: {"tsf": gone})
    with pytest.raises(DeviceRefusal, match="and it was recalled"):
        system_named("tsf", {})


@pytest.mark.parametrize("name", ["", "TSF", "example "])
def test_an_unknown_system_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(DeviceRefusal, match=r"unknown; known are example, maxframe"):
        system_named(name, {})


def test_the_example_may_be_used() -> None:
    assert system_named("example", {}) is EXAMPLE


def test_what_ada_read_takes_the_place_of_what_was_recalled() -> None:
    system = system_named("tsf", {"tsf": read_by_ada()})
    assert system.read is Read.INSTRUCTIONS
    assert system.mark is Mark.SECOND_HAND
    assert system.source.startswith("instructions for use, rev. X, read by Ada")
    assert [s.name for s in system.struts] == ["short"]
    assert system.told_inner_mm == SYSTEMS["tsf"].told_inner_mm
    assert system.ring("full 120").system == "tsf"


def test_ada_may_bring_a_system_that_nobody_knows() -> None:
    ring = replace(EXAMPLE.rings[0], system="new")
    strut = replace(EXAMPLE.struts[0], system="new")
    file = replace(read_by_ada(), system="new", rings=(ring,), struts=(strut,))
    system = system_named("new", {"new": file})
    assert (system.market, system.told_inner_mm) == (Market.AVAILABLE, ())


def test_a_file_does_not_undo_a_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(SYSTEMS["tsf"], market=Market.RECALLED)
    monkeypatch.setattr(systems, "every_system", lambda: {"tsf": gone})
    system = system_named("tsf", {"tsf": read_by_ada()})
    assert system.market is Market.RECALLED
    (finding,) = hardware_findings(system, "R.tibia")
    assert (finding.level, finding.reference) == (Level.STOP, "frame.recalled@R.tibia")


@pytest.mark.parametrize("field", ["system", "maker", "document", "read_by"])
def test_sizes_come_with_who_read_what(field: str) -> None:
    with pytest.raises(DeviceRefusal, match=f"{field} is empty"):
        read_by_ada(**{field: " "})


@pytest.mark.parametrize("field", ["document", "read_by", "market", "rings"])
def test_a_file_that_leaves_something_out_is_refused(field: str) -> None:
    written = given_file()
    del written[field]
    with pytest.raises(
        DeviceRefusal, match=rf"hardware\.json, {field}: Field required"
    ):
        checked(TypeAdapter(ReadHardware), written, "hardware.json", DeviceRefusal)


def test_a_file_without_struts_builds_no_frame() -> None:
    with pytest.raises(DeviceRefusal, match="tsf holds 1 rings and 0 struts"):
        read_by_ada(struts=[])


def test_a_record_of_another_system_in_a_file_is_refused() -> None:
    foreign = TypeAdapter(Strut).dump_python(EXAMPLE.struts[0])
    with pytest.raises(
        DeviceRefusal, match="short belongs to example and stands among rings and"
    ):
        read_by_ada(struts=[foreign])


def test_two_records_of_one_name_are_refused() -> None:
    twice = given_file()["struts"] * 2
    with pytest.raises(DeviceRefusal, match="tsf holds two records named short"):
        read_by_ada(struts=twice)


@pytest.mark.parametrize("value", ["90", True, None])
def test_what_is_no_number_is_no_length(value: object) -> None:
    (strut,) = given_file()["struts"]
    with pytest.raises(DeviceRefusal, match=r"struts\.0\.min_mm"):
        read_by_ada(struts=[{**strut, "min_mm": value}])


def test_an_unknown_ring_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(DeviceRefusal, match=r"no ring 'full 150'; known are full 120"):
        EXAMPLE.ring("full 150")


# Choosing a ring.


def test_two_centimetres_of_room_all_round_decide() -> None:
    """A limb of 120 mm needs 160 mm; a hair more needs the next ring."""
    assert [r.name for r in fitting_rings(EXAMPLE, 60.0)][:2] == [
        "full 160",
        "partial 160",
    ]
    assert fitting_rings(EXAMPLE, 60.1)[0].name == "full 180"


@given(st.floats(1, 80))
def test_the_smallest_ring_comes_first_and_all_leave_room(radius: float) -> None:
    inner = [ring.inner_mm for ring in fitting_rings(EXAMPLE, radius)]
    assert inner == sorted(inner)
    assert inner[0] / 2 - radius >= 20


@pytest.mark.parametrize("radius", [81.0, 0.0, -5.0, float("nan"), float("inf")])
def test_a_limb_too_wide_or_none_is_refused(radius: float) -> None:
    with pytest.raises(
        DeviceRefusal, match=r"20 mm all round: boneschool\.com\); the widest .* 200 mm"
    ):
        fitting_rings(EXAMPLE, radius)


# Findings.


def test_an_invented_system_is_named_so() -> None:
    (finding,) = hardware_findings(EXAMPLE, "R.tibia")
    assert finding.level is Level.NOTE
    assert "invented" in finding.sentence


def test_nothing_is_known_against_what_ada_read() -> None:
    system: System = system_named("tsf", {"tsf": read_by_ada()})
    assert hardware_findings(system, "R.tibia") == []
