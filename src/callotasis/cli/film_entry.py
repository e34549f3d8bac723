"""Keeping what was read off a film, where a case is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from callotasis.cli.terminal import moment, tell
from callotasis.errors import Refusal
from callotasis.film_entries import keep_reading
from callotasis.followup import FilmRead
from callotasis.pose import Segment
from callotasis.record import CaseFolder


@dataclass(frozen=True)
class Keep:
    """Where, for which bone, by whom and of which time a reading is kept."""

    folder: CaseFolder
    segment: Segment
    by: str
    taken_at: datetime

    @classmethod
    def asked(
        cls,
        case: Path | None,
        segment: str | None,
        by: str | None,
        taken_at: str | None,
    ) -> Keep | None:
        """Read what was typed; None where no case is named.

        Raises
        ------
        Refusal
            If a case is named without bone and name, or the time is none.
        """
        if case is None:
            return None
        if segment is None or by is None or taken_at is None:
            raise Refusal(
                "a reading is kept of one bone, by name and by the time of its film: "
                "--segment, --by, --taken-at"
            )
        bone = Segment.parse(segment)
        return cls(CaseFolder(case), bone, by, moment(taken_at, "taken-at"))

    def reading(self, read: FilmRead) -> None:
        """Keep it, and say so beside the result."""
        entry = keep_reading(self.folder, read, self.segment, self.by, self.taken_at)
        tell(f"measurement of {self.segment} kept as {entry.id}")
