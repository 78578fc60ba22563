"""A device that is unlocked: for how long, and which forms are its own."""

from datetime import timedelta

import pytest

from functions.office.session import COOKIE, IDLE, LIVES
from tests.unit.functions.office.visitor import PUBLIC, Browser, Shop


def is_open(browser: Browser) -> bool:
    browser.get("/office")
    return browser.status == 200


def test_nothing_is_shown_to_a_device_that_is_locked(browser: Browser) -> None:
    for path in ("/office", "/office/visit/job1", "/office/call/CA1"):
        shown = browser.get(path)
        assert browser.status == 403
        assert "Sarah" not in shown


@pytest.mark.parametrize(
    "cookie", ["", "coolcare_hvac", "coolcare_hvac.", "coolcare_hvac.key9", "nobody.key1", "..."]
)
def test_a_made_up_cookie_opens_nothing(office: Browser, cookie: str) -> None:
    office.cookies[COOKIE] = cookie
    assert not is_open(office)


def test_a_device_is_of_one_business(office: Browser) -> None:
    office.cookies[COOKIE] = office.cookies[COOKIE].replace("coolcare_hvac", "clearflow_plumbing")
    assert not is_open(office)


def test_the_cookie_is_the_browser_s_alone(shop: Shop, browser: Browser) -> None:
    browser.unlocks()
    assert COOKIE.startswith("__Host-")
    assert list(browser.cookies) == [COOKIE]
    assert browser.headers["Cache-Control"] == "no-store"
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_device_that_is_used_stays_open_for_thirty_days(shop: Shop, office: Browser) -> None:
    day = timedelta(days=1)
    for _ in range(29):
        shop.passed += day
        assert is_open(office)
    shop.passed = LIVES
    assert not is_open(office)


def test_a_device_that_is_not_used_for_a_week_is_locked(shop: Shop, office: Browser) -> None:
    shop.passed = IDLE - timedelta(seconds=1)
    assert is_open(office)
    shop.passed += IDLE
    assert not is_open(office)


def test_a_device_is_locked_by_itself_and_all_of_them_by_one(shop: Shop) -> None:
    ours, lost, third = Browser(shop), Browser(shop), Browser(shop)
    for each in (ours, lost, third):
        each.unlocks()
    third.does("lock")
    assert third.cookies == {}
    assert not is_open(third)
    assert is_open(lost)
    assert "2 devices are locked" in ours.does("lock_all")
    assert not is_open(lost)
    assert not is_open(ours)


def test_a_form_counts_only_with_the_word_of_this_device(shop: Shop, office: Browser) -> None:
    other = Browser(shop)
    other.unlocks()
    for word in ("", "made up", "\u00e9", other.csrf):
        office.post("/office", csrf=word, act="mode", to="people")
        assert office.status == 403
    assert dict(shop.switches.read().modes) == {}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({}, 200),  # a browser that says neither: the form's own word decides
        ({"origin": "https://elsewhere.test"}, 403),
        ({"origin": f"{PUBLIC}.elsewhere.test"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_does_nothing(
    office: Browser, headers: dict[str, str], status: int
) -> None:
    form = {"csrf": office.csrf, "act": "mode", "to": "people"}
    office.sends("/office", form, headers)
    assert office.status == status
