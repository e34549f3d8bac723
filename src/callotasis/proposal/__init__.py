"""The whole proposal for one case: every room's answer, on one sheet.

Decisions (target, cut, settings, turns) are plain numbers from world 0; what they
lead to (the limb after, the drift, the dates) is an interval. Open stops withhold
every prescription.
"""

from callotasis.proposal.propose import propose
from callotasis.proposal.sheet import After, Proposal, Request, SegmentSheet, Worked

__all__ = ["After", "Proposal", "Request", "SegmentSheet", "Worked", "propose"]
