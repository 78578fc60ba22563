"""The connect command: says what it would change, changes it once, leaves nothing empty."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from infra.config import Stage
from infra.fallback.code import path_of, value_of
from infra.ops import connect as command
from infra.ops.connect import Outputs, Outside, connect, outputs_of, real
from infra.ops.fallback_lines import FallbackLines
from infra.ops.stage import Aws, Unready
from infra.ops.stripe_endpoint import API_VERSION, EVENTS, Endpoints
from infra.ops.twilio_numbers import Numbers, wanted_of
from infra.ops.vault import Vault
from shared.actions.payments import stripe_event
from shared.businesses import all_businesses
from shared.domain.twilio_signature import hurried
from tests.infra.ops.conftest import SID, held
from tests.infra.ops.outside_world import Account, StripeSide

pytestmark = pytest.mark.stack

API, EDGE = "https://abc123.execute-api.us-east-1.amazonaws.com", "https://d1.cloudfront.net"
HOOK = f"{API}/stripe/webhook"
LINES = "arn:aws:cloudfront::111111111111:key-value-store/aaaa"
OUTPUTS = Outputs(API, EDGE, fallback_lines=LINES)
PHONES = [phone for business in all_businesses().values() for phone in business.numbers]


# Numbers that somebody can own; the files' are examples.
MINE = {
    business.id: business.model_copy(update={"numbers": ("+19375550234",)})
    for business in [all_businesses()["coolcare_hvac"]]
}


class Edge:
    """CloudFront's KeyValueStore: a change names the state that it changes."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.state, self.conflicts = 0, 0

    def get_key(self, **asked: str) -> dict[str, str]:
        assert asked["KvsARN"] == LINES
        if asked["Key"] not in self.held:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetKey")
        return {"Value": self.held[asked["Key"]]}

    def describe_key_value_store(self, **_: str) -> dict[str, str]:
        return {"ETag": str(self.state)}

    def put_key(self, **asked: str) -> None:
        self.state += self.conflicts > 0
        self.conflicts -= self.conflicts > 0
        if asked["IfMatch"] != str(self.state):
            raise ClientError({"Error": {"Code": "ConflictException"}}, "PutKey")
        self.held[asked["Key"]] = asked["Value"]
        self.state += 1


class Operator:
    """An operator with everything in place."""

    def __init__(self, twilio: Any, stripe: Any, vault: Vault) -> None:
        self.account: Account = twilio[0]
        self.stripe: StripeSide = stripe[0]
        self.vault = vault
        self.edge = Edge()
        self.said: list[str] = []
        self.refused: list[str] = []
        self.outside = Outside(
            Numbers(SID, "token", api_base=twilio[1]),
            Endpoints("sk_test_1234567890", "dev", api_base=stripe[1]),
            FallbackLines(self.edge, LINES, SID),
        )
        for phone in PHONES:
            self.account.own(phone)

    def connect(self, *, apply: bool, take_over: bool = False) -> bool:
        """Whether anything differs; what was refused is in `refused`."""
        self.said.clear()
        done = connect(
            self.outside,
            self.vault,
            OUTPUTS,
            all_businesses().values(),
            apply=apply,
            say=self.said.append,
            take_over=take_over,
        )
        self.refused = done.refused
        return done.differs


@pytest.fixture
def operator(twilio: Any, stripe: Any, vault: Vault) -> Operator:
    return Operator(twilio, stripe, vault)


def test_without_apply_nothing_is_changed_and_everything_is_said(operator: Operator) -> None:
    assert operator.connect(apply=False) is True

    printed = "\n".join(operator.said)
    assert f"https://demo.twilio.com/welcome/voice/ -> {API}/incoming" in printed
    assert f"voice_fallback_url      (empty) -> {EDGE}/fallback/coolcare_hvac-" in printed
    assert "voice_fallback_method   POST -> GET" in printed
    assert f"status_callback         (empty) -> {API}/call-status" in printed
    assert f"create: API version {API_VERSION}, 14 events" in printed
    assert f"{API}/sms" in printed
    assert (operator.account.changes, operator.stripe.endpoints) == ([], {})


def test_every_number_of_every_business_is_pointed_at_the_outputs(operator: Operator) -> None:
    operator.connect(apply=True)

    assert [phone for phone, _ in operator.account.changes] == PHONES
    for business in all_businesses().values():
        for number in operator.account.numbers.values():
            if number["phone_number"] in business.numbers:
                assert number["voice_url"] == hurried(f"{API}/incoming")
                assert (number["sms_url"], number["sms_method"]) == (f"{API}/sms", "POST")
                assert number["voice_method"] == "POST"
                assert number["voice_fallback_url"] == f"{EDGE}{path_of(business, SID)}"
                assert number["voice_fallback_method"] == "GET"
                assert number["status_callback"] == f"{API}/call-status"
                assert number["status_callback_method"] == "POST"


def test_the_webhook_endpoint_is_made_pinned_and_its_secret_is_kept_and_not_shown(
    operator: Operator, aws: Any
) -> None:
    operator.connect(apply=True)

    (endpoint,) = operator.stripe.endpoints.values()
    assert (endpoint["url"], endpoint["api_version"]) == (HOOK, API_VERSION)
    assert sorted(endpoint["enabled_events"]) == sorted(EVENTS)
    assert endpoint["metadata"] == {"callwright_stage": "dev"}
    assert held(aws, "stripe-webhook-secret")["current"] == operator.stripe.secrets[0]
    assert operator.stripe.secrets[0] not in "\n".join(operator.said)


def test_a_second_time_there_is_nothing_to_do(operator: Operator) -> None:
    operator.connect(apply=True)
    changes, asked = len(operator.account.changes), len(operator.stripe.asked)

    assert operator.connect(apply=True) is False

    assert len(operator.account.changes) == changes
    assert operator.stripe.asked[asked:] == ["GET /v1/webhook_endpoints"]
    assert [line for line in operator.said if "as it must be" not in line] == []


def test_what_somebody_changed_by_hand_is_put_right(operator: Operator) -> None:
    operator.connect(apply=True)
    number = next(iter(operator.account.numbers.values()))
    number |= {"voice_fallback_url": "", "voice_application_sid": "AP1"}
    (endpoint,) = operator.stripe.endpoints.values()
    endpoint |= {"enabled_events": ["charge.refunded"], "status": "disabled"}

    assert operator.connect(apply=False) is True
    assert any("voice_application_sid   AP1 -> (empty)" in line for line in operator.said)
    operator.connect(apply=True)

    assert number["voice_fallback_url"].startswith(EDGE)
    assert number["voice_application_sid"] == ""
    assert (endpoint["status"], len(endpoint["enabled_events"])) == ("enabled", 14)
    assert len(operator.stripe.endpoints) == 1


def test_an_endpoint_of_another_api_version_is_replaced_and_both_secrets_count(
    operator: Operator, aws: Any
) -> None:
    operator.vault.store("stripe-webhook-secret", "whsec_000000000old")
    old = operator.stripe.own(url=HOOK, api_version="2024-06-20", enabled_events=list(EVENTS))

    operator.connect(apply=True)

    assert old not in operator.stripe.endpoints
    (endpoint,) = operator.stripe.endpoints.values()
    assert endpoint["api_version"] == API_VERSION
    kept = held(aws, "stripe-webhook-secret")
    assert kept == {"current": operator.stripe.secrets[-1], "previous": "whsec_000000000old"}


def test_an_endpoint_whose_secret_nobody_has_is_replaced(operator: Operator, aws: Any) -> None:
    lost = operator.stripe.own(url=HOOK, api_version=API_VERSION, enabled_events=list(EVENTS))

    operator.connect(apply=True)

    assert lost not in operator.stripe.endpoints
    assert held(aws, "stripe-webhook-secret")["current"] == operator.stripe.secrets[-1]


def test_the_api_s_address_changed_and_the_endpoint_follows(operator: Operator) -> None:
    operator.connect(apply=True)
    (endpoint,) = operator.stripe.endpoints.values()
    endpoint["url"] = "https://old.execute-api.us-east-1.amazonaws.com/stripe/webhook"

    operator.connect(apply=True)

    assert [each["url"] for each in operator.stripe.endpoints.values()] == [HOOK]
    assert len(operator.stripe.secrets) == 1


def test_endpoints_of_others_are_left_alone(operator: Operator) -> None:
    other = operator.stripe.own(url="https://shop.example.com/hook")
    staging = operator.stripe.own(url="https://s.example", metadata={"callwright_stage": "staging"})

    operator.connect(apply=True)

    assert {other, staging} < set(operator.stripe.endpoints)


def test_a_secret_that_cannot_be_kept_leaves_no_endpoint_behind(operator: Operator) -> None:
    plan = operator.outside.endpoints.plan(HOOK, has_secret=False)

    def lost(_: str) -> None:
        raise Unready("the vault is closed")

    with pytest.raises(Unready, match="vault"):
        operator.outside.endpoints.apply(plan, lost)
    assert operator.stripe.endpoints == {}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"account_sid": "AC" + "9" * 32}, "not a number of Twilio account"),
        ({"phone_number": "+15550000000"}, "not a number of Twilio account"),
        ({"trunk_sid": "TK1"}, "SIP trunk"),
        ({"capabilities": {"voice": False}}, "takes no calls"),
    ],
)
def test_a_number_that_cannot_be_ours_is_told_and_the_rest_is_done(
    operator: Operator, fields: dict[str, Any], why: str
) -> None:
    list(operator.account.numbers.values())[-1].update(fields)

    operator.connect(apply=True)

    (refusal,) = operator.refused
    assert re.search(why, refusal)
    assert [phone for phone, _ in operator.account.changes] == PHONES[:-1]
    assert len(operator.stripe.endpoints) == 1


def test_a_stripe_key_that_may_not_make_endpoints_leaves_the_numbers_done(
    operator: Operator,
) -> None:
    operator.stripe.may_write_endpoints = False

    operator.connect(apply=True)

    (refusal,) = operator.refused
    assert "STRIPE_ADMIN_KEY" in refusal and "403" in refusal
    assert [phone for phone, _ in operator.account.changes] == PHONES


def test_a_number_that_another_stage_answers_is_taken_over_only_when_told(
    operator: Operator,
) -> None:
    number = next(iter(operator.account.numbers.values()))
    number["voice_url"] = "https://prod.execute-api.us-east-1.amazonaws.com/incoming"

    operator.connect(apply=True)
    (refusal,) = operator.refused
    assert "another stage's" in refusal and "TAKE_OVER=1" in refusal
    assert number["voice_url"].startswith("https://prod.")

    operator.connect(apply=True, take_over=True)
    assert operator.refused == []
    assert number["voice_url"] == hurried(f"{API}/incoming")


def test_the_apis_own_address_is_no_other_stages(operator: Operator) -> None:
    number = next(iter(operator.account.numbers.values()))
    number["voice_url"] = "https://abc.execute-api.us-east-1.amazonaws.com/incoming"
    moved = Outputs(
        "https://pay.callwright.dev", EDGE, "https://abc.execute-api.us-east-1.amazonaws.com"
    )

    done = connect(
        operator.outside, operator.vault, moved, all_businesses().values(), apply=True, say=print
    )

    assert done.refused == []
    assert number["voice_url"] == hurried("https://pay.callwright.dev/incoming")


def test_the_fallback_learns_whom_it_rings_and_no_number_is_said(operator: Operator) -> None:
    operator.connect(apply=False)
    assert operator.edge.held == {}

    operator.connect(apply=True)

    held = {key.rpartition("-")[0]: value for key, value in operator.edge.held.items()}
    assert held == {each.id: value_of(each) for each in all_businesses().values()}
    on_call = {number for each in all_businesses().values() for number in each.on_call}
    assert not any(number in line for number in on_call for line in operator.said)


def test_others_may_change_the_fallback_at_the_same_time(operator: Operator) -> None:
    operator.edge.conflicts = 2
    operator.connect(apply=True)
    assert operator.refused == []
    operator.edge.held.clear()
    operator.edge.conflicts = 3
    operator.connect(apply=True)
    (refusal,) = operator.refused
    assert "run it again" in refusal


def test_one_business_alone_leaves_stripe_alone(operator: Operator) -> None:
    one = [all_businesses()["coolcare_hvac"]]
    done = connect(
        operator.outside,
        operator.vault,
        OUTPUTS,
        one,
        apply=True,
        say=operator.said.append,
        stripe=False,
    )
    assert (done.refused, operator.stripe.asked) == ([], [])
    assert [phone for phone, _ in operator.account.changes] == list(one[0].numbers)


def test_examples_are_left_out_by_name() -> None:
    said: list[str] = []
    coolcare = all_businesses()["coolcare_hvac"]
    owned = coolcare.model_copy(update={"id": "mine", "numbers": ("+19375550234",)})
    assert real([coolcare, owned], said.append) == [owned]
    assert said == ["left out, with example numbers: coolcare_hvac"]


def test_wrong_keys_are_said_without_being_shown(twilio: Any, stripe: Any) -> None:
    numbers = Numbers(SID, "0123456789", api_base=twilio[1])
    with pytest.raises(Unready, match="401") as refused:
        numbers.look_up(PHONES[0], {})
    assert "0123456789" not in str(refused.value)
    endpoints = Endpoints("sk_test_wrong12345", "dev", api_base=stripe[1])
    with pytest.raises(Unready, match="AuthenticationError") as unknown:
        endpoints.plan(HOOK, has_secret=True)
    assert "sk_test_wrong12345" not in str(unknown.value)


@pytest.mark.parametrize(
    ("public", "fallback_url"),
    [("", EDGE), (API, ""), (API, "/fallback/x.xml"), ("http://a", EDGE)],
)
def test_no_address_is_left_empty(public: str, fallback_url: str) -> None:
    with pytest.raises(Unready, match="deploy api and media first"):
        wanted_of(public, fallback_url)


def test_version_and_events_are_those_the_webhook_reads() -> None:
    assert stripe_event.API_VERSION == API_VERSION
    source = Path(stripe_event.__file__).read_text("utf-8")
    assert len(EVENTS) == len(set(EVENTS)) == 14
    assert all(event in source for event in EVENTS)


# -- the command itself ----------------------------------------------------------------------


def deployed(aws: Any, part: str, outputs: dict[str, str]) -> str:
    """A stack that has these outputs."""
    name = f"callwright-dev-{part}"
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    aws.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))
    return name


def test_outputs_are_read_from_the_stacks_and_a_missing_one_is_named(
    aws: Any, stage: Stage
) -> None:
    here = Aws(stage, aws)
    with pytest.raises(Unready, match="callwright-dev-api"):
        outputs_of(here)
    made = [deployed(aws, "api", {"PublicBaseUrl": f"{API}/"}), deployed(aws, "media", {})]
    try:
        with pytest.raises(Unready, match="FallbackBaseUrl"):
            outputs_of(here)
        aws.client("cloudformation").delete_stack(StackName=made[1])
        deployed(aws, "media", {"FallbackBaseUrl": EDGE, "FallbackLines": LINES})
        assert outputs_of(here) == OUTPUTS
    finally:
        for name in made:
            aws.client("cloudformation").delete_stack(StackName=name)


def test_the_command_runs_dry_then_does_it(
    operator: Operator,
    twilio: Any,
    stripe: Any,
    aws: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = tmp_path / "cdk.json"
    mine.write_text(json.dumps({"context": {"stages": {"dev": {"twilio_account_sid": SID}}}}))
    deployed(aws, "api", {"PublicBaseUrl": API})
    deployed(aws, "media", {"FallbackBaseUrl": EDGE, "FallbackLines": LINES})
    operator.vault.store("twilio-auth-token", "token")
    operator.account.own("+19375550234")
    operator.vault.store("stripe-api-key", "sk_test_1234567890")
    environ = {"TWILIO_API_BASE": twilio[1], "STRIPE_API_BASE": stripe[1]}

    def edge(_: Aws, arn: str) -> FallbackLines:
        return FallbackLines(operator.edge, arn, SID)

    try:
        assert command.main(["--stage", "dev"], environ, mine, lambda _: MINE, edge) == 0
        assert "nothing was changed" in capsys.readouterr().out
        assert operator.account.changes == []
        assert command.main(["--stage", "dev", "--apply"], environ, mine, lambda _: MINE, edge) == 0
        assert [phone for phone, _ in operator.account.changes] == ["+19375550234"]
        assert command.main(["--stage", "dev", "--apply"], environ, mine, lambda _: MINE, edge) == 0
        assert "as it must be" in capsys.readouterr().out.splitlines()[-1]
        assert command.main(["--stage", "dev"], environ, mine, lines_of=edge) == 1
        assert "no business of your own" in capsys.readouterr().err
        other = ["--stage", "dev", "--business", "nobody"]
        assert command.main(other, environ, mine, lambda _: MINE, edge) == 1
        assert "no business nobody" in capsys.readouterr().err
    finally:
        for part in ("api", "media"):
            aws.client("cloudformation").delete_stack(StackName=f"callwright-dev-{part}")


def test_a_stage_with_example_values_is_refused(
    aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--stage", "dev"], {}) == 1
    assert "twilio_account_sid" in capsys.readouterr().err


def test_the_stand_in_is_on_loopback(twilio: Any) -> None:
    assert urlsplit(twilio[1]).hostname == "127.0.0.1"
