"""Pages on this machine for people who would rather point than type."""

from callotasis.pages.marking import Marking, Target
from callotasis.pages.server import serve

__all__ = ["Marking", "Target", "serve"]
