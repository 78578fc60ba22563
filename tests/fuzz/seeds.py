"""How long fuzzing looks, and where: the same for a commit, and elsewhere when it is asked for."""

import os

from hypothesis import settings

# `make fuzz` sets FUZZ, and is told how to see again what it found.
fuzzed = (
    settings(deadline=None, print_blob=True, max_examples=5_000)
    if os.environ.get("FUZZ")
    else settings(deadline=None, derandomize=True)
)
