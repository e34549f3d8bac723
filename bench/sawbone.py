"""The 30 degree sawbone, on paper: a program is as wrong as it says it may be.

A bone bent by 30 degrees carries a frame. Two films are taken from about where they
should be, their points and the struts are read with some scatter, a program is made
and carried out, and the films are taken again; where the reading says that too much is
left, another program follows. Nothing here is a patient or a real sawbone: every row is
synthetic.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.progress import track

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.doubt import beyond_limits, sizes_of
from callotasis.fixation.hexapod import (
    Frame,
    Placement,
    check_placement,
    pose_from_struts,
    struts_of,
)
from callotasis.fixation.hexapod.films import FilmReading, Taken, TwoFilms, projected
from callotasis.fixation.hexapod.mounting import (
    fragment_after,
    frame_after,
    motion_of,
    parameters_of,
    ring_on_bone,
)
from callotasis.fixation.hexapod.orders import Mode, ProgramOrder
from callotasis.fixation.hexapod.program import Program, programmed
from callotasis.fixation.hexapod.reading import reading_of
from callotasis.pose import PARAMETERS, Side
from callotasis.worlds import Array, Worlds

BEND_DEG = 30.0
LANDMARK_MM, ANGLE_DEG, SOURCE_MM, STRUT_MM = 0.5, 1.5, 10.0, 0.5
ABOVE, APART = np.array([0, 0, 75]), np.array([0, 0, 150])  # the rings [mm]
FILM_MM = (1100.0, 950.0)  # source to detector, source to leg
MOST_PROGRAMS, MOST_REPEATS = 6, 3
GOOD_CHANCE = constant("hexapod.second_program_chance").value
WORLDS = Worlds(count=2000)
BONE = {
    "proximal_medial": (-35, 0, 120),
    "proximal_lateral": (35, 0, 120),
    "origin": (0, 0, 0),
    "distal_medial": (-25, 0, -200),
    "distal_lateral": (25, 0, -200),
    "corresponding": (0, 0, 0),
}


def _ring(at_deg: tuple[float, ...], radius: float = 80.0) -> Array:
    turns = np.radians(at_deg)
    return np.stack(
        [radius * np.cos(turns), radius * np.sin(turns), np.zeros(6)], axis=-1
    )


FRAME = Frame(_ring((8, 112, 128, 232, 248, 352)), _ring((52, 68, 172, 188, 292, 308)))


@dataclass(frozen=True, eq=False)
class Sawbone:
    """The truth: ring on bone, frame, and the distal fragment."""

    ring: Placement
    frame: Placement
    fragment: Placement


def sawbone(random: np.random.Generator) -> Sawbone:
    """A bone bent by 30 degrees in the frontal plane, in a frame mounted by hand."""
    while True:
        bend = random.choice([-1, 1]) * BEND_DEG
        shift, other = random.normal(0, 3, 3), random.normal(0, 2, 2)
        fragment = motion_of(np.array([*shift, other[0], bend, other[1]]))
        offset, tilt = random.normal(0, 8, 3), random.normal(0, 3, 3)
        ring = ring_on_bone(np.array([*(offset + ABOVE), *tilt]))
        last = Placement.at(random.normal(0, 5, 3) + APART, random.normal(0, 3, 3))
        first = frame_after(ring, last, Placement.at((0, 0, 0), (0, 0, 0)), fragment)
        try:
            check_placement(FRAME, first)
        except FrameRefusal:
            continue
        return Sawbone(ring, first, fragment)


class Reader:
    """Somebody who takes films and reads them, with the scatter of the study."""

    def __init__(self, bone: Sawbone, random: np.random.Generator) -> None:
        self.bone, self.random = bone, random
        self.films: dict[str, list[dict[str, Array]]] = {"frontal": [], "side": []}
        self.points: dict[str, list[dict[str, Array]]] = {"frontal": [], "side": []}
        self.struts: list[Array] = []
        self.times: dict[str, int] = {}
        for view in self.films:
            self.take(view)
        self.read_struts()

    def take(self, view: str) -> None:
        """Take a film anew and read it once."""
        turn, off = (
            self.random.normal(0, ANGLE_DEG, 3),
            self.random.normal(0, SOURCE_MM),
        )
        source, leg = (np.array([mm + off]) for mm in FILM_MM)
        film = Taken.by(turn[None], source, leg)
        exact = {}
        for name, at in self._places().items():
            exact[name] = projected(at[None], view, film)[0]
        self.films[view].append(exact)
        self.points[view].append({n: self._scattered(p) for n, p in exact.items()})

    def read_struts(self) -> None:
        """Read six scales."""
        exact = struts_of(FRAME, self.bone.frame)
        self.struts.append(exact + self.random.normal(0, STRUT_MM, 6))

    def _scattered(self, points: Array) -> Array:
        return points + self.random.normal(0, LANDMARK_MM, points.shape)

    def _places(self) -> dict[str, Array]:
        found = {}
        for name, at in BONE.items():
            here = np.array([at], float)
            moves = name.startswith("distal") or name == "corresponding"
            found[name] = self.bone.fragment.carried(here) if moves else here
        found["ring"] = self.bone.ring.carried(FRAME.proximal_mm)
        return found

    def again(self, reading: str) -> None:
        """Do what the advice says: read scales again, or take and read a film again."""
        if reading == "strut scales":
            self.read_struts()
            self.times[reading] = len(self.struts)
            return
        view = reading.partition(" ")[0]
        self.take(view)
        names = ["direction", "source distance", *self.points[view][0]]
        for name in names:
            spoken = f"{view} film: {name.replace('_', ' ')}"
            self.times[spoken] = len(self.points[view])

    def order(self) -> ProgramOrder:
        """What was read, as a program takes it; repeats are averaged."""
        films = {}
        for view, read in self.points.items():
            mean = {n: np.mean([r[n] for r in read], axis=0) for n in read[0]}
            films[view] = FilmReading(
                **{
                    n: tuple(map(tuple, p.tolist()))
                    if n == "ring"
                    else tuple(p[0].tolist())
                    for n, p in mean.items()
                }
            )
        return ProgramOrder(
            segment="R.tibia",
            frame_side=Side.RIGHT,
            proximal_joints_mm=FRAME.proximal_mm.tolist(),
            distal_joints_mm=FRAME.distal_mm.tolist(),
            mode=Mode.TOTAL_RESIDUAL,
            rate_mm_per_day=1.0,
            struts_mm=tuple(np.mean(self.struts, axis=0).tolist()),
            films=TwoFilms(*FILM_MM, 0.0, films["frontal"], films["side"]),
            strut_range_mm=(60.0, 320.0),
            read_times=self.times,
        )


def carried_out(bone: Sawbone, program: Program) -> Sawbone:
    """Turn the struts by what the program says."""
    rows = np.array(program.schedule.struts_mm)
    struts = struts_of(FRAME, bone.frame) + rows[-1] - rows[0]
    after = pose_from_struts(FRAME, struts)
    fragment = fragment_after(bone.ring, bone.frame, bone.fragment, after)
    return replace(bone, frame=after, fragment=fragment)


@dataclass(frozen=True, eq=False)
class Trial:
    """One sawbone, treated until its reader is content.

    Attributes
    ----------
    left : list of Array
        True residual after each program, shape (6,) each [mm, deg].
    first : Program
        With what it said about itself.
    repeats : int
        Readings made again.
    misread_deg : float
        Angulation before the first program, as read, minus the true one [deg].
    """

    left: list[Array]
    first: Program
    repeats: int
    misread_deg: float


def treated(seed: int, *, advised: bool) -> Trial:
    """Make programs until the films show no more than 2 degrees and 2 mm."""
    random = np.random.default_rng(seed)
    bone = sawbone(random)
    left: list[Array] = []
    programs: list[Program] = []
    repeats, misread = 0, 0.0
    bent = sizes_of(parameters_of(bone.fragment)[None])[0][0]
    while len(programs) < MOST_PROGRAMS:
        reader = Reader(bone, random)
        order = reader.order()
        found = parameters_of(reading_of(order, FRAME, Worlds(1)).deformity)[:1]
        if not programs:
            misread = float(sizes_of(found)[0][0] - bent)
        elif not beyond_limits(found)[0]:
            break
        program = programmed(order, WORLDS).program
        made = 0
        while (
            advised
            and made < MOST_REPEATS
            and program.doubt.chance_of_second_program > GOOD_CHANCE
        ):
            reader.again(program.doubt.read_again[0].reading)
            program = programmed(reader.order(), WORLDS).program
            made += 1
        repeats += made
        bone = carried_out(bone, program)
        programs.append(program)
        left.append(parameters_of(bone.fragment))
    return Trial(left, programs[0], repeats, misread)


def covered(trials: list[Trial]) -> list[tuple[str, float]]:
    """Share of trials in which an interval of the first program holds the truth."""
    rows = []
    for i, name in enumerate(PARAMETERS):
        held = [
            not t.first.doubt.residual[name].excludes(float(t.left[0][i]))
            for t in trials
        ]
        rows.append((name, float(np.mean(held))))
    angles, shifts = sizes_of(np.array([t.left[0] for t in trials]))
    for name, values in (
        ("residual_angulation_deg", angles),
        ("residual_shift_mm", shifts),
    ):
        said = [getattr(t.first.doubt, name) for t in trials]
        held = [
            not interval.excludes(float(v))
            for interval, v in zip(said, values, strict=True)
        ]
        rows.append((name, float(np.mean(held))))
    return rows


ARMS = {"as read once": False, "with the advice": True}


def studied(trials: int, seed: int) -> dict[str, list[Trial]]:
    """Every arm on the same sawbones."""
    return {
        name: [
            treated(seed + i, advised=advised)
            for i in track(range(trials), description=name)
        ]
        for name, advised in ARMS.items()
    }


def table(done: dict[str, list[Trial]]) -> str:
    """The study's figures as a table."""
    rows = {name: figures(trials) for name, trials in done.items()}
    lines = ["| | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    lines += [
        f"| {what} | " + " | ".join(found[what] for found in rows.values()) + " |"
        for what in next(iter(rows.values()))
    ]
    return "\n".join(lines)


def figures(trials: list[Trial]) -> dict[str, str]:
    """What one arm gave, in words."""
    counts = np.array([len(t.left) for t in trials])
    said = [t.first.doubt.chance_of_second_program for t in trials]
    true = [beyond_limits(t.left[0][None])[0] for t in trials]
    misread = np.array([t.misread_deg for t in trials])
    repeats = np.array([t.repeats for t in trials])
    found = {
        "programs, mean (most)": f"{counts.mean():.2f} ({counts.max()})",
        "one program was enough": _share(counts == 1),
        "films or scales read again, mean": f"{repeats.mean():.2f}",
        "bend as read minus true, mean (SD)": (
            f"{misread.mean():+.2f}° ({misread.std():.2f})"
        ),
    }
    for count in (1, 2):
        left = np.array([t.left[min(count, len(t.left)) - 1] for t in trials])
        angles, shifts = sizes_of(left)
        found[f"left after program {count}, median (95 % below)"] = (
            f"{np.median(angles):.2f}° ({np.quantile(angles, 0.95):.1f}), "
            f"{np.median(shifts):.2f} mm ({np.quantile(shifts, 0.95):.1f})"
        )
    found["beyond 2° or 2 mm after program 1, said"] = _share(said)
    found["beyond 2° or 2 mm after program 1, come true"] = _share(true)
    for name, share in covered(trials):
        what, unit = name.replace("residual_", "").rsplit("_", 1)
        found[f"95 % interval holds {what.replace('_', ' ')} [{unit}]"] = (
            f"{100 * share:.1f} %"
        )
    return found


def _share(of: object) -> str:
    return f"{100 * np.mean(np.asarray(of, float)):.0f} %"


MARKS = "<!-- table, made by bench/sawbone.py -->", "<!-- end of table -->"


def main() -> None:
    """Run the study; print its table or write its page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trials", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", type=Path, help="folder of the page")
    chosen = options.parse_args()
    found = table(studied(chosen.trials, chosen.seed))
    print(found)
    if chosen.write:
        last = chosen.seed + chosen.trials - 1
        made = f"{chosen.trials:,} trials, seeds {chosen.seed} to {last}.\n\n{found}"
        page = chosen.write / "sawbone.md"
        before, _, rest = page.read_text("utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        text = f"{before}{MARKS[0]}\n\n{made}\n\n{MARKS[1]}{after}"
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
