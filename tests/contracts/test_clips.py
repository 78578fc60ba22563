"""What every `Clips` must do."""

from tests.contracts.conftest import Store

WORDS = "Thanks for calling CoolCare HVAC."


def test_a_clip_is_found_by_wording_and_voice(store: Store) -> None:
    store.clips.keep(WORDS, "marin", "////fn5+")
    store.clips.keep(WORDS, "cedar", "fn5+////")

    assert store.clips.get(WORDS, "marin") == "////fn5+"
    assert store.clips.get(WORDS, "cedar") == "fn5+////"
    assert store.clips.get("Other words.", "marin") is None


def test_a_clip_kept_again_is_the_newer_one(store: Store) -> None:
    store.clips.keep(WORDS, "marin", "AAAA")
    store.clips.keep(WORDS, "marin", "BBBB")

    assert store.clips.get(WORDS, "marin") == "BBBB"
