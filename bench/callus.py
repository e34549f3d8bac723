"""How well a callus is read off synthetic close-up films, against their truth.

python bench/callus.py [--films 200] [--seed 11] [--write docs]

Made on one core in about six minutes.

Half of the films are equalised, half are not. Bones, gaps, regenerates, exposures and
the reader's two clicks are drawn; everything is read by
:func:`callotasis.radiograph.callus.read_callus` from the file alone.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from callotasis.errors import FilmRefusal
from callotasis.radiograph import read_film
from callotasis.radiograph.callus import (
    Callus,
    CallusShape,
    CallusTexture,
    read_callus,
)
from callotasis.radiograph.phantom import (
    BoneShape,
    CallusSpec,
    CloseUpSpec,
    FilmSpec,
    make_closeup,
)
from callotasis.worlds import Interval

TURNED_ROUND = 0.3  # of films are MONOCHROME1
CLICK_SD_MM = (
    1.5,
    4.0,
)  # of a reader who points at the middle of a bone: across, along


def drawn_callus_spec(rng: np.random.Generator) -> CallusSpec:
    """Draw a regenerate."""
    shape = CallusShape(rng.choice([*CallusShape]))
    texture = CallusTexture(rng.choice([*CallusTexture]))
    # Normal density is homogeneous or heterogeneous in Li's table.
    dense = texture in {CallusTexture.HOMOGENEOUS, CallusTexture.HETEROGENEOUS}
    level = rng.uniform(0.2, 1.0 if dense else 0.75)
    medial, lateral = np.clip(level + rng.uniform(-0.12, 0.12, 2), 0.1, 1.05)
    wide = {
        CallusShape.FUSIFORM: (1.12, 1.35),
        CallusShape.CONCAVE: (0.60, 0.86),
        CallusShape.CENTRAL: (0.40, 0.55),
    }.get(shape, (1.0, 1.0))
    chance = np.clip((level - 0.2) / 0.6, 0, 1)
    return CallusSpec(
        medial=round(float(medial), 3),
        lateral=round(float(lateral), 3),
        shape=shape,
        width=round(float(rng.uniform(*wide)), 3),
        texture=texture,
        bridged=tuple(s for s in ("medial", "lateral") if rng.random() < chance),
        # A marrow comes back as the cortex does.
        hollow=round(float(np.clip(level + rng.uniform(-0.3, 0.2), 0.05, 0.95)), 2),
    )


def drawn_spec(rng: np.random.Generator, *, equalised: bool) -> CloseUpSpec:
    """Draw a film: person, cut, callus and exposure."""
    bone = str(rng.choice(["femur", "tibia"]))
    side = str(rng.choice(["R", "L"]))
    segment = f"{side}.{bone}"
    # A shank is turned in until its fibula lies clear of the tibia, as for a mortise.
    turn = rng.uniform(-28, -14) if bone == "tibia" else rng.uniform(-10, 10)
    person = FilmSpec(
        shape={
            segment: BoneShape(
                width=round(float(rng.uniform(0.85, 1.15)), 3),
                bow_mm=round(float(rng.uniform(-4, 8)), 2),
            )
        },
        height_scale=round(float(rng.uniform(0.9, 1.1)), 3),
        flesh=round(float(rng.uniform(0.8, 1.2)), 3),
        leg_turn_deg={side: round(float(turn), 2)},
        scatter=round(float(rng.uniform(0.01, 0.05)), 4),
        monochrome1=bool(rng.random() < TURNED_ROUND),
        bits=int(rng.choice([12, 14, 16])),
        equalised=equalised,
        ball_mm=None,
        seed=int(rng.integers(2**31)),
    )
    return CloseUpSpec(
        segment=segment,
        level=round(float(rng.uniform(0.38, 0.62)), 3),
        gap_mm=round(float(rng.uniform(8, 70)), 2),
        drift_deg=round(float(np.clip(rng.normal(0, 2.5), -8, 8)), 2),
        callus=drawn_callus_spec(rng),
        person=person,
        kilovolt=round(float(rng.uniform(63, 85)), 1),
        dose=round(float(np.exp(rng.uniform(-0.7, 0.7))), 3),
        to_detector_mm=round(float(rng.uniform(95, 130)), 1),
        lean_deg=round(float(rng.uniform(-5, 5)), 2),
        tilt_deg=round(float(rng.normal(0, 1.5)), 2),
    )


def clicks(
    truth: dict[str, Any], rng: np.random.Generator
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Point at the bone above and below the gap as a person does [px]."""
    found = []
    for name in ("axis_above", "axis_below"):
        off = rng.normal(0, CLICK_SD_MM) / truth["pixel_pitch_mm"]
        column, row = truth["points_px"][name]
        found.append((round(column + float(off[0]), 1), round(row + float(off[1]), 1)))
    return found[0], found[1]


RATIO_LIMIT, GAP_LIMIT_MM = 0.03, 0.5
BRIDGED_FROM = 0.5
START, END = "<!-- bench -->", "<!-- end of bench -->"


@dataclass
class Tally:
    """Errors of all films of one kind."""

    films: int = 0
    refused: list[str] = field(default_factory=list)
    unread: int = 0
    errors: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)
    agreed: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, name: str, read: Interval, true: float) -> None:
        """Note one figure: its error, and whether the interval holds the truth."""
        found = read.value - true, not read.excludes(true)
        self.errors.setdefault(name, []).append(found)

    def agree(self, name: str, same: bool) -> None:  # noqa: FBT001 - one fact
        """Note one word: whether it was the right one."""
        self.agreed.setdefault(name, []).append(same)


def judge(tally: Tally, read: Callus, truth: dict[str, Any]) -> None:
    """Hold one reading against the truth."""
    tally.unread += 2 - len(read.ratio)
    for side, ratio in read.ratio.items():
        tally.add("ratio", ratio, truth["ratio"][side])
    tally.add("gap [mm]", read.gap_mm, truth["gap_mm"])
    tally.add("width ratio", read.width_ratio, truth["width_ratio"])
    tally.add("axis drift [deg]", read.axis_drift_deg, truth["axis_drift_deg"])
    tally.agree("shape", read.shape == truth["shape"])
    tally.agree("texture", read.texture == truth["texture"])
    if len(read.ratio) == len(truth["least_ratio"]):
        bridged = sum(v >= BRIDGED_FROM for v in truth["least_ratio"].values())
        tally.agree("bridged cortices", read.bridged_cortices.value == bridged)


def one_film(tally: Tally, seed: int, number: int, *, equalised: bool) -> None:
    """Make one film, read it and judge the reading."""
    rng = np.random.default_rng([seed, number])
    spec = drawn_spec(rng, equalised=equalised)
    made = make_closeup(spec)
    above, below = clicks(made.truth, rng)
    scale = made.truth["mm_per_px"]
    tally.films += 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        path.write_bytes(made.dicom)
        try:
            film = read_film(path)
            exact = Interval(scale, scale, scale)
            read = read_callus(film, spec.segment, above, below, exact)
        except FilmRefusal as refusal:
            tally.refused.append(f"film {number}: {refusal}")
            return
    judge(tally, read, made.truth)


LIMITS = {"ratio": RATIO_LIMIT, "gap [mm]": GAP_LIMIT_MM}


def table(tallies: dict[str, Tally], seed: int) -> str:
    """Write what came out as a table."""
    films = sum(t.films for t in tallies.values())
    said = f"`python bench/callus.py --films {films} --seed {seed}`"
    heads = (
        *("figure", "films", "read", "mean error", "mean absolute error"),
        *("95 % below", "within the limit", "inside its interval"),
    )
    lines = [
        f"{films} synthetic films, seed {seed}; {said}.",
        "",
        f"| {' | '.join(heads)} |",
        "|" + " --- |" * len(heads),
    ]
    for kind, tally in tallies.items():
        for name, found in tally.errors.items():
            errors = np.array([error for error, _ in found])
            size = np.abs(errors)
            limit = LIMITS.get(name)
            within = (
                f"{np.mean(size <= limit):.1%} in {limit:g}" if limit else "none set"
            )
            held = np.mean([inside for _, inside in found])
            lines.append(
                f"| {name} | {kind} | {len(size)} | {errors.mean():+.3f} | "
                f"{size.mean():.3f} | {np.quantile(size, 0.95):.3f} | {within} | "
                f"{held:.1%} |"
            )
    lines += ["", "| word | films | read | right |", "|" + " --- |" * 4]
    for kind, tally in tallies.items():
        lines += [
            f"| {name} | {kind} | {len(same)} | {np.mean(same):.1%} |"
            for name, same in tally.agreed.items()
        ]
    lines += ["", "| films | made | refused | cortices not read |", "|" + " --- |" * 4]
    lines += [
        f"| {kind} | {t.films} | {len(t.refused)} | {t.unread} |"
        for kind, t in tallies.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Make, read, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--write", type=Path, help="folder of callus.md")
    asked = parser.parse_args()
    tallies = {"equalised": Tally(), "not equalised": Tally()}
    for number in range(asked.films):
        equalised = number % 2 == 0
        tally = tallies["equalised" if equalised else "not equalised"]
        one_film(tally, asked.seed, number, equalised=equalised)
    found = table(tallies, asked.seed)
    print(found)
    for tally in tallies.values():
        for line in tally.refused:
            print(line)
    if asked.write is not None:
        page = asked.write / "callus.md"
        text = page.read_text("utf-8")
        before, after = text.index(START) + len(START), text.index(END)
        page.write_text(f"{text[:before]}\n{found}\n{text[after:]}", "utf-8")


if __name__ == "__main__":
    main()
