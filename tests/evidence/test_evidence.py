"""Evidence: every number has an interval and a source, and every number is used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import callotasis
from callotasis.errors import EvidenceRefusal
from callotasis.evidence import (
    FACT_FOR_A_PATIENT,
    Audience,
    Mark,
    constant,
    every_row,
    quote,
    table,
)

SOURCE = Path(callotasis.__file__).parent
ROWS = SOURCE / "evidence" / "rows"
KEYS = sorted(every_row())

STEMS = sorted(
    {"alignment", "landmarks", "calibration", "plan", "fixation", "distraction"}
    | {path.stem for path in ROWS.glob("*.toml")}
)
KEY = re.compile(rf"({'|'.join(STEMS)})\.[a-z0-9_]+")
FILE_ENDINGS = (
    "csv", "dcm", "html", "ics", "json", "jsonl", "md", "npz", "pdf", "png", "svg",
    "toml", "txt", "typ",
)  # fmt: skip
ASKS_FOR_A_ROW = {"constant", "quote"}
FINDING_KEY, FINDING_EVIDENCE = 1, 4


@dataclass
class Spoken:
    """Keys that the source names, by what they stand for.

    A word like ``plan.fibula`` is an evidence key or the name of a finding. Arguments
    of ``constant`` and ``quote`` and the ``evidence`` of a finding are ``asked``. What
    follows a ``Level.STOP`` (or another level) in a call is the name of a finding.
    Everything else, as in a table, is ``named``.
    """

    asked: set[str]
    named: set[str]
    findings: set[str]

    @property
    def evidence(self) -> set[str]:
        """Keys of rows: asked for, or named where no finding bears that name."""
        return self.asked | (self.named - self.findings)


def _function(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_level(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Level"


def _finding_names(call: ast.Call) -> Iterator[ast.expr]:
    """Arguments of a call that name a finding."""
    for before, argument in zip(call.args, call.args[1:], strict=False):
        if _is_level(before):
            yield argument
    if _function(call) == "Finding":
        yield from call.args[FINDING_KEY : FINDING_KEY + 1]
        yield from (k.value for k in call.keywords if k.arg == "key")


def _rows_asked_for(call: ast.Call) -> Iterator[ast.expr]:
    """Arguments of a call that can only be keys of rows."""
    if _function(call) in ASKS_FOR_A_ROW:
        yield from call.args[:1]
        yield from (k.value for k in call.keywords if k.arg == "key")
    if _function(call) == "Finding":
        yield from call.args[FINDING_EVIDENCE : FINDING_EVIDENCE + 1]
        yield from (k.value for k in call.keywords if k.arg == "evidence")


def _literals(node: ast.AST) -> Iterator[ast.Constant]:
    """String literals below a node; of a conditional its branches, not its test."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def _chosen(node: ast.expr) -> Iterator[ast.Constant]:
    """Literals that the expression itself may become."""
    if isinstance(node, ast.Constant | ast.IfExp):
        yield from _literals(node)


def _looks_like_a_key(text: str) -> bool:
    return bool(KEY.fullmatch(text)) and not text.endswith(
        tuple(f".{ending}" for ending in FILE_ENDINGS)
    )


def spoken_in(source: str) -> Spoken:
    """Keys that one Python file names."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [c for call in calls for a in _rows_asked_for(call) for c in _chosen(a)]
    names = [c for call in calls for a in _finding_names(call) for c in _chosen(a)]
    apart = {id(c) for c in (*asked, *names)}
    named = [
        c
        for c in ast.walk(tree)
        if isinstance(c, ast.Constant) and isinstance(c.value, str)
        if id(c) not in apart and _looks_like_a_key(c.value)
    ]
    return Spoken(
        asked={str(c.value) for c in asked if c.value},
        named={str(c.value) for c in named},
        findings={str(c.value) for c in names},
    )


def _words_of(data: object) -> Iterator[str]:
    """Every string in a TOML document."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _words_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words_of(value)


@cache
def spoken_everywhere() -> Spoken:
    """Keys that the whole package names, outside the rows themselves."""
    every = Spoken(set(), set(), set())
    for path in SOURCE.rglob("*.py"):
        here = spoken_in(path.read_text("utf-8"))
        every.asked |= here.asked
        every.named |= here.named
        every.findings |= here.findings
    for path in SOURCE.rglob("*.toml"):
        if path.parent != ROWS:
            table = tomllib.loads(path.read_text("utf-8"))
            every.named |= {w for w in _words_of(table) if _looks_like_a_key(w)}
            every.findings |= {rule["key"] for rule in table.get("rule", ())}
    return every


def test_the_reader_of_keys_tells_rows_from_findings_and_files() -> None:
    spoken = spoken_in(
        """
row = constant("plan.asked_one" if old else "plan.asked_two")
quote("calibration.quoted", Audience.PATIENT)
Finding(Level.STOP, "plan.finding", "S.", "A.", "plan.evidence")
Finding(level, key="plan.other", sentence="S.", action="A.", evidence="plan.named_so")
_say(Level.NOTE, "plan.helper", "S.")
table = {"knee": "landmarks.in_table"}
Quantity("mpta_deg", "alignment.in_call")
answered = "plan.finding" in decisions
import_module("callotasis.alignment.limb")
folder / "plan.json"
Finding(Level.STOP, "no.evidence", "S.", "A.", "")
"""
    )
    assert spoken.asked == {
        "plan.asked_one",
        "plan.asked_two",
        "calibration.quoted",
        "plan.evidence",
        "plan.named_so",
    }
    assert spoken.findings == {
        "plan.finding",
        "plan.other",
        "plan.helper",
        "no.evidence",
    }
    assert spoken.evidence - spoken.asked == {
        "landmarks.in_table",
        "alignment.in_call",
    }


def test_every_key_that_the_source_names_has_a_row() -> None:
    spoken = spoken_everywhere()
    assert "calibration.ball_placement" in spoken.evidence
    unknown = sorted(spoken.evidence - set(KEYS))
    assert not unknown, f"no row has the key {', '.join(unknown)}"


def test_every_row_is_used() -> None:
    spoken = spoken_everywhere()
    unused = sorted(set(KEYS) - spoken.asked - spoken.named)
    assert not unused, f"nothing uses {', '.join(unused)}"


@pytest.mark.parametrize("key", KEYS)
def test_every_row_has_its_value_inside_its_interval(key: str) -> None:
    row = constant(key)
    assert row.low <= row.value <= row.high


@pytest.mark.parametrize("key", KEYS)
def test_every_row_says_what_it_is_and_who_says_so(key: str) -> None:
    row = constant(key)
    for part in (
        row.statement,
        row.interval_is,
        row.unit,
        row.population,
        row.source,
        row.locator,
    ):
        assert isinstance(part, str)
        assert part == part.strip()
        assert part
    assert row.mark in Mark
    assert isinstance(row.read_on, date)


@pytest.mark.parametrize("key", KEYS)
def test_a_standard_deviation_and_a_count_are_positive(key: str) -> None:
    row = constant(key)
    assert row.sd is None or row.sd > 0
    assert row.n is None or row.n >= 1
    assert row.spread >= 0


@pytest.mark.parametrize(
    "key", [key for key in KEYS if constant(key).interval_is.startswith("mean ± 2 SD")]
)
def test_a_mean_with_two_standard_deviations_prints_exactly_these(key: str) -> None:
    row = constant(key)
    assert row.sd is not None
    assert row.low == pytest.approx(row.value - 2 * row.sd)
    assert row.high == pytest.approx(row.value + 2 * row.sd)


@pytest.mark.parametrize(
    "key",
    [
        key
        for key in KEYS
        if constant(key).interval_is.startswith("95 %") and constant(key).sd
    ],
)
def test_a_95_percent_interval_agrees_with_its_standard_deviation(key: str) -> None:
    row = constant(key)
    # intervals are printed as round numbers, hence the 5 %
    assert row.spread == pytest.approx((row.high - row.low) / 3.92, rel=0.05)


def test_a_row_without_a_standard_deviation_takes_it_from_its_interval() -> None:
    row = replace(constant("calibration.trochanter_depth"), low=0.0, high=39.2, sd=None)
    assert row.spread == pytest.approx(10.0)


def test_an_unknown_key_is_refused_by_its_name() -> None:
    with pytest.raises(EvidenceRefusal, match=r"evidence key 'plan\.wish' is unknown"):
        constant("plan.wish")
    with pytest.raises(EvidenceRefusal, match=r"evidence key 'plan\.wish' is unknown"):
        quote("plan.wish", Audience.CLINICIAN)


def _mark_as(mark: Mark, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the normal mLDFA another mark."""
    row = replace(constant("alignment.mldfa"), mark=mark)
    monkeypatch.setattr("callotasis.evidence.every_row", lambda: {row.key: row})
    return row.key


@pytest.mark.parametrize(
    "mark", [Mark.FROM_KNOWLEDGE, Mark.UNCERTAIN, Mark.PROPOSAL, Mark.SECOND_HAND]
)
def test_dora_does_not_get_as_fact_what_nobody_read(
    mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _mark_as(mark, monkeypatch)
    with pytest.raises(EvidenceRefusal, match=f"marked '{mark}'; a patient gets only"):
        quote(key, Audience.PATIENT)


@pytest.mark.parametrize("mark", sorted(FACT_FOR_A_PATIENT))
def test_dora_gets_what_was_read_or_computed(
    mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _mark_as(mark, monkeypatch)
    assert quote(key, Audience.PATIENT).endswith(f"[{mark}]")


@pytest.mark.parametrize("audience", [Audience.CLINICIAN, Audience.RESEARCHER])
@pytest.mark.parametrize("mark", Mark)
def test_ada_gets_every_number_with_its_mark(
    mark: Mark, audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _mark_as(mark, monkeypatch)
    assert quote(key, audience).endswith(f"[{mark}]")


def test_a_quote_says_value_unit_interval_source_and_locator() -> None:
    assert quote("distraction.weight_femur", Audience.PATIENT) == (
        "Full weight bearing of a femoral nail, after surgery: 125.7 day "
        "(mean ± 2 SD 65.5 to 185.9); Bafor, Duncan and Iobst, STLR 2020;15:74, "
        "125.7 ± 30.1 days; antegrade nails, whatever the gain [read in abstract]"
    )


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(EvidenceRefusal, match="evidence table 'wish' is unknown"):
        table("wish")


def test_every_table_names_its_source_on_the_first_line() -> None:
    for path in (SOURCE / "evidence" / "tables").glob("*.csv"):
        assert path.read_text("utf-8").startswith("# source: ")
        assert table(path.stem)


MULTIPLIER = {float(row["age_y"]): row for row in table("multiplier_lower_limb")}
BOYS_CM = {
    int(row["age_y"]): float(row["femur_mean_cm"]) + float(row["tibia_mean_cm"])
    for row in table("anderson_green_boys")
}


@pytest.mark.parametrize("age", range(1, 18))
def test_multiplier_times_length_is_the_mature_length_of_boys(age: int) -> None:
    ratio = BOYS_CM[18] / BOYS_CM[age]
    error = float(MULTIPLIER[age]["boy"]) / ratio - 1
    assert abs(error) <= 0.016


@pytest.mark.parametrize(
    ("age", "ratio", "error_percent"),
    [
        (1, 3.241, -0.02),
        (6, 1.683, -0.79),
        (10, 1.304, 0.47),
        (13, 1.117, 1.15),
        (14, 1.065, 1.41),
        (17, 1.003, -0.27),
    ],
)
def test_lengths_of_boys_give_the_printed_ratio_and_error(
    age: int, ratio: float, error_percent: float
) -> None:
    found = BOYS_CM[18] / BOYS_CM[age]
    assert found == pytest.approx(ratio, abs=0.0005)
    error = 100 * (float(MULTIPLIER[age]["boy"]) / found - 1)
    assert error == pytest.approx(error_percent, abs=0.005)


def test_the_mature_boy_has_84_52_cm_of_femur_and_tibia() -> None:
    assert BOYS_CM[18] == pytest.approx(84.52, abs=0.005)


@pytest.mark.parametrize("sex", ["boy", "girl"])
def test_multipliers_never_rise_with_age_and_end_at_one(sex: str) -> None:
    ages = [float(row["age_y"]) for row in table("multiplier_lower_limb")]
    values = [float(row[sex]) for row in table("multiplier_lower_limb")]
    assert ages == sorted(set(ages))
    assert values == sorted(values, reverse=True)
    assert min(values) == values[-1] == 1.0


@pytest.mark.parametrize("bone", ["femur", "tibia"])
def test_bones_of_boys_grow_every_year(bone: str) -> None:
    lengths = [float(row[f"{bone}_mean_cm"]) for row in table("anderson_green_boys")]
    assert lengths == sorted(set(lengths))
    assert [int(row["age_y"]) for row in table("anderson_green_boys")] == list(
        range(1, 19)
    )


def test_the_multiplier_of_girls_at_three_months_is_the_one_that_fits() -> None:
    assert float(MULTIPLIER[0.25]["girl"]) == 4.155
