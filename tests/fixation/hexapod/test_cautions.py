"""What must be said about a program before the first turn."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation.doubt import Doubt, Share
from callotasis.fixation.hexapod import poses_from_struts
from callotasis.fixation.hexapod.cautions import (
    mark_findings,
    reading_findings,
    strut_findings,
)
from callotasis.fixation.hexapod.program import cut_surface, programmed
from callotasis.worlds import Interval, Worlds
from sawbones import order, program_file

NOTHING = Interval(0.0, 0.0, 0.0)


def doubt(chance: float) -> Doubt:
    return Doubt({}, NOTHING, NOTHING, chance, (Share("strut scales", 0.6),))


def test_marks_that_hurry_the_bone_are_said_with_their_figures() -> None:
    limit = constant("distraction.rate_stop").value
    assert mark_findings(order(), limit) == []
    [finding] = mark_findings(order(graduation_mm=1.0), 2.14)
    assert (finding.level, finding.key) == (Level.CAUTION, "frame.marks")
    assert "marks 1 mm apart" in finding.sentence
    assert "moves 2.1 mm where 1 mm are planned" in finding.sentence


@pytest.mark.parametrize("graduation", [1.0, 0.05])
def test_the_way_of_the_rim_as_set_is_that_of_the_struts(graduation: float) -> None:
    found = programmed(order(graduation_mm=graduation), Worlds(count=50))
    ends, struts = found.ends, np.array(found.program.schedule.struts_mm)
    poses, _ = poses_from_struts(found.frame, struts)
    lower = (ends.ring @ ends.start).inverse() @ ends.before
    turns = np.linspace(0, 2 * np.pi, 400)
    rim = 20.0 * np.stack([np.cos(turns), np.sin(turns), 0 * turns], axis=-1)
    places = (poses @ lower).carried(rim)
    ways = np.linalg.norm(np.diff(places, axis=0), axis=-1).max()
    assert found.program.fastest_as_set_mm == pytest.approx(ways, rel=0.02)
    if graduation < 0.1:
        assert ways <= 1.1


def test_no_point_between_those_of_the_rim_moves_faster_than_the_rate() -> None:
    """Bends to the side and forward alike: the fastest point lies between four."""
    both = {
        **program_file()["deformity"], "valgus_deg": 12.0, "apex_anterior_deg": 12.0,
    }  # fmt: skip
    found = programmed(
        order(deformity=both, graduation_mm=0.001, structures_at_risk_mm=[]),
        Worlds(count=50),
    )
    assert len(cut_surface()) == 17
    assert found.program.fastest_as_set_mm <= 1.0 + 0.01


def test_readings_are_made_again_where_a_second_program_is_likely() -> None:
    limit = constant("hexapod.second_program_chance").value
    keys = [f.key for f in reading_findings(order(), doubt(limit - 0.01))]
    assert keys == ["frame.typed"]
    again, typed = reading_findings(order(), doubt(0.62))
    assert (again.key, typed.key) == ("frame.read_again", "frame.typed")
    assert "62%" in again.sentence
    assert "'strut scales'" in again.action


def test_a_strut_that_is_turned_far_is_named_with_its_day() -> None:
    limit = constant("hexapod.strut_per_day").value
    struts = np.full((4, 6), 160.0)
    struts[2:, 4] += limit
    assert strut_findings(struts, "L.tibia") == []
    struts[3, 1] -= limit + 1
    [finding] = strut_findings(struts, "L.tibia")
    assert finding.key == "frame.strut_far"
    assert "Strut 2 is turned 4.0 mm on day 3; up to 3 mm" in finding.sentence
    assert strut_findings(struts[:1], "L.tibia") == []
