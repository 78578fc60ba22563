"""Offered windows: how they are said, and which one the caller means."""

from datetime import date

import pytest

from services.simulator.receptionist.hearing import windows

TODAY = date(2025, 8, 28)
TONIGHT: windows.Json = {"datetime": "2025-08-28T21:00:00-04:00"}
MORNING: windows.Json = {"datetime": "2025-08-29T08:00:00-04:00"}
LATER: windows.Json = {"datetime": "2025-08-29T10:00:00-04:00"}


def test_a_window_is_said_by_its_day_and_its_two_hours() -> None:
    assert windows.spoken(TONIGHT, TODAY) == "tonight 9 to 11 PM"
    assert windows.spoken(LATER, TODAY) == "tomorrow 10 AM to 12 PM"
    assert windows.spoken(LATER, None) == "Friday, August 29th, 10 AM to 12 PM"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Tonight, please.", TONIGHT),
        ("Tomorrow at ten.", LATER),
        ("The second one.", MORNING),
        ("Either.", TONIGHT),
        ("On Sunday.", None),
        ("Hm.", None),
    ],
)
def test_a_window_is_meant_by_day_hour_or_order(said: str, meant: windows.Json | None) -> None:
    assert windows.choose(said, [TONIGHT, MORNING], [LATER], TODAY) == meant


@pytest.mark.parametrize(
    ("said", "names"),
    [("Tomorrow at ten.", True), ("At four, please.", True), ("Yes, please.", False)],
)
def test_a_day_or_an_hour_names_a_time(said: str, names: bool) -> None:
    assert windows.names_time(said, TODAY) is names
