"""What happened: an append-only log of entries, folded into the case."""

from callotasis.record.entry import KINDS, Entry, entry_from, new_entry
from callotasis.record.fold import Case, fold
from callotasis.record.folder import CaseFolder

__all__ = ["KINDS", "Case", "CaseFolder", "Entry", "entry_from", "fold", "new_entry"]
