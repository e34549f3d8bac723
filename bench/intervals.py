"""Do the 95 % intervals hold the truth? Synthetic people, films and readers.

python bench/intervals.py [--films 1000] [--seed 77] [--write docs]

Every film is exposed, read, and measured as a user would: balls are found by the
product, landmarks are clicked by a reader with bias and heavy tails. People, stances
and readers come from population.toml, which the estimator never reads.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from callotasis.alignment import measure_film
from callotasis.alignment.frontal import QUANTITIES
from callotasis.exchange import plain
from callotasis.pose import Side
from callotasis.radiograph import FilmNotes, read_film
from callotasis.radiograph.known import KnownLength
from callotasis.radiograph.landmarks import Landmarks, click_spread_mm
from callotasis.radiograph.phantom import (
    BallAt,
    Bend,
    BoneShape,
    FilmSpec,
    Implant,
    MadeFilm,
    make_film,
)
from callotasis.worlds import Worlds

HERE = Path(__file__).parent
ASKED = (0.93, 0.97)
LEAST_BLOCK_MM = 15
SEGMENTS = ("R.femur", "R.tibia", "L.femur", "L.tibia")


@dataclass(frozen=True)
class Drawn:
    """A film to make, what is known about it, and how it will be clicked."""

    spec: FilmSpec
    notes: dict[str, Any]
    scale: str
    header_error_mm: float
    reader_seed: int


@dataclass
class Judged:
    """One film: by quantity, truth and interval of each leg or of both."""

    seed: int
    scale: str
    said: str
    found: dict[str, list[tuple[float, float, float, float]]] = field(
        default_factory=dict
    )
    refused: str = ""


def population() -> dict[str, dict[str, Any]]:
    """The people of the study, as written in population.toml."""
    return tomllib.loads((HERE / "population.toml").read_text("utf-8"))


def drawn(seed: int, people: dict[str, dict[str, Any]]) -> Drawn:
    """Draw one person, stance, film and reader."""
    rng = np.random.default_rng(seed)
    looked = rng.random() < people["facts"]["patella_looked_at_share"]
    said = rng.random() < people["facts"]["flexion_said_share"]
    fields = _person(rng, people["person"]) | _stance(
        rng, people["stance"], looked=looked
    )
    fields |= _beam(rng, people["beam"]) | _film(rng, people["film"])
    fields |= _block(rng, people["stance"], fields)
    scale, more, notes = _scale(rng, people)
    spec = FilmSpec(**fields, **more, seed=seed)
    if looked:
        notes["patella_forward"] = True
    if said:
        flexion = np.mean([*fields["knee_flexion_deg"].values()])
        error = rng.normal(0, people["facts"]["flexion_read_deg_sd"])
        notes["knee_flexion_deg"] = round(float(flexion + error))
    notes["block_mm"] = fields["block_mm"]
    header = float(rng.normal(0, people["beam"]["header_error_mm"]))
    return Drawn(spec, notes, scale, header, int(rng.integers(2**31)))


def _person(rng: np.random.Generator, p: dict[str, Any]) -> dict[str, Any]:
    child = rng.random() < p["child_share"]
    scale = (
        rng.uniform(*p["child_scale"])
        if child
        else np.clip(rng.normal(*p["adult_scale"]), 0.85, 1.2)
    )
    shape, short, bend = {}, {}, {}
    shared = rng.normal(0, p["width_sd"])
    for name in SEGMENTS:
        bone = name.split(".")[1]
        shape[name] = BoneShape(
            width=float(1 + shared + rng.normal(0, p["width_own_sd"])),
            neck_deg=_within(rng.normal(0, p["neck_deg_sd"]), 15) * (bone == "femur"),
            bow_mm=_within(rng.normal(0, p["bow_mm_sd"]), 9),
            torsion_deg=_within(rng.normal(0, p[f"{bone}_torsion_deg_sd"]), 30),
            joint_deg=_within(rng.normal(0, p[f"{bone}_joint_deg_sd"]), 7),
            setback_mm=_within(rng.normal(0, p["setback_mm_sd"]), 11)
            * (bone == "tibia"),
        )
        short[name] = float(rng.normal(0, p["small_difference_mm_sd"]))
    chosen = SEGMENTS[rng.integers(4)]
    if rng.random() < p["short_share"]:
        short[chosen] += float(rng.uniform(*p["short_mm"]))
    if rng.random() < p["bent_share"]:
        levels = [0.3, 0.7] if rng.random() < p["bent_twice_share"] / 0.3 else [0.5]
        bend[SEGMENTS[rng.integers(4)]] = [
            Bend(
                float(rng.choice([-1, 1]) * rng.uniform(*p["bend_deg"])),
                level + float(rng.uniform(-0.12, 0.12)),
            )
            for level in levels
        ]
    return {
        "height_scale": float(scale),
        "growth_plates": bool(child),
        "flesh": float(np.clip(rng.normal(*p["flesh"]), 0.7, 1.5)),
        "shape": shape,
        "shortening_mm": short,
        "bend": bend,
    }


def _within(value: float, most: float) -> float:
    return float(np.clip(value, -most, most))


def _stance(
    rng: np.random.Generator, p: dict[str, Any], *, looked: bool
) -> dict[str, Any]:
    def t(scale: float, most: float) -> float:
        return _within(scale * rng.standard_t(p["tails"]), most)

    turn = p["leg_turn_looked_at_deg" if looked else "leg_turn_deg"]
    flexion = rng.normal(*p["flexion_deg"])
    return {
        "pelvis_turn_deg": t(p["pelvis_turn_deg"], 20),
        "feet_turn_deg": t(p["feet_turn_deg"], 20),
        "leg_turn_deg": {str(s): t(turn, 40) for s in Side},
        "knee_flexion_deg": {
            str(s): float(np.clip(flexion + rng.normal(0, 1.5), -10, 30)) for s in Side
        },
        "ankle_behind_hip_mm": float(
            np.clip(rng.normal(*p["ankle_behind_hip_mm"]), -20, 120)
        ),
    }


def _block(
    rng: np.random.Generator, p: dict[str, Any], person: dict[str, Any]
) -> dict[str, Any]:
    short = person["shortening_mm"]
    legs = {s: short[f"{s}.femur"] + short[f"{s}.tibia"] for s in Side}
    longer = min(legs, key=lambda s: legs[s])
    shorter = longer.other
    height = legs[shorter] - legs[longer]
    if height > LEAST_BLOCK_MM and rng.random() < p["block_share"]:
        return {"block_mm": {str(shorter): float(5 * round(height / 5))}}
    return {"block_mm": {}}


def _beam(rng: np.random.Generator, p: dict[str, Any]) -> dict[str, Any]:
    return {
        "source_mm": float(rng.uniform(*p["source_mm"])),
        "knee_to_detector_mm": float(
            np.clip(rng.normal(*p["knee_to_detector_mm"]), 75, 250)
        ),
        "beam_row_mm": _within(rng.normal(*p["row_mm"]), 250),
        "beam_column_mm": _within(rng.normal(0, p["column_mm_sd"]), 80),
    }


def _film(rng: np.random.Generator, p: dict[str, Any]) -> dict[str, Any]:
    return {
        "pitch_mm": float(rng.uniform(*p["pitch_mm"])),
        "monochrome1": bool(rng.random() < p["monochrome1_share"]),
        "bits": int(rng.choice(p["bits"])),
        "equalised": bool(rng.random() < p["equalised_share"]),
        "scatter": float(np.exp(rng.uniform(*np.log(p["scatter"])))),
    }


def _scale(
    rng: np.random.Generator, people: dict[str, dict[str, Any]]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """What gives the scale: its name, fields of the film, and what the reader says."""
    p = people["scale"]
    names = [n for n in p if not n.endswith("_sd")]
    name = str(rng.choice(names, p=[p[n] for n in names]))
    more: dict[str, Any] = {"ball_mm": None}
    notes: dict[str, Any] = {}
    if "ball" in name:
        off = _offsets(rng, people["ball"])
        diameter = float(rng.choice(people["ball"]["diameter_mm"]))
        more |= {"ball_mm": diameter, "ball_forward_mm": off[0]}
        notes["ball_mm"] = diameter
        places = {"two_balls": ["L.hip"], "three_balls": ["R.hip", "L.ankle"]}
        more["more_balls"] = [
            BallAt(place, o)
            for place, o in zip(places.get(name, []), off[1:], strict=False)
        ]
    if name == "slot_scanner":
        more["true_scale"] = True
        notes["true_scale"] = True
    if "ruler" in name:
        more["ruler_mm"] = float(rng.choice([300.0, 500.0]))
        more["ruler_forward_mm"] = _within(rng.normal(0, p["ruler_off_mm_sd"]), 90)
    if "nail" in name:
        where = str(rng.choice(["R.femur", "L.femur", "R.tibia"]))
        more["implant"] = {where: Implant(length_mm=float(rng.integers(140, 180)))}
    return name, more, notes


def _offsets(rng: np.random.Generator, p: dict[str, Any]) -> list[float]:
    shared = rng.normal(0, p["off_shared_mm_sd"])
    every = shared + rng.normal(0, p["off_mm_sd"], 3)
    lost = rng.random(3) < p["forgotten_share"]
    every = np.where(lost, rng.uniform(-p["off_most_mm"], p["off_most_mm"], 3), every)
    return [_within(o, p["off_most_mm"]) for o in every]


def clicked(made: MadeFilm, seed: int, p: dict[str, Any]) -> Landmarks:
    """Click as a reader with a habit: biased alike on both legs, with heavy tails."""
    rng = np.random.default_rng(seed)
    habit: dict[str, Any] = {}
    source, spec = made.truth["source_mm"], made.truth["spec"]
    mm_per_px = spec["pitch_mm"] * (1 - spec["knee_to_detector_mm"] / source)
    legs = {}
    for side, points in made.landmarks.sides.items():
        legs[side] = {}
        for name, point in points.items():
            spread = np.array(click_spread_mm(name)) / mm_per_px
            bias = habit.setdefault(name, rng.standard_normal(2)) * p["bias_share"]
            rest = np.sqrt(1 - p["bias_share"] ** 2) * _t(rng, p["tails"])
            off = spread * (bias + rest)
            legs[side][name] = (float(point[0] + off[0]), float(point[1] + off[1]))
    return Landmarks(legs)


def _t(rng: np.random.Generator, tails: int) -> Any:
    return rng.standard_t(tails, 2) * np.sqrt((tails - 2) / tails)


def judged(seed: int) -> Judged:
    """Make one film, measure it, and set its intervals beside the truth."""
    people = population()
    one = drawn(seed, people)
    made = make_film(one.spec)
    notes = FilmNotes(**one.notes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        path.write_bytes(made.dicom)
        film = read_film(path)
    clicks = clicked(made, one.reader_seed, people["reader"])
    lengths = _clicked_lengths(made, one.reader_seed)
    notes = FilmNotes(
        **{
            **asdict(notes),
            "lengths": lengths,
            "source_mm": None,
        }
    )
    film = _with_header(film, one)
    said = ("patella " if notes.patella_forward else "") + (
        "flexion" if notes.knee_flexion_deg is not None else ""
    )
    result = Judged(seed, one.scale, said.strip() or "nothing")
    found = plain(
        measure_film(film, clicks, notes.known, notes.facts, Worlds()).measurement
    )
    for side, truth in made.truth["sides"].items():
        for name, interval in found["sides"][side].items():
            if name in truth:
                result.found.setdefault(name, []).append(_row(truth[name], interval))
    if found["discrepancy_mm"]:
        result.found["discrepancy_mm"] = [
            _row(made.truth["discrepancy_mm"], found["discrepancy_mm"])
        ]
    return result


def _with_header(film: Any, one: Drawn) -> Any:
    from dataclasses import replace

    if film.source_mm is None:
        return film
    return replace(film, source_mm=film.source_mm + one.header_error_mm)


def _row(truth: float, interval: dict[str, float]) -> tuple[float, ...]:
    return (truth, interval["value"], interval["low"], interval["high"])


def _clicked_lengths(made: MadeFilm, seed: int) -> list[KnownLength]:
    rng = np.random.default_rng(seed + 1)
    spread = click_spread_mm("hip_centre")[0] * 0.66 / made.truth["pixel_pitch_mm"]

    def near(point: list[float]) -> tuple[float, float]:
        off = spread * _t(rng, 4)
        return (float(point[0] + off[0]), float(point[1] + off[1]))

    return [
        KnownLength(k["length_mm"], near(k["from_px"]), near(k["to_px"]), k["lies"])
        for k in made.truth["known_lengths"]
    ]


def judged_safely(seed: int) -> Judged:
    """As :func:`judged`; a refusal is counted, not hidden."""
    from callotasis.errors import Refusal

    try:
        return judged(seed)
    except Refusal as refusal:
        return Judged(seed, "refused", "", refused=str(refusal))


def table(every: list[Judged]) -> list[dict[str, Any]]:
    """Coverage and sharpness of every quantity, pooled over legs."""
    order = [q.name for q in QUANTITIES] + ["discrepancy_mm"]
    rows = []
    for name in order:
        found = np.array([r for j in every for r in j.found.get(name, [])])
        if len(found) == 0:
            continue
        truth, value, low, high = found.T
        held = (low <= truth) & (truth <= high)
        half = (high - low) / 2
        rows.append(
            {
                "quantity": name,
                "n": len(found),
                "held": float(held.mean()),
                "error_sd": float((value - truth).std()),
                "bias": float((value - truth).mean()),
                "half": float(np.median(half)),
                "half_share": float(np.median(half / np.abs(truth)))
                if name.endswith("length_mm")
                else None,
            }
        )
    return rows


def by_scale(every: list[Judged]) -> list[dict[str, Any]]:
    """The same for leg length and discrepancy, by what gave the scale."""
    rows = []
    for scale in sorted({j.scale for j in every if not j.refused}):
        some = [j for j in every if j.scale == scale]
        row: dict[str, Any] = {"scale": scale, "films": len(some)}
        for r in table(some):
            if r["quantity"] in {"leg_length_mm", "discrepancy_mm"}:
                row[r["quantity"]] = r
        rows.append(row)
    return rows


def written(every: list[Judged], seed: int) -> str:
    """The tables as a page of the documentation."""
    command = f"python bench/intervals.py --films {len(every)} --seed {seed}"
    lines = [
        (
            f"Synthetic. {len(every)} films, seeds {every[0].seed} to "
            f"{every[-1].seed}; `{command} --write docs`. Held: share of 95 % "
            "intervals that hold the truth, pooled over legs; asked is 93 to 97 %. "
            "Half width: median."
        ),
        "",
        "| quantity | intervals | held | half width | error (SD) | bias |",
        "|---|---|---|---|---|---|",
    ]
    for r in table(every):
        unit = "°" if r["quantity"].endswith("_deg") else " mm"
        share = f" ({r['half_share']:.2%})" if r["half_share"] else ""
        lines.append(
            f"| {r['quantity']} | {r['n']} | {r['held']:.1%} | {r['half']:.2f}{unit}"
            f"{share} | {r['error_sd']:.2f} | {r['bias']:+.2f} |"
        )
    return "\n".join([*lines, *_scale_lines(every), *_refused_lines(every)]) + "\n"


def _scale_lines(every: list[Judged]) -> list[str]:
    lines = [
        "",
        (
            "| what gave the scale | films | legs | leg length held | half width | "
            "discrepancies | held | half width |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in by_scale(every):
        leg, both = row.get("leg_length_mm"), row.get("discrepancy_mm")
        if leg and both:
            lines.append(
                f"| {row['scale'].replace('_', ' ')} | {row['films']} | {leg['n']} | "
                f"{leg['held']:.1%} | {leg['half_share']:.2%} | {both['n']} | "
                f"{both['held']:.1%} | {both['half']:.1f} mm |"
            )
    return lines


def _refused_lines(every: list[Judged]) -> list[str]:
    refused = [j.refused for j in every if j.refused]
    return [
        "",
        f"Refused: {len(refused)} of {len(every)} films.",
        *(f"* {text}" for text in refused),
    ]


def drawn_picture(every: list[Judged], path: Path) -> None:
    """Share held of every quantity, with its own 95 % interval, beside the wish."""
    from matplotlib.figure import Figure

    rows = table(every)
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(*(100 * a for a in ASKED), color="0.88", label="asked: 93 to 97 %")
    axes.axvline(95, color="0.5", lw=0.8)
    for at, row in enumerate(reversed(rows)):
        spread = 196 * np.sqrt(row["held"] * (1 - row["held"]) / row["n"])
        axes.errorbar(
            100 * row["held"], at, xerr=spread, fmt="o", color="#0072B2", capsize=3
        )
    names = [r["quantity"].replace("_", " ") for r in reversed(rows)]
    axes.set_yticks(range(len(rows)), names)
    axes.set_xlim(88, 100)
    axes.set_xlabel("95 % intervals that hold the truth [%]")
    axes.set_title(f"SYNTHETIC: {len(every)} films, both legs", fontsize=10)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=130)


def main() -> None:
    """Run the study and print or write its tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--films", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--raw", type=Path, help="keep what was found of each film")
    parser.add_argument("--again", type=Path, help="tables of films that were kept")
    parser.add_argument("--write", type=Path, help="folder of the documentation")
    options = parser.parse_args()
    if options.again:
        every = [Judged(**one) for one in json.loads(options.again.read_text())]
    else:
        every = _studied(options.seed, options.films, options.processes)
    if options.raw:
        options.raw.write_text(json.dumps([asdict(j) for j in every]))
    if options.write:
        page = written(every, options.seed)
        (options.write / "coverage.md").write_text(page, "utf-8")
        drawn_picture(every, options.write / "images" / "coverage.png")
    for row in table(every):
        share = f"{row['half_share']:.2%}" if row["half_share"] else ""
        print(
            f"{row['quantity']:22s} n {row['n']:5d}  held {row['held']:.1%}  "
            f"half {row['half']:6.2f} {share:6s} sd {row['error_sd']:6.2f} "
            f"bias {row['bias']:+.2f}"
        )


def _studied(seed: int, films: int, processes: int) -> list[Judged]:
    seeds = [seed * 100_000 + i for i in range(films)]
    every = []
    with ProcessPoolExecutor(processes) as pool:
        for done, one in enumerate(pool.map(judged_safely, seeds, chunksize=4), 1):
            every.append(one)
            if done % 20 == 0:
                print(f"\r{done} of {len(seeds)} films", end="", flush=True)
    print()
    return every


if __name__ == "__main__":
    main()
