"""The weights of what reads claims in the agent's words, as lists that can be read and reviewed.

deeds.tsv, roles.tsv: see `weight_lists`; `tests/evals/claims/train.py` writes both.
"""

from pathlib import Path

from services.media_bridge.core.guards.claims.reader import DEEDS, ROLES, ClaimReader
from shared.adapters.weight_lists import linear

FOLDER = Path(__file__).parent
DEED_WEIGHTS, ROLE_WEIGHTS = FOLDER / "deeds.tsv", FOLDER / "roles.tsv"


def load() -> ClaimReader:
    """Read both files; ValueError or OSError where they are not what the training writes."""
    return ClaimReader(linear(DEED_WEIGHTS, DEEDS), linear(ROLE_WEIGHTS, ROLES))
