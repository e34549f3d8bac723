"""What people know about a film: the impossible is refused, the unknown said."""

from __future__ import annotations

import pytest

from callotasis.errors import FilmRefusal
from callotasis.findings import Level
from callotasis.pose import Side
from callotasis.radiograph import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.known import check_known, fact_findings
from darkroom import bare_film

ALL_SAID = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (
            KnownGeometry(magnification=0.9, magnification_sd=0.01),
            "magnification is 0.9",
        ),
        (KnownGeometry(magnification=1.1), "needs its standard deviation"),
        (KnownGeometry(magnification_sd=0.01), "deviation without a magnification"),
        (
            KnownGeometry(ball_mm=25.0, magnification=1.1, magnification_sd=0.01),
            "allowed is one of the two",
        ),
        (KnownGeometry(source_mm=2.6), "source distance is 2.6 mm; allowed is 800"),
        (KnownGeometry(beam_centre_px=(float("nan"), 0.0)), "beam centre is nan"),
        (
            KnownGeometry(depth_mm={(Side.LEFT, Joint.HIP): -1.0}),
            "depth of L.hip is -1",
        ),
    ],
)
def test_what_cannot_be_true_of_a_film_is_refused(
    known: KnownGeometry, why: str
) -> None:
    with pytest.raises(FilmRefusal, match=why):
        check_known(bare_film(400, 200), known, ALL_SAID)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (FilmFacts(knee_flexion_deg=90.0), "knee flexion is 90°"),
        (FilmFacts(block_mm={Side.RIGHT: -5.0}), "block under R is -5 mm"),
        (FilmFacts(block_mm={Side.LEFT: 400.0}), "block under L is 400 mm"),
    ],
)
def test_how_nobody_stands_is_refused(facts: FilmFacts, why: str) -> None:
    with pytest.raises(FilmRefusal, match=why):
        check_known(bare_film(400, 200), KnownGeometry(), facts)


def test_what_nobody_looked_at_is_three_cautions() -> None:
    found = fact_findings(FilmFacts())
    assert {f.level for f in found} == {Level.CAUTION}
    assert [f.key for f in found] == [
        "film.patella_unknown",
        "film.flexion_unknown",
        "film.blocks_unknown",
    ]


def test_a_straight_knee_and_a_forward_patella_need_no_word() -> None:
    assert fact_findings(ALL_SAID) == ()


def test_a_bent_knee_that_is_known_is_a_caution() -> None:
    (found,) = fact_findings(FilmFacts(True, 30.0, {}))
    assert (found.level, found.key) == (Level.CAUTION, "film.knee_flexed")
    assert "30°" in found.sentence


def test_a_block_is_named_with_its_side() -> None:
    (found,) = fact_findings(FilmFacts(True, 0.0, {Side.RIGHT: 40.0, Side.LEFT: 0.0}))
    assert (found.level, found.key) == (Level.NOTE, "film.blocks")
    assert "40 mm under R" in found.sentence
