"""Time and memory of what people wait for, beside the part nobody can avoid.

Absolute seconds depend on the machine; the ratio to the floor does not so much.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = sys.executable
FLOORS = {
    "interpreter": "pass",
    "read the film": "import sys, pydicom; pydicom.dcmread(sys.argv[1]).pixel_array",
}
WORLDS = """
import sys, time, json
from pathlib import Path
from callotasis.alignment import limbs_on, measure_film, sample_limb
from callotasis.alignment.measurement import summarised
from callotasis.radiograph import FilmFacts, KnownGeometry, read_film, read_landmarks
film, marks = read_film(Path(sys.argv[1])), read_landmarks(Path(sys.argv[2]))
done = measure_film(film, marks, KnownGeometry(ball_mm=25), FilmFacts())
best = 1e9
for _ in range(5):
    start = time.perf_counter()
    limbs = limbs_on(marks, done.calibration, done.worlds)
    for limb in limbs.values():
        summarised(sample_limb(limb))
    best = min(best, time.perf_counter() - start)
print(best)
"""


def spent(*command: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = _wait(process)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    import os

    return os.wait4(process.pid, 0)


def main() -> None:
    """Print the table."""
    command = [HERE, "-c", "from callotasis.cli import main; main()"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        spec, film = folder / "spec.json", folder / "film.dcm"
        truth, marks = folder / "truth.json", folder / "marks.json"
        spec.write_text(json.dumps({"shortening_mm": {"R.femur": 20}}))
        make = [*command, "film", "make", "--spec", str(spec), "--out", str(film)]
        make += ["--truth", str(truth), "--landmarks", str(marks)]
        rows = [("film make, 12 megapixels, first time", *spent(*make))]
        rows.append(("film make, again", *spent(*make)))
        for name, code in FLOORS.items():
            rows.append((f"floor: {name}", *spent(HERE, "-c", code, str(film))))
        measure = [*command, "measure", str(film), "--landmarks", str(marks)]
        rows.append(("measure", *spent(*measure, "--ball-mm", "25", "--json")))
        rows.append(("--help", *spent(*command, "--help")))
        rows.append(("demo", *spent(*command, "demo", "--out", str(folder / "demo"))))
        seconds = subprocess.run(
            [HERE, "-c", WORLDS, str(film), str(marks)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    print("| what | seconds | peak MB |\n|---|---|---|")
    for name, took, peak in rows:
        print(f"| {name} | {took:.2f} | {peak:.0f} |")
    print(f"| 2,000 worlds of both legs, all quantities | {float(seconds):.3f} | |")


if __name__ == "__main__":
    main()
