"""Our webhooks are down: Twilio still learns whom to ring. The function itself runs, in Node."""

import json
import shutil
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from infra.fallback.code import LARGEST_CODE, LARGEST_VALUE, code, path_of, value_of
from shared.businesses import all_businesses
from shared.domain.business import Business
from tests.drills.edge import ask
from tests.infra.conftest import SID, Deployment

BUSINESSES = tuple(all_businesses().values())
COOLCARE = all_businesses()["coolcare_hvac"]
node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node, as CDK does")


def twiml(answer: dict[str, Any]) -> ET.Element:
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"]["value"] == "text/xml"
    return ET.fromstring(answer["body"])


@node
@pytest.mark.parametrize("business", BUSINESSES, ids=lambda b: b.id)
def test_whoever_is_on_call_is_rung(business: Business) -> None:
    dial = twiml(ask(path_of(business, SID))).find("Dial")
    assert dial is not None
    assert [n.text for n in dial.findall("Number")] == list(business.on_call or [business.office])
    assert dial.get("method") == "GET"


@node
def test_twilios_own_post_is_answered_alike() -> None:
    assert ask(path_of(COOLCARE, SID), "POST") == ask(path_of(COOLCARE, SID), "GET")


@node
@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", ""])
def test_nobody_answered_so_a_message_is_taken(status: str) -> None:
    dial = twiml(ask(path_of(COOLCARE, SID))).find("Dial")
    assert dial is not None
    after = twiml(ask(dial.attrib["action"], DialCallStatus=status))
    assert [verb.tag for verb in after] == ["Say", "Record", "Say", "Hangup"]
    record = after.find("Record")
    assert record is not None
    # Without an action of its own, Record would ask this page again, for ever.
    goodbye = twiml(ask(record.attrib["action"]))
    assert [verb.tag for verb in goodbye] == ["Say", "Hangup"]


@node
def test_whoever_was_answered_is_not_sent_to_voicemail() -> None:
    dial = twiml(ask(path_of(COOLCARE, SID))).find("Dial")
    assert dial is not None
    after = twiml(ask(dial.attrib["action"], DialCallStatus="completed"))
    assert [verb.tag for verb in after] == ["Hangup"]


@node
@pytest.mark.parametrize("uri", ["/", "/fallback/coolcare_hvac.xml", "/fallback/nobody-0.xml"])
def test_a_guess_is_told_nothing(uri: str) -> None:
    assert ask(uri) == {"statusCode": 404, "statusDescription": "Not Found"}


def test_every_business_has_a_path_of_its_own() -> None:
    assert len({path_of(business, SID) for business in BUSINESSES}) == len(BUSINESSES)


def test_the_code_holds_no_number_and_fits_whatever_there_is() -> None:
    assert "+1" not in code()
    assert len(code().encode()) < LARGEST_CODE / 2
    many = COOLCARE.model_copy(update={"on_call": ("+19375550199",) * 5})
    assert len(value_of(many)) < LARGEST_VALUE


def test_the_fallback_needs_neither_api_nor_function_nor_table(either: Deployment) -> None:
    resources = either.templates["media"].body["Resources"]
    needed, waiting = set[str](), [id for id in resources if id.startswith("Fallback")]
    while waiting:
        id = waiting.pop()
        needed.add(id)
        text = json.dumps(resources[id])
        assert "Fn::GetStackOutput" not in text
        waiting += [other for other in resources if f'"{other}"' in text and other not in needed]
    kinds = {resources[id]["Type"] for id in needed}
    assert kinds == {
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::KeyValueStore",
    }


def test_no_deployment_writes_whom_it_rings(either: Deployment) -> None:
    store = either.templates["media"].one("AWS::CloudFront::KeyValueStore")
    assert store["Name"] == f"{either.stacks.stage.prefix}fallback"
    assert "ImportSource" not in store


def test_an_address_never_moves_whoever_is_on_call() -> None:
    other = COOLCARE.model_copy(update={"on_call": ("+19375550199",), "name": "Cool"})
    assert path_of(other, SID) == path_of(COOLCARE, SID)


def test_an_address_cannot_be_guessed_from_the_name() -> None:
    assert path_of(COOLCARE, SID) != path_of(COOLCARE, "AC" + "2" * 32)


@node
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "We are sorry for the trouble."),
        ("https%3A%2F%2Fvoice.example.com%2Fincoming", "We are sorry for the trouble."),
        ("https%3A%2F%2Fvoice.example.com%2Fafter-stream%23ct%3D2000", "Please hold while"),
        ("https%3A%2F%2Fvoice.example.com%2Fhandoff%3Fn%3D1", "Please hold a moment longer."),
        ("https%3A%2F%2Fvoice.example.com%2Fincoming%3Frung%3D1", "Please hold a moment longer."),
    ],
)
def test_who_was_being_put_through_is_not_greeted_anew(url: str, said: str) -> None:
    answer = twiml(ask(path_of(COOLCARE, SID), ErrorCode="11205", ErrorUrl=url))
    assert [verb.tag for verb in answer] == ["Say", "Dial"]
    assert (answer.findtext("Say") or "").startswith(said)


@node
def test_who_has_left_a_message_is_thanked() -> None:
    url = "https%3A%2F%2Fvoice.example.com%2Fvoicemail%3Fb%3Dcoolcare_hvac"
    answer = twiml(ask(path_of(COOLCARE, SID), ErrorCode="11200", ErrorUrl=url))
    assert [verb.tag for verb in answer] == ["Say", "Hangup"]


OURS = "https%3A%2F%2Fvoice.example.com"
WHISPER = f"{OURS}%2Fwhisper%3Fb%3Dcoolcare_hvac%26call%3DCA1%23ct%3D1000"


@node
def test_whoever_is_rung_can_take_the_call_though_nothing_of_ours_tells_them_whose_it_is() -> None:
    answer = twiml(ask(path_of(COOLCARE, SID), ErrorCode="11200", ErrorUrl=WHISPER))
    assert [verb.tag for verb in answer] == ["Gather", "Hangup"]  # a mailbox presses nothing
    gather = answer[0]
    assert "Press 1" in (gather.findtext("Say") or "")

    assert list(twiml(ask(gather.attrib["action"], Digits="1"))) == []  # which joins them
    assert [verb.tag for verb in twiml(ask(gather.attrib["action"], Digits="3"))] == ["Hangup"]


@node
def test_who_has_pressed_1_is_joined_though_nothing_of_ours_hears_of_it() -> None:
    url = f"{OURS}%2Fwhisper-accept%3Fb%3Dcoolcare_hvac"
    asked = {"ErrorCode": "11205", "ErrorUrl": url}
    assert list(twiml(ask(path_of(COOLCARE, SID), **asked))) == []
    refused = twiml(ask(path_of(COOLCARE, SID), **asked, Digits="2"))
    assert [verb.tag for verb in refused] == ["Hangup"]


@node
def test_who_has_talked_to_a_person_is_not_put_through_anew() -> None:
    url = f"{OURS}%2Fhandoff%3Fb%3Dcoolcare_hvac%26n%3D1"
    answer = twiml(ask(path_of(COOLCARE, SID), ErrorUrl=url, DialBridged="true"))
    assert [verb.tag for verb in answer] == ["Hangup"]
