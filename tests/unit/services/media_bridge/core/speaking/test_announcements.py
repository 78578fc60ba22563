"""Sentences that must reach the caller word for word, one after the other."""

from services.media_bridge.core.speaking.announcements import (
    DISCLOSURE,
    Announcement,
    Announcements,
)


def test_they_are_said_one_after_the_other() -> None:
    due = Announcements()
    first, second = Announcement(DISCLOSURE, "Hello.", "AAAA"), Announcement("smoke", "Out!", None)
    assert due.add(first) and not due.add(second)
    assert due.current is first and due.by_clip and not due.by_model

    assert due.done() is second
    assert due.by_model and due.done() is None
    assert due.current is None and not due.by_clip and not due.by_model


def test_only_the_response_asked_for_speaks_while_the_model_announces() -> None:
    due = Announcements()
    announcement = Announcement("smoke", "Out!", None, request_id="r1")
    due.add(announcement)
    due.started("R9", None)
    assert not due.speaks("R9")
    due.started("R1", "r1")

    assert due.speaks("R1") and not due.speaks("R9")


def test_a_clip_played_again_is_an_item_of_its_own() -> None:
    announcement = Announcement(DISCLOSURE, "Hello.", "AAAA", attempts=1)
    first = announcement.item_id
    announcement.attempts = 2

    assert (first, announcement.item_id) == ("clip-disclosure", "clip-disclosure-2")
