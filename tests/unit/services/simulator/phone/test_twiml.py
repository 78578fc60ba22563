"""The strict reader of TwiML."""

import pytest

from services.simulator.phone.twiml import (
    LARGEST,
    PARSE_FAILURE,
    ROOT_ELEMENT,
    TOO_LARGE,
    TwimlError,
    parse,
)


def test_a_stream_with_its_parameters_is_read() -> None:
    document = parse(
        '<?xml version="1.0" encoding="UTF-8"?><Response><Connect action="/after-stream">'
        '<Stream url="wss://example.com/media"><Parameter name="token" value="t"/></Stream>'
        "</Connect><Say>Sorry.</Say></Response>"
    )
    connect, say = document.verbs
    assert connect.get("action") == "/after-stream"
    assert connect.children[0].get("url") == "wss://example.com/media"
    assert connect.children[0].children[0].attributes == {"name": "token", "value": "t"}
    assert (say.name, say.text) == ("Say", "Sorry.")
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ('<Say vioce="x">a</Say>', "Say has no attribute vioce"),
        ("<Speak>a</Speak>", "Speak is not allowed in Response"),
        ("<Number>+15551230000</Number>", "Number is not allowed in Response"),
        ("<Connect><Stream/></Connect>", "Stream needs url"),
        ("<Gather><Dial/></Gather>", "Dial is not allowed in Gather"),
    ],
)
def test_what_twilio_would_ignore_is_a_warning(body: str, warning: str) -> None:
    assert parse(f"<Response>{body}</Response>").warnings == (warning,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", PARSE_FAILURE),
        ("hello", PARSE_FAILURE),
        ("<Response><Say>a</Response>", PARSE_FAILURE),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Response/>', PARSE_FAILURE),
        ("<response/>", ROOT_ELEMENT),
        ("<Response>" + " " * LARGEST + "</Response>", TOO_LARGE),
    ],
)
def test_what_twilio_cannot_follow_has_its_code(text: str, code: int) -> None:
    with pytest.raises(TwimlError) as raised:
        parse(text)
    assert raised.value.code == code
