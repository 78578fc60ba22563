"""Who answers: the agent, people by day, the office first, or people alone; who is not taken."""

from datetime import timedelta

import pytest

from shared.adapters.switches import Switched
from tests.unit.functions.incoming.phone_company import CALLER, OFFICE, ON_CALL, Phone, rings

DAY = timedelta(hours=15)  # 10:12 on Friday


def switch(phone: Phone, mode: str, *, by_day: bool = False) -> None:
    phone.switched = Switched({"coolcare_hvac": mode}, frozenset())
    phone.now += DAY if by_day else timedelta()


@pytest.mark.parametrize("mode", ["ai", "after_hours", "overflow", "nonsense"])
def test_at_night_the_agent_answers(phone: Phone, mode: str) -> None:
    switch(phone, mode)
    assert "Connect" in phone.post("/incoming").verbs


@pytest.mark.parametrize("mode", ["people", "after_hours"])
def test_by_day_people_are_rung_at_once_and_the_office_first(phone: Phone, mode: str) -> None:
    switch(phone, mode, by_day=True)
    answer = phone.post("/incoming")
    assert answer.verbs == ["Say", "Dial"] and rings(answer, OFFICE)
    assert "hold while I get someone" in str(answer.one("Say").text)
    after = answer.one("Dial").attrib["action"]
    assert rings(phone.post(after, DialCallStatus="no-answer"), ON_CALL)


def test_people_alone_at_night_are_who_is_on_call(phone: Phone) -> None:
    switch(phone, "people")
    assert rings(phone.post("/incoming"), ON_CALL)


def test_the_office_rings_first_and_then_the_agent_answers(phone: Phone) -> None:
    switch(phone, "overflow", by_day=True)
    answer = phone.post("/incoming")
    assert answer.verbs == ["Dial"] and rings(answer, OFFICE)
    assert answer.one("Dial").attrib["timeout"] == "15"
    after = answer.one("Dial").attrib["action"]
    assert "Connect" in phone.post(after, DialCallStatus="no-answer").verbs
    taken = phone.post(after, DialCallStatus="completed", DialBridged="true")
    assert taken.verbs == ["Hangup"]


def test_a_blocked_number_hears_why_and_what_to_do_in_danger(phone: Phone) -> None:
    phone.switched = Switched({}, frozenset({CALLER}))
    answer = phone.post("/incoming")
    assert answer.verbs == ["Say", "Hangup"] and "call 911" in str(answer.one("Say").text)
    assert not phone.world.calls.rows
