"""From a link to an unlocked device: by a code that only the office's own phone shows."""

from datetime import timedelta

import pytest

from functions.office.door import CODES_AN_HOUR, NOT_SENT, TOO_MANY, WRONG
from shared.actions.office_devices import MOST_TRIES
from shared.domain.errors import PortError
from tests.examples import OFFICE
from tests.unit.functions.office.visitor import Browser, Shop


def test_whoever_only_looks_at_the_link_causes_no_text(shop: Shop, browser: Browser) -> None:
    shown = browser.get(shop.link())
    assert browser.status == 200
    assert "ending 0190" in shown
    assert shop.texts == []
    assert "Sarah" not in shown


def test_the_code_that_was_texted_unlocks_this_device(shop: Shop, browser: Browser) -> None:
    code = browser.asks_for_a_code()
    assert f"CoolCare HVAC: {code} opens the office's page" in shop.texts[-1]
    assert code not in browser.page
    browser.gives(code)
    assert (browser.status, browser.headers["Location"]) == (303, "/office")
    assert "Sarah Miller" in browser.get("/office")
    assert shop.world.metrics.total("OfficeUnlocked") == 1


def test_a_code_may_be_written_as_people_write_it(browser: Browser) -> None:
    code = browser.asks_for_a_code()
    browser.gives(f" {code[:3]}-{code[3:]} ")
    assert browser.status == 303


def test_a_code_is_good_once(browser: Browser) -> None:
    code = browser.asks_for_a_code()
    form = dict(browser.fields())
    browser.gives(code)
    other = Browser(browser.shop)
    other.post(browser.shop.link(), code=code, **form)
    assert (other.status, other.cookies) == (403, {})


def test_who_tries_codes_has_five_tries(shop: Shop, browser: Browser) -> None:
    code = browser.asks_for_a_code()
    for n in range(MOST_TRIES):
        assert WRONG in browser.gives(f"{n:06d}")
    browser.gives(code)
    assert browser.status == 403
    assert shop.world.metrics.total("OfficeCodesRefused") == MOST_TRIES + 1


def test_a_code_lives_ten_minutes(shop: Shop, browser: Browser) -> None:
    code = browser.asks_for_a_code()
    shop.passed += timedelta(minutes=10)
    assert WRONG in browser.gives(code)


def test_a_code_of_another_asking_is_none(shop: Shop, browser: Browser) -> None:
    first = browser.asks_for_a_code()
    other = Browser(shop)
    other.asks_for_a_code()
    assert WRONG in other.gives(first)


def test_an_office_gets_five_codes_an_hour_however_many_ask(shop: Shop) -> None:
    for _ in range(CODES_AN_HOUR):
        Browser(shop).asks_for_a_code()
    late = Browser(shop)
    assert TOO_MANY in late.post(shop.link())
    assert (late.status, len(shop.texts)) == (429, CODES_AN_HOUR)
    shop.passed += timedelta(hours=1)
    late.post(shop.link())
    assert late.status == 200


def test_a_text_that_was_not_taken_is_said_so(shop: Shop, browser: Browser) -> None:
    shop.world.texts.failing[OFFICE] = 30003
    assert NOT_SENT in browser.post(shop.link())
    assert browser.status == 503


@pytest.mark.parametrize(
    "path",
    [
        "/office/in/coolcare_hvac/nothing",
        "/office/in/coolcare_hvac/AAAAAAAAAAAAAAAAAAAAAAAA",
        "/office/in/nobody/AAAAAAAAAAAAAAAAAAAAAAAA",
        "/office/in/coolcare_hvac/%C3%A9",
    ],
)
def test_what_is_no_link_opens_nothing(browser: Browser, path: str) -> None:
    for shown in (browser.get(path), browser.post(path)):
        assert browser.status == 404
        assert "CoolCare" not in shown
    assert browser.shop.texts == []


def test_a_link_is_good_for_a_week_and_a_device_for_longer(shop: Shop, browser: Browser) -> None:
    link = shop.link()
    browser.unlocks(link)
    shop.passed += timedelta(days=6)
    browser.get("/office")  # or it would be idle
    shop.passed += timedelta(days=1)
    browser.get(link)
    assert browser.status == 404
    browser.get("/office")
    assert browser.status == 200


def test_a_link_signed_with_the_secret_before_is_good_and_with_another_not(
    shop: Shop, browser: Browser
) -> None:
    browser.get(shop.link(secret="the one before"))
    assert browser.status == 200
    browser.get(shop.link(secret="somebody's"))
    assert browser.status == 404


def test_a_device_of_another_business_is_locked_for_this_one(shop: Shop, browser: Browser) -> None:
    browser.unlocks()
    browser.get(shop.link("clearflow_plumbing"))
    assert browser.status == 200
    assert "ClearFlow" in browser.page
    assert "code" in browser.page


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.test"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_site_causes_no_code(shop: Shop, browser: Browser, headers: dict[str, str]) -> None:
    browser.sends(shop.link(), {}, headers)
    assert (browser.status, shop.texts) == (403, [])


def test_a_table_that_is_down_is_told_and_nothing_of_it(shop: Shop, browser: Browser) -> None:
    browser.unlocks()
    shop.world.jobs.down = True
    shown = browser.get("/office")
    assert browser.status == 503
    assert "try again" in shown
    assert str(PortError) not in shown
