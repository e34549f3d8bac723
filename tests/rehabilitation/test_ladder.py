"""What is known before a step of loading is proposed, and what is refused."""

from __future__ import annotations

import pytest

from callotasis.errors import DeviceRefusal, PlanRefusal
from callotasis.rehabilitation import Callus, LoadLimit, Step


def test_the_ladder_goes_up() -> None:
    assert [*Step] == ["touch", "partial", "half", "full with aids", "full"]


@pytest.mark.parametrize("kilograms", [0.0, -20.0, 151.0, float("nan"), float("inf")])
def test_a_limit_that_no_device_has_is_refused(kilograms: float) -> None:
    with pytest.raises(DeviceRefusal, match=r"limit_kg is .* Is it in kilograms\?"):
        LoadLimit(kilograms, "IFU 2026", "Ada")


@pytest.mark.parametrize(
    ("document", "reader", "why"),
    [(" ", "Ada", "document"), ("IFU 2026", "", "read_by")],
)
def test_a_limit_that_nobody_read_is_refused(
    document: str, reader: str, why: str
) -> None:
    with pytest.raises(DeviceRefusal, match=f"{why} of a load limit is empty"):
        LoadLimit(20.0, document, reader)


@pytest.mark.parametrize("ratio", [93.0, 0.0, -1.0, 2.0, float("nan")])
def test_a_ratio_in_percent_is_refused(ratio: float) -> None:
    with pytest.raises(PlanRefusal, match=r"medial cortex is .* a percentage\?"):
        Callus({"medial": ratio})


def test_an_unknown_cortex_and_a_fifth_one_are_refused() -> None:
    with pytest.raises(PlanRefusal, match="cortex 'front' is unknown"):
        Callus({"front": 0.9})
    with pytest.raises(PlanRefusal, match="bridged_cortices is 5; allowed is 0 to 4"):
        Callus({}, 5)


def test_what_was_not_read_is_named() -> None:
    callus = Callus({"medial": 0.9, "anterior": 1.0})
    assert callus.unread == ("lateral", "posterior")
    assert callus.at_least(0.9) == 2
    assert callus.at_least(1.0) == 1
