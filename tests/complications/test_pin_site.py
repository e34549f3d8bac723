"""Pin sites: what confirms an infection, what suggests one, and who looked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.complications import PinCall, PinSign, PinSite, pin_call
from callotasis.complications.pin_site import CONFIRMING
from callotasis.errors import RecordRefusal
from mishaps import STIFF, read

SITE = {"what": "pin-site infection", "origin": "infection"}


def test_frank_names_six_confirming_and_eleven_suggesting_signs() -> None:
    assert len(CONFIRMING) == 6
    assert len({*PinSign} - CONFIRMING) == 11
    assert PinSign.SEPTIC_JOINT in CONFIRMING
    assert PinSign.PAIN not in CONFIRMING


@given(st.sets(st.sampled_from(PinSign)))
def test_one_confirming_sign_is_enough_and_no_number_of_others(
    signs: set[PinSign],
) -> None:
    expected = PinCall.SUGGESTED if signs else PinCall.UNDECIDED
    assert pin_call(signs) is (PinCall.CONFIRMED if signs & CONFIRMING else expected)


def test_a_quiet_site_is_unlikely_infected_and_an_unseen_one_undecided() -> None:
    assert PinSite(quiet=True).call is PinCall.UNLIKELY
    assert PinSite().call is PinCall.UNDECIDED


def test_a_site_comes_with_its_entry() -> None:
    site = {"site": "tibia 2", "signs": ["wet site"], "looks": "bad", "gordon": 2}
    found = read(STIFF, **SITE, pin_site=site)
    assert found.pin_site is not None
    assert found.pin_site.call is PinCall.SUGGESTED
    assert found.pin_site.gordon == 2


@pytest.mark.parametrize(
    ("site", "why"),
    [
        ({"quiet": True, "signs": ["wet site"]}, "quiet is true and signs name wet"),
        ({"gordon": 0}, "gordon: Input should be greater"),
        ({"gordon": 6}, "gordon: Input should be less"),
        ({"checketts_otterburns": 7}, "checketts_otterburns: Input should be less"),
        ({"modified_gordon": 7}, "modified_gordon: Input should be less"),
        ({"modified_gordon": True}, "modified_gordon: Input should be a valid integer"),
        ({"signs": ["itching"]}, "signs"),
    ],
)
def test_what_no_scale_has_is_refused(site: dict[str, Any], why: str) -> None:
    with pytest.raises(RecordRefusal, match=why):
        read(STIFF, **SITE, pin_site=site)
