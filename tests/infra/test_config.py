"""A stage that cannot be deployed is refused before anything is, and the field is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.config import BadStage, Stage, stage_of, without_mail
from shared.businesses import all_businesses

ROOT = Path(__file__).parent.parent.parent
STAGES: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]["stages"]
GOOD: dict[str, Any] = {"twilio_account_sid": "AC" + "1" * 32}
PROD = {**GOOD, "page": ["a@b.co"], "ticket": ["c@d.co"]}
API_DOMAIN = {
    "name": "pay.callwright.dev",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/example",
}
ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1"


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_every_stage_of_cdk_json_is_sound(name: str) -> None:
    assert stage_of(name, STAGES).prefix == f"callwright-{name}-"


def test_no_stage_says_which_there_are() -> None:
    with pytest.raises(BadStage, match="-c stage=NAME, one of dev, prod, staging"):
        stage_of(None, STAGES)


def test_an_unknown_stage_is_named() -> None:
    with pytest.raises(BadStage, match="'live'"):
        stage_of("live", STAGES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("twilio_account_sid", "AC123"),
        ("region", "Ohio"),
        ("account", "12"),
        ("zones", ["us-east-2a"]),
        ("egress", "vpn"),
        ("log_days", 8),
        ("export_days", 0),
        ("keep_days", 0),
        ("page", ["nobody"]),
        ("monthly_budget_usd", 0),
        ("synthetic_callers", ["555"]),
        ("reserved_concurrency", 1),
        ("web_acl_arn", ACL.replace("us-east-1", "eu-west-1")),
        ("unheard_of", 1),
        ("domain.certificate_arn", None),
        ("bridge.min_tasks", 0),
        ("bridge.cpu", 300),
    ],
)
def test_what_is_wrong_is_named(field: str, value: Any) -> None:
    outer, _, inner = field.partition(".")
    if outer == "domain":
        given: Any = {
            "name": "voice.callwright.dev",
            inner: "arn:aws:acm:eu-west-1:1:certificate/a",
        }
    else:
        given = {inner: value} if inner else value
    with pytest.raises(BadStage, match=f"stage dev: {field}"):
        stage_of("dev", {"dev": {**GOOD, outer: given}})


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(BadStage, match=r"twilio_account_sid: .*; account: "):
        stage_of("dev", {"dev": {"account": "x"}})


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        ({**GOOD, "page": ["a@b.co"]}, "prod needs page and ticket"),
        ({**PROD, "waf": True}, "waf: .*us-east-1"),
        ({**PROD, "waf": True, "region": "eu-west-1"}, "waf: .*web_acl_arn"),
        ({**PROD, "waf": True, "region": "us-east-1", "web_acl_arn": ACL}, "not both"),
        ({**PROD, "region": "us-east-2", "zones": ["us-east-1a", "us-east-1b"]}, "zones"),
        ({**PROD, "cmk": True}, "cmk needs region"),
        ({**PROD, "region": "sa-east-1"}, "CloudFront's addresses are known in .*us-east-1"),
        ({**PROD, "api_domain": API_DOMAIN}, "api_domain needs region"),
        ({**PROD, "api_domain": API_DOMAIN, "region": "us-east-2"}, "must lie in region"),
        ({**PROD, "bridge": {"min_tasks": 7}}, "min_tasks is above max_tasks"),
        ({**PROD, "bridge": {"target_calls_a_task": 60}}, "target_calls_a_task is above"),
    ],
)
def test_what_does_not_go_together_is_refused(stage: dict[str, Any], why: str) -> None:
    with pytest.raises(BadStage, match=why):
        stage_of("prod", {"prod": stage})


def test_a_web_acl_made_in_us_east_1_serves_any_region() -> None:
    stage = stage_of("prod", {"prod": {**PROD, "region": "eu-west-1", "web_acl_arn": ACL}})
    assert stage.web_acl_arn == ACL


def test_example_values_are_told() -> None:
    assert set(stage_of("prod", STAGES).examples) == {"twilio_account_sid", "page", "ticket"}
    assert Stage.model_validate({**PROD, "name": "prod"}).examples == ()


def test_a_small_stage_has_one_small_task_unless_it_says_otherwise() -> None:
    small = stage_of("dev", {"dev": {**GOOD, "small": True}}).bridge
    assert (small.min_tasks, small.cpu, small.memory_mib) == (1, 256, 512)
    own = {**GOOD, "small": True, "bridge": {"min_tasks": 2}}
    assert stage_of("dev", {"dev": own}).bridge.min_tasks == 2


@pytest.mark.parametrize("target", ["https://events.example.com/x", "+15555550100", "a@b.co"])
def test_an_alarm_reaches_a_mail_an_endpoint_or_a_phone(target: str) -> None:
    assert stage_of("dev", {"dev": {**GOOD, "page": [target]}}).page == (target,)


@pytest.mark.parametrize("target", ["http://events.example.com", "555-0100", "https://", "a@b"])
def test_what_an_alarm_cannot_reach_is_told(target: str) -> None:
    with pytest.raises(BadStage, match=r"page\.0: .*a mail address, an https:// endpoint or a num"):
        stage_of("dev", {"dev": {**GOOD, "page": [target]}})


def test_a_business_without_texts_needs_an_address_that_mails_its_staff() -> None:
    businesses = all_businesses()
    off = {"texts": "off", "office_email": "office@x.example"}
    silent = {"coolcare_hvac": businesses["coolcare_hvac"].model_copy(update=off)}
    stage = stage_of("prod", STAGES)
    assert without_mail(stage, businesses) == ""
    assert "mail_from is needed: texts are off for coolcare_hvac" in without_mail(stage, silent)
    mailing = stage.model_copy(update={"mail_from": "agent@x.example"})
    assert without_mail(mailing, silent) == ""


def test_one_address_needs_no_list() -> None:
    stage = {**PROD, "page": "ops@callwright.dev"}
    assert stage_of("prod", {"prod": stage}).page == ("ops@callwright.dev",)
