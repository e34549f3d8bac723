"""The files of a program: bones, skin and struts stand where the patient has them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import Programmed, ProgramOrder, programmed, struts_of
from callotasis.fixation.hexapod.mounting import fragment_after, parameters_of
from callotasis.fixation.hexapod.orders import LimbRoom, Mode
from callotasis.pose import Side
from callotasis.report.frame_files import (
    FRAME_FILES,
    SheetWishes,
    frame_files,
    scene_of,
)
from callotasis.worlds import Array, Worlds
from looks import pages_of
from sawbones import program_file

FEW = Worlds(count=100)
WISHES = SheetWishes(date(2027, 1, 18), "Dora", "Ward 3, 0123 456", date(2027, 1, 15))
LIMB = LimbRoom(50.0, 42.0, 150.0, 200.0)


def order(**changed: object) -> ProgramOrder:
    raw = program_file(scale_offset_mm={"strut": -30.0}, **changed)
    return TypeAdapter(ProgramOrder).validate_python(raw)


@cache
def made() -> Programmed:
    return programmed(order(), FEW)


def on_bone(points_mm: Array) -> Array:
    """From the proximal ring's frame into that of the bone."""
    return made().ends.ring.carried(points_mm)


def test_both_fragments_just_touch_where_they_shall_meet() -> None:
    scene, ends = scene_of(made()), made().ends
    assert scene.bones is not None
    (upper,), (lower,) = scene.bones.proximal, scene.bones.distal
    top = on_bone(np.stack([upper.start_mm, upper.end_mm]))
    assert top[0] == pytest.approx([0, 0, upper.radius_mm])
    assert top[1, 2] > 70  # beyond its ring
    assert scene.wanted is ends.target
    assert scene.words == "left tibia"
    below = on_bone(ends.target.carried(np.stack([lower.start_mm, lower.end_mm])))
    # 10 mm of lengthening between the round ends of both.
    assert below[0] == pytest.approx([0, 0, -10 - lower.radius_mm])
    assert below[1] == pytest.approx([0, 0, below[1, 2]], abs=1e-9)
    assert below[1, 2] < below[0, 2]


def test_the_moving_bone_is_crooked_at_the_start() -> None:
    scene, ends = scene_of(made()), made().ends
    assert scene.bones is not None
    (lower,) = scene.bones.distal
    ends_mm = on_bone(ends.start.carried(np.stack([lower.start_mm, lower.end_mm])))
    x, _, z = ends_mm[1] - ends_mm[0]
    # 15 degrees of varus: the lower end stands medially.
    assert np.degrees(np.arctan2(x, -z)) == pytest.approx(-15, abs=0.2)


@pytest.mark.parametrize("day", [0, 10, -1])
def test_the_days_of_the_path_are_the_days_of_the_table(day: int) -> None:
    found = made()
    assert found.side is Side.LEFT
    pose = found.poses.on(Side.LEFT)[day]
    assert struts_of(scene_of(found).frame, pose) == pytest.approx(
        found.program.schedule.struts_mm[day], abs=1e-6
    )
    ends = found.ends
    if day == -1:
        moved = fragment_after(ends.ring, ends.start, ends.before, pose)
        assert parameters_of(moved) == pytest.approx([0, 0, -10, 0, 0, 0], abs=2)


def test_the_skin_is_drawn_where_somebody_said_how_wide_it_is() -> None:
    assert scene_of(made()).skin is None
    skin = scene_of(made(), LIMB).skin
    assert skin is not None
    (upper,) = skin.proximal
    assert upper.radius_mm == 50
    assert on_bone(np.stack([upper.start_mm, upper.end_mm])) == pytest.approx(
        np.array([[0, 0, 0], [0, 0, 150]]), abs=1e-9
    )


def test_every_file_is_there_and_the_pictures_are_pictures() -> None:
    files = frame_files(made(), order(), WISHES)
    assert tuple(files) == FRAME_FILES
    for name in ("frame.png", "path.png", "struts.png"):
        with Image.open(io.BytesIO(files[name])) as picture:
            assert picture.width > 1000
    document = json.loads(files["program.json"])
    assert document["schedule"]["days"] == made().program.schedule.days


def test_without_wishes_there_is_no_strut_sheet() -> None:
    assert "struts.pdf" not in frame_files(made(), order())


def test_the_strut_sheet_shows_what_the_scales_show(tmp_path: Path) -> None:
    path = tmp_path / "struts.pdf"
    path.write_bytes(frame_files(made(), order(), WISHES)["struts.pdf"])
    text = " ".join(pages_of(path))
    for said in ("LEFT TIBIA", "DRAFT", "Ward 3, 0123 456", "Mon 18 Jan", "Dora"):
        assert said in text
    last = made().program.schedule.struts_mm[-1]
    assert " ".join(f"{length - 30:g}" for length in last) in text


@pytest.mark.parametrize(
    ("mode", "said", "unsaid"),
    [
        (Mode.CHRONIC, "as set in theatre", "as it stands now"),
        (Mode.TOTAL_RESIDUAL, "as it stands now", "as set in theatre"),
    ],
)
def test_the_sheet_says_where_the_first_lengths_come_from(
    tmp_path: Path, mode: Mode, said: str, unsaid: str
) -> None:
    path = tmp_path / "struts.pdf"
    asked = replace(order(), mode=mode)  # the program itself stays as it was made
    path.write_bytes(frame_files(made(), asked, WISHES)["struts.pdf"])
    text = " ".join(pages_of(path))
    assert said in text
    assert unsaid not in text


def test_a_sheet_says_whose_it_is() -> None:
    with pytest.raises(FrameRefusal, match="case is empty"):
        replace(WISHES, case=" ")


def test_a_scale_that_nobody_told_is_refused() -> None:
    silent = replace(order(), scale_offset_mm={})
    with pytest.raises(FrameRefusal, match="scale of size 'strut'"):
        frame_files(made(), silent, WISHES)
