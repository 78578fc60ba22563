"""get_pricing_quote: the spec's figures, at the rate the window has."""

from tests.unit.shared.tools.talk import QUOTE, Talk, at


def test_the_quote_has_the_spec_s_figures() -> None:
    output = Talk().use("get_pricing_quote", **QUOTE).output

    spec = {
        "service_call": 165,
        "estimated_repair": 825,
        "range": "$300-$800",
        "total_estimate": 825,
        "emergency_fee": 248,
        "message": "Here's your pricing estimate. Would you like to schedule an appointment?",
    }
    assert {key: output[key] for key in spec} == spec
    assert output["visit_fee_tonight"] == 248
    assert output["deposit"] == 206
    assert output["after_hours_range"] == "$450-$1,200"
    assert output["regular"] == {
        "rate": "regular",
        "visit_fee": 165,
        "total_estimate": 550,
        "deposit": 138,
    }


def test_what_is_said_of_the_quote_never_calls_the_deposit_a_fee() -> None:
    said = str(Talk().use("get_pricing_quote", **QUOTE).output["say"])

    assert "Tonight's visit is $248" in said
    assert "At regular hours it's typically $300 to $800" in said
    assert "206" not in said


def test_after_hours_is_the_window_s_not_the_model_s_claim() -> None:
    noon = Talk(now=at("2025-08-28T12:00:00-04:00"))

    output = noon.use("get_pricing_quote", **QUOTE).output

    assert (output["rate"], output["total_estimate"], output["emergency_fee"]) == (
        "regular",
        550,
        0,
    )


def test_a_quote_is_regular_when_the_model_does_not_ask_for_after_hours() -> None:
    output = Talk().use("get_pricing_quote", **(QUOTE | {"is_after_hours": False})).output

    assert (output["total_estimate"], output["deposit"], output["visit_fee"]) == (550, 138, 165)


def test_a_service_we_do_not_have_names_those_we_have() -> None:
    output = Talk().use("get_pricing_quote", service_type="teleport").output

    assert output["error"] == "unknown_service"
    assert "repair" in str(output["message"])


def test_a_quote_needs_no_table() -> None:
    talk = Talk()
    talk.world.calls.down = True

    assert talk.use("get_pricing_quote", **QUOTE).output["total_estimate"] == 825


def told(talk: Talk, **quote: object) -> str:
    telling = talk.use("get_pricing_quote", **(QUOTE | quote)).telling
    return "" if telling is None else f"{telling.sentence} {telling.question}"


def test_the_price_is_told_by_code_the_range_as_one_of_regular_hours() -> None:
    assert told(Talk()) == (
        "At regular hours it's typically $300 to $800. Tonight's visit is $248, about $825 in all. "
        "Would you like to schedule?"
    )
    assert told(Talk(now=at("2025-08-29T09:00:00-04:00")), is_after_hours=False) == (
        "At regular hours it's typically $300 to $800. The visit is $165, credited toward the "
        "work. Would you like to schedule?"
    )


def test_who_asks_again_is_answered_in_other_words() -> None:
    talk = Talk()

    assert told(talk)
    assert not told(talk)


def test_of_a_covered_visit_no_price_is_told() -> None:
    assert told(Talk(), description="The AC is under warranty.") == (
        "Since that may be covered, our office will confirm the cost before the visit. "
        "Would you like to schedule?"
    )
