"""Where a bone stands in its course: the one word that every room asks for."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Stages from the plan to full loading, in order."""

    PLANNED = "planned"
    LATENCY = "latency"
    DISTRACTION = "distraction"
    CONSOLIDATION = "consolidation"
    LOADING = "loading"
