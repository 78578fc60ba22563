"""Ids that look like the real ones: item_Ct1OXLqYLre7VW2Bz9Eoy."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def new(kind: str, length: int = 21) -> str:
    """Return a fresh id of one kind: event, sess, conv, item, resp or call."""
    return f"{kind}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
