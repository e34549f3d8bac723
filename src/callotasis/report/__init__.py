"""How a plan leaves the house: one HTML page, one PDF, pictures, calendar, table."""

from callotasis.report.sheet import (
    Rendered,
    Report,
    ready_folder,
    rendered,
    write_report,
)
from callotasis.report.turn_files import write_turns

__all__ = ["Rendered", "Report", "ready_folder", "rendered", "write_report", "write_turns"]
