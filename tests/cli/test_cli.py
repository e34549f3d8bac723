"""``callotasis measure`` on damaged files, each in a process of its own with 2 GB."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dora import Files, clicks, everything_in
from scribbler import scribbled
from vandal import Hurt
from wrecks import wrecked_films

Ran = subprocess.CompletedProcess[str]

AT_ONCE = 2
IN_2_GB = (
    "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)); "
    "from callotasis.cli import main; main()"
)
TALKATIVE = {
    "jpeg-segment-exif-cut",
    "jpeg-segment-many-noise",
    "png-film-of-none",
    "png-palette-with-veil",
    "plain-Modality-CS-2",
    "plain-PhotometricInterpretation-CS-6",
}
"""Films on which a library, or a message of ours, once said too much."""


def started(words: Sequence[object]) -> Ran:
    """Run the command line as a person would."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Each thread of the matrix library would reserve memory of its own.
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", IN_2_GB, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def is_refusal(ran: Ran) -> bool:
    """Tell whether a process ended with nothing but one printable line."""
    line, _, more = ran.stderr.partition("\n")
    ended = (ran.returncode, ran.stdout, more) == (1, "", "")
    return ended and line.startswith("callotasis: refused: ") and line.isprintable()


def demand_refusals(
    folder: Path, hurts: Sequence[Hurt], commands: Sequence[Sequence[object]]
) -> None:
    """Run commands on damaged files of a folder in which nothing may change."""
    before = everything_in(folder)
    with ThreadPoolExecutor(AT_ONCE) as hands:
        every = [*hands.map(started, commands)]
    wrong = [
        f"{hurt.name} gives {ran.returncode}: {ran.stdout[:99]!r} {ran.stderr[-300:]!r}"
        for hurt, ran in zip(hurts, every, strict=True)
        if not is_refusal(ran)
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    assert everything_in(folder) == before


@pytest.mark.slow
def test_a_damaged_film_ends_a_process_in_one_line_and_nothing_is_written(
    dora_files: Files, tmp_path: Path
) -> None:
    every = [*wrecked_films()]
    hurts = [hurt for hurt in every if hurt.name in TALKATIVE] + every[::120]
    commands = []
    for number, hurt in enumerate(hurts):
        film = tmp_path / f"{number:02}.film"
        film.write_bytes(hurt.data)
        commands.append(("measure", film, "--landmarks", dora_files.landmarks))
    assert len(commands) >= 24
    demand_refusals(tmp_path, hurts, commands)


@pytest.mark.slow
def test_a_damaged_landmark_file_ends_a_process_in_one_line_and_nothing_is_written(
    dora_files: Files, tmp_path: Path
) -> None:
    spoilt = [hurt for hurt in scribbled(clicks().as_json()) if hurt.blames]
    hurts, commands = spoilt[:: len(spoilt) // 12], []
    for number, hurt in enumerate(hurts):
        landmarks = tmp_path / f"{number:02}.json"
        landmarks.write_bytes(hurt.data)
        commands.append(("measure", dora_files.film, "--landmarks", landmarks))
    assert len(commands) >= 12
    demand_refusals(tmp_path, hurts, commands)
