"""Who is calling: a number one could call back, never one of ours, and no forged smoke call."""

from urllib.parse import urlencode

import pytest

from functions.incoming import phone_numbers
from functions.incoming.caller import caller_of
from shared import businesses
from shared.tools.dispatch import ToolDispatcher
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    FIELDS,
    NOW,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Phone,
    claims_of,
    signed,
)

OURS = sorted(
    {
        number
        for owner in businesses.all_businesses().values()
        for number in (*owner.numbers, owner.office, *owner.on_call)
    }
)


@pytest.mark.parametrize(
    ("number", "caller"),
    [
        (CALLER, CALLER),
        ("", None),
        ("anonymous", None),
        ("+266696687", None),
        ("sip:someone@example.com", None),
        ("client:" + "x" * 400, None),
        ("+1" + "5" * 400, None),
    ],
)
def test_only_a_number_one_could_call_back_is_a_caller_id(
    phone: Phone, number: str, caller: str | None
) -> None:
    assert caller_of(number) == caller
    assert claims_of(phone.post("/incoming", From=number), phone).caller == caller


@pytest.mark.parametrize("number", OURS)
def test_a_number_of_ours_is_nobodys_caller_id(phone: Phone, number: str) -> None:
    """A line that forwards its calls may be presented as their origin. Those that call us are ours
    to be called, never to call: what comes from one is a call of ours that came back."""
    answer = phone.post("/incoming", From=number)
    if phone_numbers.dialled(number):
        assert answer.verbs == ["Reject"] and answer.one("Reject").get("reason") == "busy"
    else:
        assert claims_of(answer, phone).caller is None
    assert phone_numbers.is_ours(number)
    assert not phone_numbers.is_ours(CALLER)


@pytest.mark.parametrize(
    ("fields", "caller"),
    [
        ({"From": "+19375550177", "ForwardedFrom": "+19375550177"}, None),
        ({"From": "+19375550177", "ForwardedFrom": "(937) 555-0177"}, None),
        ({"From": "+19375550177", "ForwardedFrom": "0019375550177"}, None),
        ({"From": "+19375550177", "Called": "+19375550177"}, None),
        # It takes a number away; it never gives one, and another's changes nothing.
        ({"From": CALLER, "ForwardedFrom": OFFICE}, CALLER),
        ({"From": "", "ForwardedFrom": CALLER}, None),
        ({"From": "anonymous", "ForwardedFrom": OFFICE}, None),
        ({"From": CALLER, "ForwardedFrom": "0000"}, CALLER),
        ({"From": CALLER, "ForwardedFrom": ""}, CALLER),
        ({"From": CALLER, "ForwardedFrom": "sip:pbx@example.com"}, CALLER),
    ],
)
def test_a_forwarding_line_is_recognised_and_never_believed(
    phone: Phone, fields: dict[str, str], caller: str | None
) -> None:
    assert claims_of(phone.post("/incoming", **fields), phone).caller == caller


@pytest.mark.parametrize("said", ["this number is fine", "the number I'm calling from", ""])
def test_nothing_is_left_for_a_forwarded_caller_who_named_no_number(
    phone: Phone, said: str
) -> None:
    claims = claims_of(phone.post("/incoming", From=OFFICE), phone)
    owner = businesses.all_businesses()["coolcare_hvac"]
    phone.has_row(caller=claims.caller)
    tools = ToolDispatcher(owner, CALL, claims.caller, phone.world.ports, PUBLIC, False)

    arguments = {"name": "Sarah Miller", "phone": said, "message": "Call me back."}
    reply = tools.use("take_message", arguments, now=NOW, real_now=NOW)

    assert "error" in reply.output
    assert not phone.world.texts.sent and not phone.world.customers.rows


OVER = "completed"


@pytest.mark.parametrize("ours", [OFFICE, ON_CALL, NUMBER, "+19375550110"])
def test_no_webhook_takes_a_number_of_ours_for_the_callers(phone: Phone, ours: str) -> None:
    """/voicemail, /after-stream and /call-status each make the row, and the office is texted."""
    recording = {"RecordingUrl": "https://api.twilio.com/R1", "RecordingDuration": "5"}
    steps = [
        ("/call-status", {"CallStatus": OVER}),
        ("/after-stream", {}),
        ("/voicemail?b=coolcare_hvac", recording),
        ("/handoff?n=9&b=coolcare_hvac", {"DialCallStatus": "busy"}),
    ]
    for path, fields in steps:
        phone.world.calls.rows.clear()
        phone.post(path, From=ours, **fields)
        assert phone.row().caller is None, path
    for text in phone.world.texts.sent:
        assert "number withheld" in text.body


def test_a_smoke_call_is_marked(phone: Phone) -> None:
    phone.environ["SYNTHETIC_CALLERS"] = f"+15550000000, {CALLER}"
    assert claims_of(phone.post("/incoming", SmokeCall="true"), phone).synthetic


def test_a_forged_caller_id_is_no_smoke_call(phone: Phone) -> None:
    """What counts nowhere raises no alarm: nobody may call that way but us."""
    phone.environ["SYNTHETIC_CALLERS"] = CALLER
    assert not claims_of(phone.post("/incoming"), phone).synthetic
    assert "TwimlServed" in phone.emf.getvalue()
    phone.environ["SYNTHETIC_CALLERS"] = "+15005550006"
    assert not claims_of(phone.post("/incoming", SmokeCall="true"), phone).synthetic


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("TN-Validation-Passed-A", "TN-Validation-Passed-A"),
        ("No-TN-Validation", "No-TN-Validation"),
        ("", None),
        ("x" * 41, None),
        ("<b>", None),
    ],
)
def test_how_far_carriers_vouch_for_a_number_travels_to_the_bridge(
    phone: Phone, told: str, kept: str | None
) -> None:
    assert claims_of(phone.post("/incoming", StirVerstat=told), phone).attestation == kept


def test_what_carriers_say_unsigned_is_not_believed(phone: Phone) -> None:
    url = f"{PUBLIC}/incoming"
    body = urlencode({**FIELDS, "StirVerstat": "TN-Validation-Passed-A"})
    answer = phone.deliver(url, body, signed(url, urlencode(FIELDS)))
    assert claims_of(answer, phone).attestation is None


def test_a_row_that_a_webhook_makes_has_it_too(phone: Phone) -> None:
    phone.post("/call-status", CallStatus=OVER, StirVerstat="TN-Validation-Failed")
    assert phone.row().attestation == "TN-Validation-Failed"
