"""How well a length is read off follow-up films by a nail, by rings, by the other leg.

python bench/lengths.py [--films 120] [--seed 3000] [--write docs]

Synthetic films with known truth: close-ups of one cut bone with a lengthening nail or
two rings on it, each at another magnification, lean, scatter, processing and place of
the beam, clicked with some scatter; and standing people, whose landmarks are clicked
by a reader. Then courses of films read so well, as in bench/shortfalls.py.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from shortfalls import SHORT_MM, course

from callotasis.errors import Refusal
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph import Film, Landmarks, read_film
from callotasis.radiograph.landmarks import click_spread_mm
from callotasis.radiograph.phantom import FilmSpec
from callotasis.radiograph.phantom.closeup import closeup_scene, make_closeup
from callotasis.radiograph.phantom.closeup_spec import CallusSpec, CloseUpSpec
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.frame_rings import FrameRings, frame_rings
from callotasis.radiograph.phantom.hardware import Metal
from callotasis.radiograph.phantom.telescope import (
    TelescopicNail,
    rod_tip,
    screw_middle,
    telescope,
)
from callotasis.radiograph.phantom.truth import landmarks_on
from callotasis.radiograph.rulers import (
    FilmLength,
    Nail,
    RodMark,
    bone_length,
    bone_pair,
    nail_length,
    ring_distance,
)
from callotasis.worlds import Array, Worlds

HERE = Path(__file__).parent
CLICK_MM = 1.5  # standard deviation of every click, each way, on the detector
BEAM_OFF_MM, MOST_OFF_MM = 15.0, 30.0  # of the central ray from the film's middle
PITCH_MM = 0.2
MAGNIFIED = (1.06, 1.35)
MOST_LEAN_DEG = 10.0
FIRST_MM, MOST_GAIN_MM = 30.0, 60.0
RING_METALS = (0.03, 0.075, 0.075, 0.25)  # carbon, aluminium twice, thin steel [1/mm]
DRAWS = Worlds(count=400)
LEGS = "healthy leg"
HEADER = (
    "| ruler | films | refused | bias | SD of one film | 95 % within "
    "| difference of two films: bias | its SD | SD it says | intervals hold |"
)


@dataclass(frozen=True)
class Reading:
    """What one film gave; nan where it was refused [mm]."""

    error_mm: float
    gain_mm: float
    sd_mm: float = float("nan")
    held: bool = False


@dataclass(frozen=True, eq=False)
class Taken:
    """A close-up film cut out about a beam that is not its middle."""

    film: Film
    off_px: Array
    project: Callable[[Array], Array]

    def clicked(self, rng: np.random.Generator, points: Array) -> list[Any]:
        """Click points in space as a reader would [px]."""
        on_film = self.project(points) - self.off_px
        scattered = on_film + rng.normal(0, CLICK_MM / PITCH_MM, on_film.shape)
        return [tuple(point) for point in scattered]


def close_up(rng: np.random.Generator, seed: int, segment: str, gap: float,
             size_mm: tuple[float, float]) -> CloseUpSpec:  # fmt: skip
    """Draw a person, a beam and a film's processing."""
    source = float(rng.uniform(1000, 1500))
    depth = source * (1 - 1 / rng.uniform(*MAGNIFIED))
    side = segment[0]
    person = FilmSpec(
        ball_mm=None,
        flesh=float(rng.uniform(0.8, 1.2)),
        leg_turn_deg={side: float(rng.normal(0, 5))},
        knee_flexion_deg={side: float(abs(rng.normal(2, 4)))},
        scatter=float(np.exp(rng.uniform(np.log(0.006), np.log(0.06)))),
        equalised=bool(rng.random() < 0.7),  # noqa: PLR2004 - as in population.toml
        seed=seed,
    )
    return CloseUpSpec(
        segment=segment,
        gap_mm=gap,
        callus=CallusSpec(*rng.uniform(0.1, 0.9, 2)) if gap > 1 else None,
        person=person,
        kilovolt=float(rng.uniform(65, 85)),
        source_mm=source,
        to_detector_mm=float(np.clip(depth, 60, 300)),
        lean_deg=float(rng.uniform(-8, 8)),
        tilt_deg=float(rng.uniform(-MOST_LEAN_DEG, MOST_LEAN_DEG)),
        wide_mm=size_mm[0],
        high_mm=size_mm[1],
        pitch_mm=PITCH_MM,
    )


def taken(rng: np.random.Generator, spec: CloseUpSpec, metal: list[Metal]) -> Taken:
    """Expose a film, read it as a user would, and cut it off the beam's middle."""
    made = make_closeup(spec, metal)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        path.write_bytes(made.dicom)
        film = read_film(path)
    off = np.clip(rng.normal(0, BEAM_OFF_MM, 2), -MOST_OFF_MM, MOST_OFF_MM) / PITCH_MM
    left, top = np.maximum(2 * off, 0).astype(int)
    right, bottom = np.maximum(-2 * off, 0).astype(int)
    pixels = film.pixels[top : film.rows - bottom, left : film.columns - right]
    beam = closeup_scene(spec).beam
    cut = replace(film, pixels=np.ascontiguousarray(pixels))
    return Taken(cut, np.array([left, top]), beam.film_points)


def judged(read: Callable[[], FilmLength], truth: float, gain: float) -> Reading:
    """Hold a reading against the truth."""
    try:
        found = read()
    except Refusal as refusal:
        print(f"refused: {refusal}")
        return Reading(float("nan"), gain)
    held = not found.measured_mm.excludes(truth)
    return Reading(found.measured_mm.value - truth, gain, found.sd_mm, held)


def nail_film(seed: int) -> dict[str, Reading]:
    """One film of a femur with a nail, read three ways."""
    rng = np.random.default_rng(seed)
    gain = float(rng.uniform(0, MOST_GAIN_MM))
    side = str(rng.choice(["R", "L"]))
    spec = close_up(rng, seed, f"{side}.femur", gain, (230.0, 400.0))
    leg = closeup_scene(spec).leg
    nail = TelescopicNail(
        rod_mm=float(rng.choice([7.0, 8.0, 8.5])),
        tube_length_mm=170.0,
        exposed_mm=FIRST_MM + gain,
        bore_mm=float(rng.choice([0.0, 6.0])),
    )
    axis = leg.upper_axis
    end = leg.upper_end + (gain / 2 + 15) * axis + rng.normal(0, 0.5, 3)
    turn = np.radians(rng.normal(0, 10))
    screws = np.array([np.cos(turn), np.sin(turn), 0.1 * rng.normal()])
    shot = taken(rng, spec, telescope(nail, end, axis, screws))
    far = -float(rng.uniform(45, 90))
    places = [end + far * axis, rod_tip(nail, end, axis), screw_middle(nail, end, axis)]
    tube, tip, screw = shot.clicked(rng, np.array(places))
    to_screw = nail.exposed_mm - nail.screws_from_tip_mm[0]
    ways = {
        "nail, its tube known": (Nail(nail.tube_mm), tip, nail.exposed_mm),
        "nail, tube and rod known": (
            Nail(nail.tube_mm, nail.rod_mm), tip, nail.exposed_mm,
        ),
        "nail, tube known, to a screw": (
            Nail(nail.tube_mm, mark=RodMark.SCREW), screw, to_screw,
        ),
    }  # fmt: skip
    return {
        name: judged(
            lambda k=known, p=at: nail_length(shot.film, tube, p, k, draws=DRAWS),
            truth,
            gain,
        )
        for name, (known, at, truth) in ways.items()
    }


def ring_film(seed: int) -> dict[str, Reading]:
    """One film of a tibia with two rings."""
    rng = np.random.default_rng(seed)
    gain = float(rng.uniform(0, MOST_GAIN_MM))
    side = str(rng.choice(["R", "L"]))
    spec = close_up(rng, seed, f"{side}.tibia", gain, (390.0, 390.0))
    leg = closeup_scene(spec).leg
    metal = float(rng.choice(RING_METALS))
    rings = FrameRings(outer_mm=180.0, attenuation=metal)
    axis = leg.upper_axis
    aside = np.append(rng.normal(0, 5, 2), 0.0)
    middle = (leg.upper_end + leg.lower_end) / 2 + aside
    apart = 110.0 + gain
    centres = middle - apart / 2 * axis, middle + apart / 2 * axis
    normals = [axis + np.tan(np.radians(rng.normal(0, 1.0, 3))) for _ in centres]
    metals = frame_rings(
        rings, centres, (normals[0], normals[1]), float(rng.uniform(0, 90))
    )
    shot = taken(rng, spec, metals)
    across = np.cross(axis, [0.0, 1.0, 0.0])
    across *= np.sign(across[0]) * rings.outer_mm / 2 / np.linalg.norm(across)
    places = np.array([c + s * across for c in centres for s in (-1, 1)])
    a, b, c, d = shot.clicked(rng, places)
    read = judged(
        lambda: ring_distance(shot.film, (a, b), (c, d), rings.outer_mm, draws=DRAWS),
        apart,
        gain,
    )
    return {"rings, outer diameter known": read}


def standing(rng: np.random.Generator, longer_mm: dict[str, float]) -> FilmSpec:
    """One standing film of one person, as turned and bent as people are."""
    p = tomllib.loads((HERE / "population.toml").read_text("utf-8"))
    stance, beam = p["stance"], p["beam"]

    def t(scale: float, most: float) -> float:
        return float(np.clip(scale * rng.standard_t(stance["tails"]), -most, most))

    return FilmSpec(
        shortening_mm={k: -v for k, v in longer_mm.items()},
        pelvis_turn_deg=t(stance["pelvis_turn_deg"], 18),
        feet_turn_deg=t(stance["feet_turn_deg"], 18),
        leg_turn_deg={s: t(stance["leg_turn_looked_at_deg"], 30) for s in ("R", "L")},
        knee_flexion_deg={
            s: float(np.clip(rng.normal(*stance["flexion_deg"]), -5, 30))
            for s in ("R", "L")
        },
        ankle_behind_hip_mm=float(
            np.clip(rng.normal(*stance["ankle_behind_hip_mm"]), -20, 110)
        ),
        source_mm=float(rng.uniform(*beam["source_mm"])),
        knee_to_detector_mm=float(
            np.clip(rng.normal(*beam["knee_to_detector_mm"]), 65, 250)
        ),
        beam_row_mm=float(rng.normal(*beam["row_mm"])),
        beam_column_mm=float(rng.normal(0, beam["column_mm_sd"])),
        pitch_mm=PITCH_MM,
        ball_mm=None,
    )


def clicked_legs(rng: np.random.Generator, spec: FilmSpec, scatter: float) -> Landmarks:
    """Landmarks of a standing film, clicked with a share of their scatter."""
    person, beam = scene(spec)
    true = landmarks_on(person, beam)

    def click(name: str, at: tuple[float, float]) -> tuple[float, float]:
        off = rng.normal(0, np.array(click_spread_mm(name)) * scatter / PITCH_MM)
        return at[0] + float(off[0]), at[1] + float(off[1])

    return Landmarks(
        {s: {n: click(n, at) for n, at in pts.items()} for s, pts in true.sides.items()}
    )


def legs(seed: int, scatter: float = 1.0) -> list[dict[str, Reading]]:
    """Three standing films of one person: before, and twice after a gain."""
    rng = np.random.default_rng(seed)
    bone = Bone.FEMUR if seed % 2 else Bone.TIBIA
    operated = Segment(Side.RIGHT, bone)
    gain = float(rng.uniform(0, MOST_GAIN_MM))
    pairs, true = [], []
    for longer in (0.0, gain, gain):
        spec = standing(rng, {str(operated): longer})
        person, _ = scene(spec)
        points = person.upright[Side.RIGHT].points
        ends = ("hip", "knee") if bone is Bone.FEMUR else ("knee", "ankle")
        one, other = (points[f"{end}_centre"] for end in ends)
        true.append(float(np.linalg.norm(one - other)))
        seen = clicked_legs(rng, spec, scatter)
        pairs.append(bone_pair(seen, operated, PITCH_MM / 1.06))
    return [
        {
            f"{LEGS}, {bone}": judged(
                lambda p=pair: bone_length(pairs[0], p, true[0], draws=DRAWS),
                true[1],
                gain,
            )
        }
        for pair in pairs[1:]
    ]


def gathered(films: Iterator[dict[str, Reading]]) -> dict[str, list[Reading]]:
    """Readings of all films, by ruler."""
    found: dict[str, list[Reading]] = {}
    for film in films:
        for name, reading in film.items():
            found.setdefault(name, []).append(reading)
    return found


def row_of(name: str, every: list[Reading]) -> tuple[str, float]:
    """One row of the table, and the scatter of one film [mm]."""
    error = np.array([reading.error_mm for reading in every])
    read = np.isfinite(error)
    error = error[read]
    said = np.array([reading.sd_mm for reading in every])[read]
    held = np.array([reading.held for reading in every])[read]
    gains = np.diff(error)[::2]
    sd = float(error.std(ddof=1))
    if name.startswith(LEGS):  # pairs share their first film, as those of a course do
        sd = float(gains.std(ddof=1) / np.sqrt(2))
    shown = (
        f"{error.mean():+.2f} mm | {sd:.2f} mm | {np.quantile(abs(error), 0.95):.2f} mm"
        f" | {gains.mean():+.2f} mm | {gains.std(ddof=1):.2f} mm"
        f" | {np.sqrt(np.mean(said**2)):.2f} mm | {held.mean():.0%}"
    )
    return f"| {name} | {len(every)} | {int((~read).sum())} | {shown} |", sd


def course_row(name: str, sd: float, courses: int, seed: int) -> str:
    """Courses of films that are read so well, as in bench/shortfalls.py."""
    rng = np.random.default_rng(seed)
    ran = [course(rng, sd) for _ in range(courses)]
    false = np.mean([f for f, _ in ran])
    found = np.mean([f for _, f in ran], axis=0)
    shares = " | ".join(f"{share:.1%}" for share in found)
    return f"| {name} | {sd:.2f} mm | {false:.1%} | {shares} |"


def tables(films: int, people: int, courses: int, seed: int) -> str:
    """Both tables, as Markdown."""
    every = gathered(nail_film(seed + k) for k in range(films))
    every |= gathered(ring_film(seed + k) for k in range(films))
    every |= gathered(film for k in range(people) for film in legs(seed + k))
    rows = {name: row_of(name, readings) for name, readings in every.items()}
    head = " | ".join(f"{mm:g} mm found" for mm in SHORT_MM)
    return "\n".join(
        [
            HEADER,
            "|" + " --- |" * (HEADER.count("|") - 1),
            *(row for row, _ in rows.values()),
            "",
            f"{courses:,} courses of films read so well:",
            "",
            f"| ruler | scatter of one film | courses with a false alarm | {head} |",
            "|" + " --- |" * (len(SHORT_MM) + 3),
            *(course_row(n, sd, courses, seed) for n, (_, sd) in rows.items()),
        ]
    )


MARKS = "<!-- table, made by bench/lengths.py -->", "<!-- end of table -->"


def main() -> None:
    """Print the tables, or write them into their page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--films", type=int, default=120)
    options.add_argument("--people", type=int, default=400)
    options.add_argument("--courses", type=int, default=1000)
    options.add_argument("--seed", type=int, default=3000)
    options.add_argument("--write", type=Path, help="folder of the page")
    asked = options.parse_args()
    found = tables(asked.films, asked.people, asked.courses, asked.seed)
    print(found)
    if asked.write:
        made = f"{asked.films} films a ruler, seeds from {asked.seed} on.\n\n{found}"
        page = asked.write / "film-lengths.md"
        before, _, rest = page.read_text("utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        page.write_text(f"{before}{MARKS[0]}\n\n{made}\n\n{MARKS[1]}{after}", "utf-8")


if __name__ == "__main__":
    main()
