"""Every stage, and every option on its own, is within what AWS takes at deployment."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra.aws_limits import broken, rules_of
from tests.infra.conftest import CONTEXT, FULL, SID, Deployment, deployment

PROD = {
    "name": "prod",
    "twilio_account_sid": SID,
    "page": ["page@callwright.dev"],
    "ticket": ["ticket@callwright.dev"],
}
REGION = {"region": "us-east-1"}
ACM = "arn:aws:acm:us-east-1:123456789012:certificate/example"
ALONE: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "small": {"small": True},
    "zones": {**REGION, "zones": ["us-east-1a", "us-east-1b"]},
    "cmk": {**REGION, "cmk": True},
    "domain": {"domain": FULL["domain"]},
    "api_domain": {**REGION, "api_domain": {"name": "pay.callwright.dev", "certificate_arn": ACM}},
    "api_domain in use": {
        **REGION,
        "api_domain": {"name": "pay.callwright.dev", "certificate_arn": ACM, "in_use": True},
    },
    "mail_from": {"mail_from": "desk@callwright.dev"},
    "web_acl_arn": {
        "web_acl_arn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/callwright/example"
    },
    "nat": {"egress": "nat"},
    "waf": {**REGION, "waf": True},
    "budget": {"monthly_budget_usd": 100},
    "reserved_concurrency": {"reserved_concurrency": 50},
    "pages an endpoint and a phone": {"page": ["https://events.callwright.dev/x", "+15555550100"]},
}


def templates(deployed: Deployment) -> dict[str, dict[str, Any]]:
    prefix = deployed.stacks.stage.prefix
    order = ("data", "media", "api", "analytics", "observability")
    return {f"{prefix}{part}": deployed.templates[part].body for part in order}


@pytest.fixture(scope="module", params=["dev", "staging", *ALONE, "every option"])
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    name = request.param
    if name in ("dev", "staging"):
        stage = {**CONTEXT["stages"][name], "name": name}
    else:
        stage = FULL if name == "every option" else {**PROD, **ALONE[name]}
    return deployment(tmp_path_factory.mktemp("stage"), stage)


def test_nothing_is_beyond_what_aws_takes(deployed: Deployment) -> None:
    assert broken(templates(deployed)) == []


def test_no_warning_would_end_a_strict_synth(deployed: Deployment) -> None:
    assert warnings(deployed) <= {"callwright:example-values"}


def warnings(deployed: Deployment) -> set[str]:
    """The ids of the warnings that `--strict` makes errors of; examples are one on purpose."""
    manifest = (deployed.folder / "manifest.json").read_text()
    found = set()
    for line in manifest.splitlines():
        if '"data": "' in line and "[ack: " in line:
            found.add(line.split("[ack: ")[1].split("]")[0])
    return found


Body = dict[str, Any]


def _balancer_rule(media: Body) -> Body:
    """The rule that lets CloudFront in."""
    resources = media["Resources"]
    alb = _any(media, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Properties"]
    (rule,) = rules_of(alb["SecurityGroups"][0]["Fn::GetAtt"][0], resources, "Ingress")
    return rule


def _any(template: Body, kind: str) -> Body:
    return next(r for r in template["Resources"].values() if r["Type"] == kind)


def apostrophe(stage: dict[str, Body]) -> None:
    _balancer_rule(stage["media"])["Description"] = "CloudFront's VPC origin"


def vpc_cidr(stage: dict[str, Body]) -> None:
    rule = _balancer_rule(stage["media"])
    del rule["SourcePrefixListId"]
    rule["CidrIp"] = "10.20.0.0/20"


def long_schedule(stage: dict[str, Body]) -> None:
    _any(stage["api"], "AWS::Scheduler::Schedule")["Properties"]["Name"] = "n" * 65


def long_look(stage: dict[str, Body]) -> None:
    alarm = _any(stage["observability"], "AWS::CloudWatch::Alarm")["Properties"]
    alarm["EvaluationPeriods"] = 5000


def an_export(stage: dict[str, Body]) -> None:
    stage["media"]["Outputs"]["MediaUrl"]["Export"] = {"Name": "x"}


def large_environment(stage: dict[str, Body]) -> None:
    function = _any(stage["api"], "AWS::Lambda::Function")["Properties"]
    function["Environment"]["Variables"]["X"] = "x" * 4096


def kept_table(stage: dict[str, Body]) -> None:
    _any(stage["data"], "AWS::DynamoDB::GlobalTable")["DeletionPolicy"] = "Retain"


def protected_balancer(stage: dict[str, Body]) -> None:
    alb = _any(stage["media"], "AWS::ElasticLoadBalancingV2::LoadBalancer")["Properties"]
    alb["LoadBalancerAttributes"].append({"Key": "deletion_protection.enabled", "Value": "true"})


def route_of_nothing(stage: dict[str, Body]) -> None:
    _any(stage["api"], "AWS::ApiGatewayV2::Stage")["Properties"]["RouteSettings"]["GET /x"] = {}


def large_inline_policies(stage: dict[str, Body]) -> None:
    role = _any(stage["api"], "AWS::IAM::Role")["Properties"]
    document = {"Version": "2012-10-17", "Statement": [{"Sid": "x" * 6000}]}
    role["Policies"] = [{"PolicyName": name, "PolicyDocument": document} for name in "ab"]


def left_bucket(stage: dict[str, Body]) -> None:
    _any(stage["analytics"], "AWS::S3::Bucket")["DeletionPolicy"] = "Retain"


def open_index(stage: dict[str, Body]) -> None:
    tables = [r for r in stage["data"]["Resources"].values() if "GlobalTable" in r["Type"]]
    indexes = [i for t in tables for i in t["Properties"].get("GlobalSecondaryIndexes", [])]
    del indexes[0]["WriteOnDemandThroughputSettings"]


@pytest.mark.parametrize(
    ("breach", "named"),
    [
        (apostrophe, "EC2 refuses"),
        (vpc_cidr, "does not get through"),
        (long_schedule, "65 characters"),
        (long_look, "longer than an alarm may"),
        (an_export, "an export"),
        (large_environment, "environment of"),
        (kept_table, "blocks the second"),
        (protected_balancer, "could not be rolled back"),
        (route_of_nothing, "is no route"),
        (large_inline_policies, "characters of 10,240"),
        (left_bucket, "paid for"),
        (open_index, "without the cap"),
    ],
)
def test_a_breach_is_found(
    dev: Deployment, breach: Callable[[dict[str, Body]], None], named: str
) -> None:
    parts = copy.deepcopy({part: template.body for part, template in dev.templates.items()})
    breach(parts)
    order = ("data", "media", "api", "analytics", "observability")
    found = broken({f"callwright-dev-{part}": parts[part] for part in order})
    assert found and any(named in each for each in found)
