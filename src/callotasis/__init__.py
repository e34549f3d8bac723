"""Callotasis: an open workbench for leg-lengthening surgery.

From a standing radiograph to a measured leg, a plan, a dated prescription and a
report. Every number has an interval, every number has a source, nothing that
happened is lost. For research and education; not a medical device.
"""

__version__ = "0.1.0"

NOTICE = "Research and education, not a medical device."
