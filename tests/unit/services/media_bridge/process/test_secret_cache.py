"""Secrets are at hand without waiting, and survive a store that does not answer."""

import pytest

from services.media_bridge.process.secret_cache import SecretCache


def test_a_secret_that_cannot_be_refreshed_keeps_its_last_value() -> None:
    values = {"A": ("new", "old")}
    keys = SecretCache(lambda name: values[name], ["A"])
    keys.refresh()
    values.clear()

    keys.refresh()

    assert keys.all("A") == ("new", "old")
    assert keys.current("A") == "new"


def test_a_secret_that_was_never_had_stops_the_start() -> None:
    with pytest.raises(KeyError):
        SecretCache(dict[str, tuple[str, ...]]().__getitem__, ["A"]).refresh()
