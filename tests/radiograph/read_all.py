"""Read every file of a folder as a film, in 2 GB, and say what came of each.

Run by the tests as a program of its own: a decoder that crashes or asks for more
memory must not take the tests with it.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections import defaultdict
from pathlib import Path

from callotasis.errors import FilmRefusal
from callotasis.radiograph.film import read_film

ALLOWED_BYTES = 2 * 2**30


def outcome(path: Path) -> str:
    """Tell what reading gives: ``film``, ``refused``, or the fault by name."""
    try:
        read_film(path)
    except FilmRefusal:
        return "refused"
    except Exception as fault:  # noqa: BLE001 - any other exception is what we look for
        return f"{type(fault).__name__}: {fault}"[:200]
    return "film"


def main() -> None:
    """Print a JSON object: names of files by what came of them."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (ALLOWED_BYTES, ALLOWED_BYTES))
    warnings.simplefilter("error")
    found = defaultdict(list)
    for path in sorted(Path(sys.argv[1]).iterdir()):
        sys.stderr.write(f"{path.name}\n")
        found[outcome(path)].append(path.name)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
