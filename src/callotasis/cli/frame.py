"""``callotasis frame``: struts from pose, pose from struts, and schedules."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from callotasis.cli.terminal import json_file, say, show_table
from callotasis.errors import FrameRefusal
from callotasis.exchange import as_json, checked
from callotasis.fixation.hexapod import (
    PlacedFrame,
    Placement,
    ReadFrame,
    Schedule,
    ScheduleOrder,
    check_placement,
    checked_frame,
    condition_of,
    pose_from_struts,
    scheduled,
    struts_of,
)

T = TypeVar("T")


def read_file(path: Path, kind: type[T]) -> T:
    """A frame file, checked."""
    return checked(TypeAdapter(kind), json_file(path), path.name, FrameRefusal)


def run_settings(path: Path, *, json: bool) -> None:
    """Strut lengths of a pose."""
    order = read_file(path, PlacedFrame)
    frame = checked_frame(order.proximal_joints_mm, order.distal_joints_mm)
    placement = order.pose.placement()
    condition = check_placement(frame, placement)
    struts: list[float] = struts_of(frame, placement).tolist()
    if json:
        found = {"struts_mm": struts, "condition_number": condition}
        say(as_json(found, fine=True))
        return
    rows = [[str(i), f"{length:.2f}"] for i, length in enumerate(struts, 1)]
    show_table("Struts, joint to joint", ("strut", "mm"), rows)
    say(f"Condition number: {condition:.1f}")


def run_pose(path: Path, *, json: bool) -> None:
    """Pose of six strut lengths."""
    order = read_file(path, ReadFrame)
    frame = checked_frame(order.proximal_joints_mm, order.distal_joints_mm)
    near = None if order.near is None else order.near.placement("near")
    placement = pose_from_struts(frame, order.lengths(), near)
    condition = float(condition_of(frame, placement))
    pose = _pose(placement)
    if json:
        say(as_json({"pose": pose, "condition_number": condition}, fine=True))
        return
    for name, unit in (("translation_mm", "mm"), ("rotation_deg", "°")):
        said = ", ".join(f"{v:.2f}" for v in pose[name])
        say(f"{name.partition('_')[0]} x, y, z: {said} {unit}")
    say(f"Condition number: {condition:.1f}")


def _pose(placement: Placement) -> dict[str, list[float]]:
    return {
        "translation_mm": placement.translation_mm.tolist(),
        "rotation_deg": placement.rotation_deg.tolist(),
    }


def run_schedule(path: Path, *, json: bool) -> None:
    """Every strut for every day."""
    found = scheduled(read_file(path, ScheduleOrder))
    if json:
        say(as_json(found, fine=True))
        return
    show_schedule(found)


def show_schedule(found: Schedule) -> None:
    """Print a strut table for people."""
    rows = [
        [str(day), *(f"{length:.1f}" for length in row)]
        for day, row in enumerate(found.struts_mm)
    ]
    show_table("Struts [mm], joint to joint", ("day", *"123456"), rows)
    error = found.pose_error
    say(
        f"\nRounding moves the ring by {error.max_mm:.2f} mm and {error.max_deg:.2f}° "
        "at most."
    )
    for change in found.changes:
        say(
            f"Strut {change.strut}: change {change.before} for {change.after} at the "
            f"end of day {change.day}."
        )
