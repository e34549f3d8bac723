"""Write every rule of follow-up as a table for the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from callotasis.evidence import constant
from callotasis.followup import Rule, every_rule
from callotasis.followup.rules import Line

FACT = re.compile(r"\{[^}]*\}")
PAGE = Path(__file__).parent / "rules.md"
HEAD = """# The rules of follow-up

Made by `python docs/make_rules.py` from `src/callotasis/followup/rules.toml`. Each
rule is a proposal to a clinician. Lines joined by "and" hold together, any line of a
cell is enough. Of rules with one cause only the gravest speaks. Turning has findings of
its own ([follow-up](follow-up.md)): missed, extra, backwards, entered twice, too fast.

| key | cause | says | fires when | phases | for | do | source |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def rules_page() -> str:
    """The whole page."""
    return HEAD + "".join(map(_row, every_rule()))


def _row(rule: Rule) -> str:
    row = constant(rule.evidence)
    cells = (
        f"`{rule.key}`",
        rule.cause,
        f"**{rule.level}**, {rule.soon}: {_plain(rule.text)}",
        "<br>".join(" and ".join(map(_line, group)) for group in rule.when),
        ", ".join(rule.phases) or "all",
        ", ".join([*rule.bones, *rule.kinds]) or "all",
        _plain(rule.action) + (f" Proposes: {rule.proposes}." if rule.proposes else ""),
        f"`{row.key}`, {row.mark}",
    )
    return f"| {' | '.join(cells)} |\n"


def _plain(text: str) -> str:
    """Facts in braces as dots."""
    named = text.replace("{emergency}", "the emergency number").replace(
        "{bone}", "bone"
    )
    return FACT.sub("…", named)


def _line(line: Line) -> str:
    for name in ("below", "at_most", "above", "at_least"):
        limit = getattr(line, name)
        if limit is not None:
            number = constant(limit).value if isinstance(limit, str) else limit
            return f"{line.fact} {name.replace('_', ' ')} {number:g}"
    return f"{line.fact} is {' or '.join(map(str, line.one_of))}"


if __name__ == "__main__":
    PAGE.write_text(rules_page(), "utf-8")
