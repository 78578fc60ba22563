"""A model that says only what is so, in a speech model's natural wording; it uses tools well."""

from random import Random

from tests.evals.conversation.agents.mind import Mind, Understands
from tests.evals.conversation.agents.moves import MOVES


class Paraphraser(Mind):
    """The paraphrasing model: its moves are those of MOVES, its wordings in paraphrases.toml."""

    def __init__(self, understands: Understands, chance: Random) -> None:
        super().__init__(understands, chance, MOVES)
