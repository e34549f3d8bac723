"""The repository keeps its own rules on size, names and mirrors."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src" / "callotasis", ROOT / "tests"
MODULES = sorted(SOURCE.rglob("*.py"))
MIRRORED = [p for p in MODULES if p.name not in {"__init__.py", "errors.py"}]
VAGUE = {
    "base",
    "common",
    "handler",
    "helper",
    "helpers",
    "manager",
    "misc",
    "service",
    "util",
    "utils",
}
MAX_LINES = 400


def named(path: Path) -> str:
    """Name a module by where it stands in the package."""
    return str(path.relative_to(SOURCE))


def test_there_is_a_house_to_look_at() -> None:
    assert len(MIRRORED) > 30


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_short_and_named_after_its_subject(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES
    assert not VAGUE & {*path.relative_to(SOURCE).parts, path.stem}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith('"""')
    assert len(first) > len('"""') + 10


@pytest.mark.parametrize("path", MIRRORED, ids=named)
def test_a_module_has_a_mirror_in_the_tests(path: Path) -> None:
    mirror = TESTS / path.relative_to(SOURCE).parent / f"test_{path.name}"
    assert mirror.is_file()


@pytest.mark.parametrize(
    "path",
    sorted(TESTS.rglob("test_*.py")),
    ids=lambda path: str(path.relative_to(TESTS)),
)
def test_a_test_file_mirrors_a_module_or_watches_the_house(path: Path) -> None:
    module = path.name.removeprefix("test_")
    place = SOURCE / path.relative_to(TESTS).parent
    alone = {"test_docs.py", "test_docstrings.py", "test_house_rules.py"}
    alone |= {"test_real_bones.py"}  # films of real people, for several modules
    package = path.stem.removeprefix("test_") == path.parent.name
    assert (place / module).is_file() or path.name in alone or package


@pytest.mark.parametrize("folder", sorted({p.parent for p in TESTS.rglob("*.py")}))
def test_folders_of_tests_are_no_packages(folder: Path) -> None:
    assert not (folder / "__init__.py").exists()
