"""The scribbler: writes over a landmark file, key by key, and the same every time."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from callotasis.radiograph.landmarks import REQUIRED
from vandal import Hurt, Rng, rng_of

Raw = dict[str, dict[str, Any]]

POSITION = r"\b(line \d+ column \d+|char \d+|position \d+|byte \d+)\b"
HUGE = int("9" * 400)
ODD_POINTS: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        HUGE,
        1e308,
        "",
        "1,2",
        "hip",
        "\x1b[2J",
        "\ud800",
    ),
    *([], [1], [1, 2, 3], [[1, 2]], [[[]]], {}, {"column": 1, "row": 2}, [{}, {}]),
    [1.0] * 5000,
)
ODD_NUMBERS: tuple[Any, ...] = (
    *(None, True, False, "", "1", "1.0", "NaN", "\0", [], [1], {}, {"R": 1}, HUGE),
    *(-HUGE, 1e308, 1e9, -1e9, float("nan"), float("inf"), -float("inf")),
)
ODD_WORDS = (
    *("{0}_", "{0} ", " {0}", "{1}", "", "{0}\0", "\x1b[2J{0}", "\n{0}", "\ud800", "é"),
    *("R.{0}", "X" * 60_000, "[/red]"),
)
ODD_LEGS: tuple[Any, ...] = (
    *(None, True, 0, HUGE, "", "hip_centre", [], {}, [[1, 2]], float("nan")),
    {"R": {}},
)
ODD_SIDES = ("r", "l", "Right", "RL", "", " R", "R ", "\x1b[2J", "\ud800", "X" * 60_000)
ODD_DOCUMENTS = (
    *("", " ", "null", "true", "0", "NaN", "Infinity", '""', '"R"', "[]", "{}", "[{}]"),
    *('{"R"}', "{'R': {}}", '{"R": {},}', "{R: {}}", "# no", '{"R": 1} {"L": 1}', "\0"),
    *('{"R": 01}', '{"R": .5}', '{"R": "\x01"}', '{"R": "\\x"}', '{"R": "\\ud8"}', "-"),
)


def scribbled(raw: Raw) -> Iterator[Hurt]:
    """Every landmark file that was written over."""
    for make in (
        _odd_points,
        _odd_numbers,
        _odd_names,
        _without_a_name,
        _said_twice,
        _moved,
        _odd_sides,
        _odd_documents,
        _encoded,
        _cut,
        _damaged,
        _deep,
        _large,
    ):
        yield from make(copy.deepcopy(raw))


def written(raw: object) -> bytes:
    """Write a document; what no text can say is escaped."""
    return json.dumps(raw).encode()


def places(raw: Raw) -> list[tuple[str, str]]:
    """Every landmark of the file by side and name."""
    return [(side, name) for side in raw for name in raw[side]]


def _odd_points(raw: Raw) -> Iterator[Hurt]:
    for turn, (side, name) in enumerate(places(raw)):
        for number, odd in list(enumerate(ODD_POINTS))[turn % 3 :: 3]:
            changed = {**raw, side: {**raw[side], name: odd}}
            hurt = written(changed)
            yield Hurt(f"{side}-{name}-point-{number}", hurt, rf"\b{side}\.{name}\b")


def _odd_numbers(raw: Raw) -> Iterator[Hurt]:
    for turn, (side, name) in enumerate(places(raw)):
        for number, odd in list(enumerate(ODD_NUMBERS))[turn % 3 :: 3]:
            point = [odd, 1.0] if turn % 2 else [1.0, odd]
            hurt = written({**raw, side: {**raw[side], name: point}})
            yield Hurt(f"{side}-{name}-number-{number}", hurt, rf"\b{side}\.{name}\b")


def _odd_names(raw: Raw) -> Iterator[Hurt]:
    for turn, (side, name) in enumerate(places(raw)):
        for number, word in list(enumerate(ODD_WORDS))[turn % 4 :: 4]:
            said = word.replace("{0}", name).replace("{1}", name.upper())
            leg = {said if n == name else n: p for n, p in raw[side].items()}
            hurt = written({**raw, side: leg})
            yield Hurt(f"{side}-{name}-named-{number}", hurt, rf"\b{side}\.")


def _without_a_name(raw: Raw) -> Iterator[Hurt]:
    for side, name in places(raw):
        leg = {n: p for n, p in raw[side].items() if n != name}
        blames = rf"\b{side}\.{name} is missing" if name in REQUIRED else ""
        yield Hurt(f"{side}-{name}-missing", written({**raw, side: leg}), blames)


def _said_twice(raw: Raw) -> Iterator[Hurt]:
    """Name a landmark twice, at two places; or a whole leg."""
    text = json.dumps(raw)
    for side, name in places(raw)[::4]:
        at = text.index(f'"{name}"', text.index(f'"{side}"'))
        hurt = f'{text[:at]}"{name}": [1.0, 2.0], {text[at:]}'
        yield Hurt(f"{side}-{name}-twice", hurt.encode(), name)
    for side in raw:
        leg = json.dumps({name: [1.0, 2.0] for name in raw[side]})
        yield Hurt(f"{side}-twice", f'{{"{side}": {leg}, {text[1:]}'.encode(), side)


def _moved(raw: Raw) -> Iterator[Hurt]:
    """Move points so that legs become thin, long, crooked or impossible."""
    for turn in range(120):
        rng = rng_of(f"moved-{turn}")
        legs = {side: _shaken(raw[side], rng, 2.0 ** (turn % 12)) for side in raw}
        yield Hurt(f"moved-{turn}", written(legs))
    for spot in ([0.0, 0.0], [1000.0, 1000.0], [-0.0, 5325.0]):
        legs = {side: dict.fromkeys(raw[side], spot) for side in raw}
        yield Hurt(f"all-at-{spot[0]:g}-{spot[1]:g}", written(legs))
    for share in (1e-9, 1e-3, 0.1, 1.0 + 1e-9):
        legs = {
            side: {n: [x * share, y * share] for n, (x, y) in raw[side].items()}
            for side in raw
        }
        yield Hurt(f"shrunk-to-{share:g}", written(legs))
    yield Hurt("sides-swapped", written({"R": raw["L"], "L": raw["R"]}))
    for (side, one), other in product(places(raw), ("knee_centre", "troch_tip")):
        hurt = written({**raw, side: {**raw[side], one: raw[side][other]}})
        yield Hurt(f"{side}-{one}-at-{other}", hurt)


def _shaken(leg: dict[str, Any], rng: Rng, sd: float) -> dict[str, Any]:
    return {name: [c + sd * rng.normal() for c in point] for name, point in leg.items()}


def _odd_sides(raw: Raw) -> Iterator[Hurt]:
    for side, (turn, odd) in product(raw, enumerate(ODD_LEGS)):
        hurt = written({**raw, side: odd})
        yield Hurt(f"{side}-leg-{turn}", hurt, rf"\b{side}\b")
    for turn, word in enumerate(ODD_SIDES):
        yield Hurt(f"side-{turn}", written({**raw, word: raw["R"]}), "found")
        yield Hurt(f"only-side-{turn}", written({word: raw["R"]}), "found")
    many = {f"side {i}": 1 for i in range(20_000)}
    yield Hurt("many-sides", written({**raw, **many}), "found")


def _odd_documents(raw: Raw) -> Iterator[Hurt]:
    for turn, text in enumerate(ODD_DOCUMENTS):
        yield Hurt(f"document-{turn}", text.encode(), rf"{POSITION}|found|\bR\b")
    text = json.dumps(raw)
    yield Hurt("two-documents", (text + text).encode(), POSITION)
    yield Hurt("five-thousand-digits", _with_digits(text), r"\bR\.hip_centre\b")
    for row in ("1e400", "-1e400", "1E+309", "0x1F", "1_000", "+1", "1.", "Nan", "١"):
        yield Hurt(f"row-{row}", _with_row(text, row), rf"{POSITION}|R\.hip_centre")


def _with_digits(text: str) -> bytes:
    return _with_row(text, "9" * 5000)


def _with_row(text: str, row: str) -> bytes:
    """Write another row for the first landmark."""
    at, end = text.index(", ") + 2, text.index("]")
    return (text[:at] + row + text[end:]).encode()


def _encoded(raw: Raw) -> Iterator[Hurt]:
    text = json.dumps(raw)
    codes = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037")
    for code in codes:
        yield Hurt(f"as-{code}", text.encode(code), POSITION)
    named = text.replace("hip_centre", "hip_centré")
    yield Hurt("as-latin-1", named.encode("latin-1"), POSITION)
    yield Hurt("as-gzip", gzip.compress(text.encode(), mtime=0), POSITION)
    yield Hurt("surrogates", b'"\xed\xa0\x80"', POSITION)
    yield Hurt("with-zeros", b"\0".join([text.encode()] * 2), POSITION)


def _cut(raw: Raw) -> Iterator[Hurt]:
    whole = json.dumps(raw, indent=1).encode()
    for at in range(0, len(whole), len(whole) // 100):
        yield Hurt(f"cut-at-{at}", whole[:at], POSITION)


def _damaged(raw: Raw) -> Iterator[Hurt]:
    whole = json.dumps(raw, indent=1).encode()
    alphabet = b'0123456789.,-eE"[]{}:RLNat \xff\0\\'
    for turn in range(150):
        rng, out = rng_of(f"damaged-{turn}"), bytearray(whole)
        for at in rng.integers(len(out), size=rng.integers(1, 6)):
            out[at] = alphabet[int(rng.integers(len(alphabet)))]
        yield Hurt(f"damaged-{turn}", bytes(out))


def _deep(raw: Raw) -> Iterator[Hurt]:
    """Nest lists and objects, in every place where something may stand."""
    text = json.dumps(raw)
    point, leg = json.dumps(raw["R"]["hip_centre"]), json.dumps(raw["R"])
    blames = rf"{POSITION}|R\.hip_centre|\bR\b|found"
    wraps: dict[str, Callable[[str], str]] = {
        "document": lambda deep: deep,
        "leg": lambda deep: text.replace(leg, deep, 1),
        "point": lambda deep: text.replace(point, deep, 1),
        "number": lambda deep: text.replace(point, f"[{deep}, 1]", 1),
    }
    for depth, (name, wrap) in product((50, 500, 960, 980, 5000), wraps.items()):
        lists, objects = "[" * depth + "]" * depth, '{"R":' * depth + "1" + "}" * depth
        yield Hurt(f"lists-{depth}-in-{name}", wrap(lists).encode(), blames)
        yield Hurt(f"objects-{depth}-in-{name}", wrap(objects).encode(), blames)
        yield Hurt(f"open-{depth}-in-{name}", wrap("[" * depth).encode(), blames)


def _large(raw: Raw) -> Iterator[Hurt]:
    """Blow a file up to 10 MB, or to just what is allowed."""
    text = json.dumps(raw).encode()
    yield Hurt("10-mb-of-blanks", text + b" " * 10 * 2**20, r"larger than \d+ bytes")
    yield Hurt("10-mb-of-lists", b"[" * 10 * 2**20, r"larger than \d+ bytes")
    full = 2**20
    yield Hurt("1-mb-of-blanks", text.ljust(full))
    names = {f"n{i}": [1.0, 2.0] for i in range(40_000)}
    yield Hurt("many-names", written({"R": {**raw["R"], **names}}), r"\bR\.n0\b")
    yield Hurt("a-long-text", b'"' + b"x" * (full - 2) + b'"', "found str")
    yield Hurt("a-long-list", b"[" + b"1," * (full // 2 - 2) + b"1]", "found list")
    yield Hurt("a-long-number", b"9" * full, f"{POSITION}|found")
