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
import sys, time
from pathlib import Path
from callotasis.alignment import measure_film
from callotasis.radiograph import (
    FilmFacts, KnownGeometry, find_balls, read_film, read_landmarks,
)
film, marks = read_film(Path(sys.argv[1])), read_landmarks(Path(sys.argv[2]))
balls, known = find_balls(film, 25), KnownGeometry(ball_mm=25)
best = 1e9
for _ in range(7):
    start = time.perf_counter()
    measure_film(film, marks, known, FilmFacts(), balls=balls)
    best = min(best, time.perf_counter() - start)
print(best)
"""
DRAG = """
import json, sys, time, urllib.request
from pathlib import Path
from callotasis.pages import Marking, Target, serve
from callotasis.radiograph import FilmNotes, read_film, read_landmarks
film, marks = read_film(Path(sys.argv[1])), read_landmarks(Path(sys.argv[2]))
notes = FilmNotes(ball_mm=25)
page = serve(Marking(film, "film", Target("nowhere", lambda *_: ""), marks, notes))
raw = marks.as_json()
def ask(quick):
    raw["R"]["knee_centre"][0] += 0.1
    body = {"landmarks": raw, "notes": {"ball_mm": 25}, "quick": quick}
    start = time.perf_counter()
    urllib.request.urlopen(page.url + "measure", json.dumps(body).encode()).read()
    return 1000 * (time.perf_counter() - start)
ask(True)
for quick in (True, False):
    took = sorted(ask(quick) for _ in range(60))
    print(took[30], took[56])
page.close()
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


def said(code: str, *files: Path) -> str:
    """What a program prints."""
    command = [HERE, "-c", code, *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


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
        seconds = said(WORLDS, film, marks)
        quick, full = said(DRAG, film, marks).splitlines()
    print("| what | seconds | peak MB |\n|---|---|---|")
    for name, took, peak in rows:
        print(f"| {name} | {took:.2f} | {peak:.0f} |")
    print(f"| 2,000 worlds of both legs, all quantities | {float(seconds):.3f} | |")
    print("\n| the page answers a drag | median ms | 95 % ms |\n|---|---|---|")
    for worlds, took in ((200, quick), (2000, full)):
        middle, most = map(float, took.split())
        print(f"| {worlds} worlds, over HTTP | {middle:.0f} | {most:.0f} |")


if __name__ == "__main__":
    main()
