"""The command line: one command a question, late imports, one line for a refusal."""

from callotasis.cli.app import main

__all__ = ["main"]
