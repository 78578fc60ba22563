"""The list of events is closed and complete."""

from dataclasses import is_dataclass
from typing import get_args

from services.media_bridge.core import events as ev

PARTS = {"Clip", "CallSetup", "Usage"}  # values that stand in events


def test_every_event_of_the_module_is_in_the_list() -> None:
    made = {
        name
        for name, kind in vars(ev).items()
        if is_dataclass(kind)
        and kind.__module__ == ev.__name__
        and not name.startswith("_")
        and name not in PARTS
    }

    assert {kind.__name__ for kind in get_args(ev.Event)} == made


def test_an_event_is_either_of_the_lifecycle_or_of_the_conversation() -> None:
    lifecycle, conversation = get_args(ev.LifecycleEvent), get_args(ev.ConversationEvent)

    assert not set(lifecycle) & set(conversation)
    assert {*lifecycle, *conversation} == set(get_args(ev.Event))
