"""Every refusal of the library, drawn as one tree.

::

    Refusal
    ├── EvidenceRefusal     an unknown key, or a number this audience must not get
    ├── WorldsRefusal       too many worlds gave no number
    ├── RecordRefusal       an entry, a case folder or a signature that cannot stand
    ├── FilmRefusal         a file that is no readable film
    │   └── NoScale         millimetres asked of a film without a scale
    ├── LandmarkRefusal     a landmark missing, off the film, or on the wrong side
    ├── PlanRefusal         a goal that cannot or must not be planned
    ├── DeviceRefusal       an unknown device, one beyond its range, or unread data
    └── FrameRefusal        a hexapod that is singular, out of reach, or read wrongly

A refusal says what was refused, the value, what is allowed, and by which source.
The command line prints it as one line and leaves with exit code 1.
"""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is the product's word for it
    """The request cannot be answered honestly; the message says why."""


class EvidenceRefusal(Refusal):
    """An unknown evidence key, or a number that this audience must not get."""


class WorldsRefusal(Refusal):
    """More worlds failed than an interval may hide."""


class RecordRefusal(Refusal):
    """An entry, a case folder or a signature that cannot stand."""


class FilmRefusal(Refusal):
    """A file that is no readable standing film."""


class NoScale(FilmRefusal):
    """Millimetres were asked of a film without a scale."""


class LandmarkRefusal(Refusal):
    """A landmark is missing, off the film, or on the wrong side."""


class PlanRefusal(Refusal):
    """A goal that cannot, or must not, be planned."""


class DeviceRefusal(Refusal):
    """An unknown device, settings beyond its range, or data nobody has read."""


class FrameRefusal(Refusal):
    """A hexapod that is singular, out of reach, or whose figures cannot be true."""
