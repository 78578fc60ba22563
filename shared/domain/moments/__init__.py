"""What code says in a call, as one table, and its wordings by language."""

from shared.domain.moments.table import MOMENTS, By, CallMoment, Leads, ReadAs, Row, TalkedOver
from shared.domain.moments.wordings import GUIDANCE_IN, Wordings, first, wordings_of

__all__ = [
    "GUIDANCE_IN",
    "MOMENTS",
    "By",
    "CallMoment",
    "Leads",
    "ReadAs",
    "Row",
    "TalkedOver",
    "Wordings",
    "first",
    "wordings_of",
]
