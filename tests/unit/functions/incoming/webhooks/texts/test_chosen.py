"""Which window an answer names: the only one that fits all of it, or none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from functions.incoming.webhooks.texts.chosen import chosen
from shared.domain.models import Window

ZONE = ZoneInfo("America/New_York")
WINDOWS = (
    Window.at(datetime(2025, 8, 29, 8, tzinfo=ZONE)),
    Window.at(datetime(2025, 9, 1, 14, tzinfo=ZONE)),
)


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("1", 0),
        ("#2", 1),
        ("option 2", 1),
        ("3", None),
        ("8", 0),
        ("8 am", 0),
        ("8 pm", None),
        ("2pm", 1),
        ("2 pm please", 1),
        ("friday", 0),
        ("mon", 1),
        ("monday at 8", None),
        ("tomorrow", 0),
        ("the second one", 1),
        ("neither", None),
        ("", None),
        ("call me", None),
    ],
)
def test_an_answer_names_one_window_or_none(said: str, which: int | None) -> None:
    today = datetime(2025, 8, 28).date()
    assert chosen(said, WINDOWS, today) == which
