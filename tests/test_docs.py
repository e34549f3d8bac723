"""The examples of the documentation are tests: each page runs from top to bottom."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from callotasis.radiograph.phantom import FilmSpec, make_film, reader_clicks

ROOT = Path(__file__).parents[1]
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _code_of(page: str) -> str:
    return "\n".join(PYTHON.findall((ROOT / page).read_text("utf-8")))


def test_the_tutorial_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(_code_of("docs/tutorial.md"), "tutorial.md", "exec"), names)  # noqa: S102
    assert {"measured", "worked", "sheet"} <= set(names)


def test_the_lines_of_the_readme_measure_a_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    monkeypatch.chdir(tmp_path)
    made = make_film(FilmSpec(pitch_mm=0.5))
    Path("film.dcm").write_bytes(made.dicom)
    Path("marks.json").write_text(json.dumps(reader_clicks(made, 1).as_json()))
    exec(compile(_code_of("README.md"), "README.md", "exec"), {})  # noqa: S102
    assert "Interval(value=" in capsys.readouterr().out


def test_the_page_of_rules_says_what_the_rules_say() -> None:
    specification = spec_from_file_location("make_rules", ROOT / "docs/make_rules.py")
    assert specification is not None
    assert specification.loader is not None
    maker = module_from_spec(specification)
    specification.loader.exec_module(maker)
    assert maker.PAGE.read_text("utf-8") == maker.rules_page()


@pytest.mark.parametrize("page", ["README.md", "docs/hazards.md", "docs/tutorial.md"])
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`", text)
    named += [n for n in re.findall(r"\]\(([\w/.-]+)\)", text) if "://" not in n]
    missing = [n for n in named if not (ROOT / n).exists()]
    assert missing == []
