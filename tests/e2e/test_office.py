"""The office's page in a real browser: unlocked by a texted code, and all that is done from it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from tests.e2e.browser import Visitor, needs_chromium, visitor
from tests.e2e.test_talk import AXE
from tests.e2e.test_texts_both_ways import BOOKING, OFFICE
from tests.e2e.world import CALLER, COOLCARE, World, world

pytestmark = [pytest.mark.stack, needs_chromium]
HOSTILE = "<script>document.title='taken'</script> & <b>key</b> next door"


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        assert made.tool("book_appointment", BOOKING)["booked"] is True
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Visitor]:
    with visitor() as made:
        yield made


class Dispatcher:
    """Somebody of the office, with its phone in the hand."""

    def __init__(self, here: World, browser: Visitor) -> None:
        self.here, self.browser, self.driver = here, browser, browser.driver

    def texts(self, to: str = OFFICE) -> list[str]:
        return [sent.body for sent in self.here.stack.network.sms.taken if sent.to == to]

    @property
    def link(self) -> str:
        (found,) = re.findall(r"http\S+/office/in/\S+", self.texts()[0])
        return str(found)

    def opens(self, path: str) -> None:
        self.driver.get(self.here.stack.public_url + path)

    def sees(self, words: str) -> None:
        self.browser.until(lambda: words in self.shown(), words, shown=self.shown)

    def shown(self) -> str:
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def finds(self, element: str, by: str = By.ID) -> WebElement:
        self.browser.until(
            lambda: bool(self.driver.find_elements(by, element)), element, shown=self.shown
        )
        return self.driver.find_element(by, element)

    def presses(self, words: str) -> None:
        self.finds(f"//button[contains(., '{words}')]", By.XPATH).click()

    def follows(self, words: str) -> None:
        self.finds(words, By.PARTIAL_LINK_TEXT).click()

    def unfolds(self, words: str) -> None:
        self.finds(f"//summary[contains(., '{words}')]", By.XPATH).click()

    def writes(self, field: str, words: str) -> None:
        self.finds(field).send_keys(words)

    def unlocks(self) -> None:
        self.driver.get(self.link)
        self.presses("Text a code")
        self.finds("code")
        (code,) = re.findall(r"\b\d{6}\b", self.texts()[-1])
        self.writes("code", code)
        self.presses("Open the page")
        self.sees("Who answers the phone")

    def job(self) -> dict[str, Any]:
        (row,) = (r for r in self.here.tables()["jobs"] if r["pk"].startswith("JOB#"))
        return row


@pytest.fixture
def dispatcher(here: World, browser: Visitor) -> Dispatcher:
    made = Dispatcher(here, browser)
    made.opens("/office")
    if "locked" in browser.driver.page_source:
        made.unlocks()
    made.opens("/office")
    return made


def test_a_link_alone_shows_nothing_and_the_office_s_phone_unlocks_it(
    here: World, browser: Visitor
) -> None:
    somebody = Dispatcher(here, browser)
    somebody.opens("/office")
    somebody.sees("This page is locked")
    before = len(somebody.texts())
    somebody.driver.get(somebody.link)
    somebody.sees("the office's phone, ending 0190")
    assert "Sarah" not in browser.driver.page_source
    assert len(somebody.texts()) == before  # a program that only looks at the link

    somebody.presses("Text a code")
    somebody.writes("code", "12")
    somebody.presses("Open the page")
    somebody.sees("That is not the code")
    somebody.unlocks()
    somebody.sees("Sarah Miller")
    (cookie,) = browser.driver.get_cookies()
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")


def test_the_day_is_seen_by_crew_and_words_of_callers_are_only_words(
    dispatcher: Dispatcher,
) -> None:
    dispatcher.sees("Today, Thursday, August 28")
    dispatcher.sees("9 to 11 PM, Sarah Miller")
    dispatcher.sees("Tomorrow, Friday, August 29")
    dispatcher.follows("Sarah Miller")
    dispatcher.unfolds("Add a note")
    dispatcher.writes("text", HOSTILE)
    dispatcher.presses("Add")
    dispatcher.sees("noted")
    dispatcher.follows("Back")
    dispatcher.sees(HOSTILE)
    assert dispatcher.driver.title != "taken"


def test_a_visit_is_moved_once_that_is_agreed_to(dispatcher: Dispatcher) -> None:
    dispatcher.follows("Sarah Miller")
    dispatcher.unfolds("Move it")
    Select(dispatcher.finds("to")).select_by_value("2025-08-29T10:00")
    dispatcher.presses("Move")
    dispatcher.sees("from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 10 AM to noon")
    assert dispatcher.job()["version"] == 0

    dispatcher.presses("Do it")
    dispatcher.sees("the customer was texted")
    assert dispatcher.job()["version"] == 1
    assert "moved from" in dispatcher.texts(CALLER)[-1]


def test_a_crew_is_blocked_and_given_back_and_no_visit_is_in_the_way(
    dispatcher: Dispatcher,
) -> None:
    crew = dispatcher.job()["crew"]
    for reason, outcome in (("vacation", "1 job is in the way"), ("fair", "hours to block")):
        dispatcher.opens("/office")
        dispatcher.unfolds("Block a crew")
        Select(dispatcher.finds("crew")).select_by_value(crew)
        day = "08292025" if reason == "vacation" else "09012025"
        for field in ("since", "until"):
            dispatcher.writes(field, day)
        dispatcher.writes("reason", reason)
        dispatcher.presses("Block")
        dispatcher.sees(outcome)
    dispatcher.presses("Do it")
    dispatcher.sees("blocked: no job is offered then")
    dispatcher.opens("/office?day=2025-09-01")
    dispatcher.sees("blocked: fair")
    dispatcher.presses("Give these hours back")
    dispatcher.presses("Do it")
    dispatcher.sees("24 hours given back")
    dispatcher.opens("/office?day=2025-09-01")
    assert "blocked" not in dispatcher.driver.page_source


def test_nothing_of_it_is_hard_to_read_or_to_reach(dispatcher: Dispatcher) -> None:
    """Set SCREENSHOTS to a folder to look at it."""
    pages = {"day": "/office", "visit": f"/office/visit/{dispatcher.job()['job_id']}"}
    for name, path in pages.items():
        dispatcher.opens(path)
        for summary in dispatcher.driver.find_elements(By.TAG_NAME, "summary"):
            summary.click()
        if folder := os.environ.get("SCREENSHOTS"):
            dispatcher.browser.pictured(Path(folder), f"office-{name}")
        if AXE.exists():
            assert dispatcher.browser.judged(AXE) == []
    dispatcher.driver.delete_all_cookies()
    dispatcher.driver.get(dispatcher.link)
    if folder := os.environ.get("SCREENSHOTS"):
        dispatcher.browser.pictured(Path(folder), "office-locked")
    if AXE.exists():
        assert dispatcher.browser.judged(AXE) == []


def test_a_visit_is_canceled_and_the_agent_paused_so_that_people_are_rung(
    dispatcher: Dispatcher,
) -> None:
    dispatcher.follows("Sarah Miller")
    dispatcher.unfolds("Cancel it")
    dispatcher.presses("Cancel this visit")
    assert dispatcher.job()["status"] == "scheduled"
    dispatcher.presses("Do it")
    dispatcher.sees("canceled: its hours are free")
    assert dispatcher.job()["status"] == "cancelled"

    dispatcher.opens("/office")
    dispatcher.presses("Pause the agent")
    dispatcher.sees("The agent is paused")
    here = dispatcher.here
    answer = here.webhook("/incoming", here.call().fields())
    assert "<Dial" in answer.body
    assert "<Stream" not in answer.body


def test_a_device_that_is_locked_sees_nothing_any_more(dispatcher: Dispatcher) -> None:
    dispatcher.presses("Lock it")
    dispatcher.sees("This page is locked")
    dispatcher.opens("/office")
    assert "Sarah" not in dispatcher.driver.page_source
    assert COOLCARE not in dispatcher.driver.page_source
