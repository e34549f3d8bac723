"""How a plan leaves the house: one HTML page, one PDF, pictures, calendar, table."""

from callotasis.report.sheet import Report, write_report

__all__ = ["Report", "write_report"]
