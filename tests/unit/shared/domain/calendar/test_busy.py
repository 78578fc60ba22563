"""An hour that is touched is held."""

from datetime import UTC, datetime, timedelta

from shared.domain.calendar.busy import holds

AT = datetime(2025, 8, 29, 13, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_every_hour_that_a_span_touches_is_held_and_no_other() -> None:
    spans = [(AT + 30 * MINUTE, AT + 90 * MINUTE), (AT + 3 * HOUR, AT + 4 * HOUR)]

    assert list(holds("crew-1", spans)) == [
        ("crew-1", AT),
        ("crew-1", AT + HOUR),
        ("crew-1", AT + 3 * HOUR),
    ]


def test_what_takes_no_time_holds_nothing_on_the_hour() -> None:
    assert list(holds("crew-1", [(AT, AT)])) == []
