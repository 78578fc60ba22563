"""The instructions: facts of the business, rules of the call, a version that tells them apart."""

import re
from dataclasses import replace

from services.media_bridge.call.opening.prompt import PROMPT_VERSION, PromptFacts, instructions

FACTS = PromptFacts(
    business_name="CoolCare HVAC",
    trade="HVAC",
    hours="Monday to Friday, 8 AM to 6 PM",
    services=("repair", "maintenance"),
    service_area="ZIP codes 45501 to 45506",
    now="Thursday, August 28th, 2025, 7:12 PM",
    after_hours=True,
    caller="+15551230000",
    disclosure="Thanks for calling CoolCare HVAC. This call is {recorded}.",
    deposit_terms="The deposit is refundable until 24 hours before the window.",
)


def test_the_facts_of_the_business_and_of_the_call_are_in_it() -> None:
    text = instructions(FACTS)

    for fact in (
        FACTS.business_name,
        FACTS.hours,
        FACTS.service_area,
        FACTS.now,
        FACTS.disclosure,
        FACTS.deposit_terms,
        "after hours",
        "repair, maintenance",
        "+15551230000",
    ):
        assert fact in text


def test_no_figure_but_those_of_dates_and_codes_is_in_it() -> None:
    assert "$" not in instructions(FACTS)


def test_price_and_windows_come_before_the_booking_and_notes_behind_it() -> None:
    text = instructions(FACTS)
    order = ["The problem", "Name", "get_pricing_quote", "check_availability", "book_appointment"]
    order += ["anything to note", "add_note"]

    places = [text.index(word, text.index("# What a booking needs")) for word in order]
    assert places == sorted(places)


def test_what_is_said_by_code_is_not_left_to_the_model() -> None:
    text = instructions(FACTS)
    assert "report_danger" in text and "confirm_details" in text
    assert "911" not in text and "gas" not in text


def test_a_withheld_number_is_not_offered() -> None:
    text = instructions(replace(FACTS, caller=None))

    assert "withheld" in text
    assert "The number they call from is taken" not in text


def test_every_tool_is_explained() -> None:
    text = instructions(FACTS)

    for tool in (
        "get_pricing_quote",
        "check_availability",
        "confirm_details",
        "report_danger",
        "book_appointment",
        "escalate_to_human",
        "take_message",
        "add_note",
        "end_call",
    ):
        assert tool in text


def test_the_version_names_the_rules_and_not_the_call() -> None:
    assert re.fullmatch(r"3-[0-9a-f]{8}", PROMPT_VERSION)


def test_with_texts_off_no_text_and_no_link_is_promised() -> None:
    off = instructions(replace(FACTS, texts=False))
    assert "promise no text and no link" in off
    assert "The office collects the deposit" in off
    assert "link that is texted" not in off
    assert "came by text" not in off
