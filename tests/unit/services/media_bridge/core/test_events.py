"""The list of events is closed and complete."""

from typing import get_args

import msgspec

from services.media_bridge.core import events as ev


def test_every_event_of_the_module_is_in_the_list() -> None:
    made = {
        name
        for name, kind in vars(ev).items()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and not name.startswith("_")
    }

    assert {kind.__name__ for kind in get_args(ev.Event)} == made


def test_an_event_is_either_of_the_lifecycle_or_of_the_conversation() -> None:
    lifecycle, conversation = get_args(ev.LifecycleEvent), get_args(ev.ConversationEvent)

    assert not set(lifecycle) & set(conversation)
    assert {*lifecycle, *conversation} == set(get_args(ev.Event))
