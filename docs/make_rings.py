"""Draw what hinges do on the bisector and off it, and what a leaning rail does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from callotasis.fixation import every_device
from callotasis.fixation.hinged.device import HingedDevice, HingeSettings
from callotasis.fixation.hinged.hinges import Angulation, Wedge, ring_frame
from callotasis.fixation.hinged.lean import Lean
from callotasis.fixation.hinged.rail import rail_on
from callotasis.pose import Segment
from callotasis.report.style import FIXED, INK, MOVING, RULE, drawing

TARGET = Path(__file__).parent / "images/rail-and-rings.png"
TIBIA = Segment.parse("R.tibia")
VARUS_DEG, HALF_MM, LONG_MM = 24.0, 14.0, 95.0
VARUS = Angulation(-VARUS_DEG)
STRAIGHT = HingeSettings(VARUS_DEG, 0.0)


@dataclass(frozen=True)
class Panel:
    """One small picture."""

    title: str
    device: HingedDevice
    settings: HingeSettings
    bend_deg: float
    says: str


def shaft(end_mm: float, tilt_deg: float, cut_deg: float) -> np.ndarray:
    """Outline of a shaft from the cut to its end, lateral and proximal [mm]."""
    tilt, slope = np.radians(tilt_deg), np.tan(np.radians(cut_deg))
    corners = [
        (-HALF_MM, -HALF_MM * slope),
        (HALF_MM, HALF_MM * slope),
        (HALF_MM, end_mm),
        (-HALF_MM, end_mm),
    ]
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    return np.array(corners) @ turn.T


def in_space(flat: np.ndarray) -> np.ndarray:
    """Points of the frontal plane in the limb frame [mm]."""
    return np.stack([flat[:, 0], np.zeros(len(flat)), flat[:, 1]], axis=1)


def draw(ax: Axes, panel: Panel) -> None:
    """Proximal part, distal part before and after, hinges."""
    half = panel.bend_deg / 2
    above = shaft(LONG_MM, 0.0, half)
    below = shaft(-LONG_MM, panel.bend_deg, -half)
    after = panel.device.carried(
        in_space(below), panel.settings.turn_deg, panel.settings.extension_mm
    )[:, [0, 2]]
    # A right leg from the front: lateral is on the left of the picture.
    for outline, style in (
        (above, {"facecolor": FIXED, "alpha": 0.75}),
        (after, {"facecolor": MOVING, "alpha": 0.75}),
        (below, {"facecolor": "none", "edgecolor": FIXED, "linestyle": (0, (3, 2))}),
    ):
        ax.fill(-outline[:, 0], outline[:, 1], **style)
    ax.plot([0, 0], [LONG_MM + 12, -LONG_MM - 45], color=INK, lw=0.7, ls=(0, (6, 3)))
    axis = after[2:].mean(axis=0), after[:2].mean(axis=0)
    ax.plot(*np.array([[-x, z] for x, z in axis]).T, color=MOVING, lw=1.2)
    ax.set_title(panel.title, fontsize=9, pad=4)
    ax.text(0, -LONG_MM - 62, panel.says, ha="center", va="top", fontsize=8.5)


def draw_hinge(ax: Axes, panel: Panel) -> None:
    """The bisector, and the hinges on it or off it."""
    slope = np.tan(np.radians(panel.bend_deg / 2))
    reach = np.array([-52.0, 52.0])
    ax.plot(-reach, reach * slope, color=RULE, lw=1.2, zorder=0)
    x, _, z = panel.device.hinge_mm
    ax.plot(-x, z, "o", ms=8, mfc="white", mec=INK, mew=1.6, zorder=5)
    ax.plot(-x, z, "o", ms=2.5, color=INK, zorder=6)


def draw_body(ax: Axes, panel: Panel) -> None:
    """The body of a rail, and its pins."""
    line = panel.device.line[[0, 2]]
    middle = np.array([58.0, 0.0])
    out = panel.settings.extension_mm * line
    ends = middle - 90 * line, middle + 90 * line + out
    ax.plot(*np.array([[-x, z] for x, z in ends]).T, color=INK, lw=3.5)
    for level in (-75, -55, -35, 35, 55, 75):
        at = middle + level * line + (out if level > 0 else 0)
        far = HALF_MM - (out[0] if level > 0 else 0)
        ax.plot([-at[0], far], [at[1], at[1]], color=INK, lw=1.0, zorder=0)


def panels() -> list[Panel]:
    """Four frames and a rail."""
    frames = [
        ("Convex side: opening", 22.0, Wedge.OPENING),
        ("On the apex: neutral", 0.0, Wedge.NEUTRAL),
        ("Concave side: closing", -22.0, Wedge.CLOSING),
    ]
    made = []
    for title, convex, wedge in frames:
        device = ring_frame(TIBIA, VARUS, convex, wedge)
        gain = device.pose(STRAIGHT).lengthening_mm
        longer = f"{abs(gain):.1f} mm {'longer' if gain > 0 else 'shorter'}"
        says = f"axis straight,\n{longer if convex else 'as long as before'}"
        made.append(Panel(title, device, STRAIGHT, -VARUS_DEG, says))
    apex = made[1].device
    off = replace(apex, hinge_mm=np.array([0.0, 0.0, 40.0]))
    shift = off.pose(STRAIGHT).lateral_mm
    side = "medial" if shift < 0 else "lateral"
    made.append(
        Panel(
            "40 mm above the apex",
            off,
            STRAIGHT,
            -VARUS_DEG,
            f"axis {abs(shift):.1f} mm to the\n{side} side",
        )
    )
    rail = rail_on(every_device()["example-rail"], TIBIA, Lean(8.0, 0.0))
    long = HingeSettings(0.0, 40.0)
    says = f"40 mm along a body 8° off:\n{rail.pose(long).lateral_mm:.1f} mm lateral"
    made.append(Panel("Rail that leans", rail, long, 0.0, says))
    return made


def main() -> None:
    """Write the picture."""
    with drawing():
        figure, axes = plt.subplots(1, 5, figsize=(10.2, 4.1), layout="constrained")
        for ax, panel in zip(axes, panels(), strict=True):
            draw(ax, panel)
            if panel.bend_deg:
                draw_hinge(ax, panel)
            else:
                draw_body(ax, panel)
            ax.set(aspect="equal", xlim=(-82, 82), ylim=(-LONG_MM - 92, LONG_MM + 14))
            ax.axis("off")
        figure.savefig(TARGET, dpi=150)


if __name__ == "__main__":
    main()
