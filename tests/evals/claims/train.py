"""Train what reads claims: `python -m tests.evals.claims.train`.

Needs the dependency group `training`. Writes deeds.tsv and roles.tsv of `services/media_bridge/
process/claim_weights`; the same data and lock give the same bytes. The figures that are printed are
of sentences whose writers did not train: how the words of somebody new are read.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from services.media_bridge.core.guards.claims.claim import Role
from services.media_bridge.core.guards.claims.reader import DEEDS, NO_DEED, ROLES
from services.media_bridge.process import claim_weights
from shared.domain.linear import Linear
from tests.evals import linear
from tests.evals.claims.marked import Marked, told

STRENGTH = 1.0  # inverse of the penalty on the squares of the weights
MOST = 15_000  # features kept of each model
FOLDS = 3
LEFT_ALONE = 0.975  # asked of what claims nothing


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.evals.claims.train")
    asked.add_argument("--figures", action="store_true", help="print them first: a fit for each")
    found = list(told())
    print(f"{len(found)} sentences of {len({each.writer for each in found})} writers")
    if asked.parse_args(argv).figures:
        _print_figures(found)
    linear.write(claim_weights.DEED_WEIGHTS, deeds(found))
    linear.write(claim_weights.ROLE_WEIGHTS, roles(found))


def deeds(found: Sequence[Marked]) -> Linear:
    """A sentence that says several counts for each."""
    pairs = [(each.looked.counted, deed) for each in found for deed in each.deeds]
    counted, classes = zip(*pairs, strict=True)
    return linear.fit(counted, classes, DEEDS, strength=STRENGTH, most=MOST)


def roles(found: Sequence[Marked]) -> Linear:
    pairs = [
        pair for each in found for pair in zip(each.looked.of_mentions, each.roles, strict=True)
    ]
    counted, classes = zip(*pairs, strict=True)
    return linear.fit(counted, classes, ROLES, strength=STRENGTH, most=MOST)


def _print_figures(found: Sequence[Marked]) -> None:
    writers = sorted({each.writer for each in found})
    said: list[tuple[bool, float]] = []  # whether something is claimed, and the odds of it
    called: list[tuple[bool, float]] = []
    for held in range(FOLDS):
        unheard = set(writers[held::FOLDS])
        seen = [each for each in found if each.writer not in unheard]
        of_deeds, of_roles = deeds(seen), roles(seen)
        for each in (each for each in found if each.writer in unheard):
            odds = of_deeds.odds(each.looked.counted)[DEEDS.index(NO_DEED)]
            said.append((each.deeds != (NO_DEED,), 1 - odds))
            for counted, role in zip(each.looked.of_mentions, each.roles, strict=True):
                odds = of_roles.odds(counted)[ROLES.index(Role.NONE)]
                called.append((role != Role.NONE, 1 - odds))
    for what, pairs in (("deeds", said), ("roles", called)):
        claims = np.array([claims for claims, _ in pairs])
        odds_of = np.array([odds for _, odds in pairs])
        limit = np.quantile(odds_of[~claims], LEFT_ALONE)
        caught = np.mean(odds_of[claims] >= limit)
        print(f"{what}: {caught:.3f} of {claims.sum()} claims read, {LEFT_ALONE} of the rest alone")


if __name__ == "__main__":
    main()
