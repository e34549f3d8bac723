"""How a plan leaves the house: one HTML page, one PDF, pictures, calendar, table."""

from callotasis.report.files import Rendered, ready_folder, write_files
from callotasis.report.sheet import Report, rendered, write_report
from callotasis.report.turn_files import write_turns

__all__ = [
    "Rendered",
    "Report",
    "ready_folder",
    "rendered",
    "write_files",
    "write_report",
    "write_turns",
]
