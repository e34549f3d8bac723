"""Devices: which may be prescribed from, and what is known against one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callotasis.errors import DeviceRefusal
from callotasis.findings import Level
from callotasis.fixation import (
    ConfirmedData,
    Kind,
    device_findings,
    device_named,
    every_device,
)
from callotasis.fixation.catalogue import Market, Read
from callotasis.fixation.hexapod.systems import every_system
from callotasis.pose import Bone
from dora import NOBODY, RIGHT_FEMUR, RIGHT_TIBIA, confirming

DEVICES = every_device()
UNREAD = [name for name, d in DEVICES.items() if d.read is Read.UNREAD]
EXAMPLES = [name for name, d in DEVICES.items() if d.read is Read.EXAMPLE]


def test_the_catalogue_has_an_example_of_every_kind_and_real_devices_besides() -> None:
    assert {DEVICES[name].kind for name in EXAMPLES} == set(Kind)
    assert UNREAD


@pytest.mark.parametrize("name", DEVICES)
def test_every_device_lengthens_in_whole_steps_and_names_its_source(name: str) -> None:
    device = DEVICES[name]
    assert device.name == name
    assert 0 < device.step_mm < device.stroke_mm
    assert (device.stroke_mm / device.step_mm).is_integer()
    assert device.bones
    assert device.maker
    assert device.source
    assert all(diameter > 0 for diameter in device.diameters_mm)
    assert bool(device.diameters_mm) == (device.kind is Kind.NAIL)


def test_only_a_nail_lies_in_the_bone_and_only_frames_turn_it_day_by_day() -> None:
    assert {kind for kind in Kind if kind.external} == {
        Kind.RAIL,
        Kind.RING,
        Kind.HEXAPOD,
    }
    assert {kind for kind in Kind if kind.turns_bone} == {Kind.RING, Kind.HEXAPOD}


@pytest.mark.parametrize("name", DEVICES)
def test_a_hexapod_names_the_system_of_its_rings_and_struts(name: str) -> None:
    device = DEVICES[name]
    assert bool(device.system) == (device.kind is Kind.HEXAPOD)
    if device.system:
        system = every_system()[device.system]
        assert (system.read, system.market) == (device.read, device.market)
        assert system.maker == device.maker


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_invented_device_is_an_example_in_every_respect(name: str) -> None:
    device = DEVICES[name]
    assert device.market is Market.EXAMPLE
    assert "invented" in device.source


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_device_may_be_prescribed_from(name: str) -> None:
    assert device_named(name, RIGHT_FEMUR, NOBODY) is DEVICES[name]


@pytest.mark.parametrize("name", ["", "precise", "EXAMPLE-NAIL", "example-nail "])
def test_an_unknown_device_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(
        DeviceRefusal, match=rf"device '{name}' is unknown; .*example-nail, .*precice"
    ):
        device_named(name, RIGHT_FEMUR, NOBODY)


@pytest.mark.parametrize("name", UNREAD)
def test_data_that_nobody_has_read_are_refused_with_their_source(name: str) -> None:
    with pytest.raises(DeviceRefusal, match="unsigned: nobody has read the maker's"):
        device_named(name, RIGHT_FEMUR, NOBODY)
    with pytest.raises(DeviceRefusal, match="decision entry that confirms stroke_mm"):
        device_named(name, RIGHT_FEMUR, confirming(*set(UNREAD) - {name}))


@pytest.mark.parametrize("name", UNREAD)
def test_data_that_a_clinician_confirmed_may_be_prescribed_from(name: str) -> None:
    read = {name: ConfirmedData(61.0, 0.5, "Instructions, revision 3")}
    device = device_named(name, RIGHT_FEMUR, read)
    assert (device.stroke_mm, device.step_mm) == (61.0, 0.5)
    assert device.read is Read.INSTRUCTIONS
    assert "Instructions, revision 3" in device.source


def test_an_unsigned_device_that_was_recalled_is_refused_for_both() -> None:
    with pytest.raises(DeviceRefusal, match=r"unsigned.* and it was recalled \(source"):
        device_named("precice-stryde", RIGHT_FEMUR, NOBODY)


def test_a_device_for_another_bone_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    femoral = replace(DEVICES["example-nail"], bones=(Bone.FEMUR,))
    monkeypatch.setattr(
        "callotasis.fixation.catalogue.every_device", lambda: {"femoral": femoral}
    )
    assert device_named("femoral", RIGHT_FEMUR, NOBODY) is femoral
    with pytest.raises(DeviceRefusal, match="femoral is not made for a tibia"):
        device_named("femoral", RIGHT_TIBIA, NOBODY)


def test_a_recalled_device_is_a_stop_even_when_it_is_confirmed() -> None:
    confirmed = confirming("precice-stryde")
    device = device_named("precice-stryde", RIGHT_FEMUR, confirmed)
    (found,) = device_findings(device, RIGHT_FEMUR)
    assert found.level is Level.STOP
    assert found.reference == "device.recalled@R.femur"
    assert device.source in found.sentence


def test_an_example_device_is_a_note_that_it_exists_nowhere() -> None:
    (found,) = device_findings(DEVICES["example-nail"], RIGHT_TIBIA)
    assert found.level is Level.NOTE
    assert found.reference == "device.example@R.tibia"
    assert "exists nowhere" in found.sentence


def test_nothing_is_said_against_a_device_on_the_market() -> None:
    assert device_findings(DEVICES["precice"], RIGHT_FEMUR) == []
