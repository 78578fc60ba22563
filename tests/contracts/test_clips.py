"""What every `Clips` must do."""

from tests.contracts.conftest import Store

WORDS = "Thanks for calling CoolCare HVAC."


def test_a_clip_is_found_by_wording_model_and_voice(store: Store) -> None:
    store.clips.keep(WORDS, "gpt-a", "marin", "////fn5+")
    store.clips.keep(WORDS, "gpt-a", "cedar", "fn5+////")

    assert store.clips.get(WORDS, "gpt-a", "marin") == "////fn5+"
    assert store.clips.get(WORDS, "gpt-a", "cedar") == "fn5+////"
    assert store.clips.get("Other words.", "gpt-a", "marin") is None
    assert store.clips.get(WORDS, "gpt-b", "marin") is None


def test_a_clip_kept_again_is_the_newer_one(store: Store) -> None:
    store.clips.keep(WORDS, "gpt-a", "marin", "AAAA")
    store.clips.keep(WORDS, "gpt-a", "marin", "BBBB")

    assert store.clips.get(WORDS, "gpt-a", "marin") == "BBBB"
