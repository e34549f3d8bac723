"""Every public function of the core states units for its numbers, and a source."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from numpydoc.docscrape import FunctionDoc

import callotasis

FOR_PEOPLE = ("callotasis.cli", "callotasis.report")
"""What speaks to people takes results; their numbers have been named before."""

NUMBER = re.compile(r"\b(float|Array)\b")
UNIT = re.compile(r"\[[^\]]+\]")


def public_functions() -> Iterator[Any]:
    """Every function that a room offers to the rooms above it, once."""
    seen = set()
    for info in pkgutil.walk_packages(callotasis.__path__, "callotasis."):
        if info.name.startswith(FOR_PEOPLE):
            continue
        module = importlib.import_module(info.name)
        for name in getattr(module, "__all__", []):
            function = inspect.unwrap(getattr(module, name))
            if inspect.isfunction(function) and function not in seen:
                seen.add(function)
                yield pytest.param(function, id=f"{info.name}.{name}")


FUNCTIONS = list(public_functions())


def entries_of(doc: FunctionDoc) -> list[Any]:
    """Parameters and results of a function, as its docstring names them."""
    return [*doc["Parameters"], *doc["Returns"], *doc["Yields"]]


def is_number(entry: Any) -> bool:
    """Tell whether an entry is a number; a result's type may stand as its name."""
    return bool(NUMBER.search(f"{entry.name} {entry.type}"))


def numbers_in_signature(function: Any) -> bool:
    """Tell whether a function takes or gives a bare number."""
    signature = inspect.signature(function)
    every = [p.annotation for p in signature.parameters.values()]
    return any(
        re.fullmatch(r"(float|Array)( \| None)?", str(annotation))
        for annotation in [*every, signature.return_annotation]
    )


def test_there_are_functions_to_look_at() -> None:
    assert len(FUNCTIONS) > 30


@pytest.mark.parametrize(
    "function", [p for p in FUNCTIONS if numbers_in_signature(p.values[0])]
)
def test_numbers_carry_units_and_a_source(function: Any) -> None:
    doc = FunctionDoc(function)
    numbers = [entry for entry in entries_of(doc) if is_number(entry)]
    assert numbers, "takes or gives a number and names none"
    for entry in numbers:
        assert UNIT.search(" ".join(entry.desc)), f"no unit for {entry}"
    assert doc["References"], "no source"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_parameter_that_is_described_is_one(function: Any) -> None:
    described = {
        name.strip().lstrip("*")
        for entry in FunctionDoc(function)["Parameters"]
        for name in entry.name.split(",")
    }
    assert described <= {*inspect.signature(function).parameters}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_description_starts_with_one_sentence(function: Any) -> None:
    summary = " ".join(FunctionDoc(function)["Summary"])
    assert summary.endswith((".", "?"))
    assert summary[0].isupper()
