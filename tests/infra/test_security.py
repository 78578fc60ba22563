"""Who may do what, what is kept how long, and that every finding is explained."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks

from infra.constructs.grants import INDEX, USES
from shared.schema import TABLES
from tests.infra.conftest import Deployment

# Actions that AWS gives no resource for.
NO_RESOURCE = {"ecr:GetAuthorizationToken", "elasticloadbalancing:DescribeTargetHealth"}

Statement = dict[str, Any]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(deployed: Deployment) -> Iterator[tuple[str, Statement]]:
    """Every statement of an identity policy of every stack."""
    for template in deployed:
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            for id, policy in template.of(kind).items():
                for statement in listed(policy["PolicyDocument"]["Statement"]):
                    yield id, statement
        for id, role in template.of("AWS::IAM::Role").items():
            for policy in role.get("Policies", []):
                for statement in listed(policy["PolicyDocument"]["Statement"]):
                    yield id, statement


def role_actions(deployed: Deployment, stack: str, role: str) -> set[str]:
    """The DynamoDB actions a role has, of whichever table."""
    policies = deployed.templates[stack].of("AWS::IAM::Policy")
    return {
        action
        for id, policy in policies.items()
        if id.startswith(role)
        for statement in policy["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
        if action.startswith("dynamodb:")
    }


def test_no_policy_allows_every_action_of_anything(either: Deployment) -> None:
    stars = [(id, a) for id, s in statements(either) for a in listed(s["Action"]) if "*" in a]
    assert stars == []


def test_every_resource_is_named_but_where_aws_has_none(either: Deployment) -> None:
    for id, statement in statements(either):
        if "*" in listed(statement["Resource"]):
            assert set(listed(statement["Action"])) <= NO_RESOURCE, id


def test_no_role_has_a_policy_of_awss_own(either: Deployment) -> None:
    for template in either:
        for id, role in template.of("AWS::IAM::Role").items():
            assert not role.get("ManagedPolicyArns"), id


@pytest.mark.parametrize(
    ("process", "stack", "role"),
    [
        ("incoming", "api", "IncomingRole"),
        ("stripe_webhook", "api", "StripeWebhookRole"),
        ("office", "api", "OfficeRole"),
        ("media_bridge", "media", "BridgeTaskRole"),
    ],
)
def test_a_role_has_the_actions_its_code_uses(
    either: Deployment, process: str, stack: str, role: str
) -> None:
    used = {
        f"dynamodb:{'Query' if action == INDEX else action}"
        for actions in USES[process].values()
        for action in actions
    }
    assert role_actions(either, stack, role) == used


def test_nobody_may_scan_or_drop_a_table(either: Deployment) -> None:
    refused = {"Scan", "DeleteTable", "UpdateTable", "CreateTable", "PurgeTable"}
    actions = {a.split(":")[1] for _, s in statements(either) for a in listed(s["Action"])}
    assert not actions & refused


def test_only_the_webhook_of_stripe_and_the_timers_touch_payments() -> None:
    assert {process for process, uses in USES.items() if "payments" in uses} <= {
        "stripe_webhook",
        "office",  # what was paid of a visit is read
        "follow_up",
        "deliver",
    }
    assert all(table in TABLES for uses in USES.values() for table in uses)


def test_a_function_reads_its_own_secrets_alone(either: Deployment) -> None:
    api = either.templates["api"]
    for id, policy in api.of("AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "secretsmanager:GetSecretValue" not in listed(statement["Action"]):
                continue
            read = {str(r).split("/")[-1].split("'")[0] for r in listed(statement["Resource"])}
            if id.startswith("Incoming"):
                own = {"twilio-auth-token-??????", "stream-token-??????"}
                assert read == own | {"stripe-api-key-??????"}  # of a visit moved by text
            if id.startswith("StripeWebhook"):
                # Of a visit moved on its page: its forms are signed, and its texts sent.
                own = {"twilio-auth-token-??????", "stream-token-??????"}
                assert read == own | {"stripe-api-key-??????", "stripe-webhook-secret-??????", "*"}


def test_every_log_is_deleted_in_time(either: Deployment) -> None:
    days = either.stacks.stage.log_days
    groups = [g for template in either for g in template.of("AWS::Logs::LogGroup").values()]
    assert groups
    assert {group["RetentionInDays"] for group in groups} == {days}


def test_every_function_and_task_writes_a_log_of_ours(either: Deployment) -> None:
    for template in either:
        for id, function in template.of("AWS::Lambda::Function").items():
            assert function["LoggingConfig"]["LogGroup"]["Ref"] in template.of(
                "AWS::Logs::LogGroup"
            ), id


def test_every_function_logs_the_fields_beside_its_words(either: Deployment) -> None:
    """Lambda's text format drops them: why, path, kind, call_sid, all that the runbook reads."""
    for template in either:
        for function in template.of("AWS::Lambda::Function").values():
            how = function["LoggingConfig"]
            assert (how["LogFormat"], how["ApplicationLogLevel"]) == ("JSON", "INFO")


def test_every_bucket_is_private_and_tls_only(either: Deployment) -> None:
    for template in either:
        policies = list(template.of("AWS::S3::BucketPolicy").values())
        for id, bucket in template.of("AWS::S3::Bucket").items():
            assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, id
            (policy,) = [p for p in policies if p["Bucket"] == {"Ref": id}]
            assert "aws:SecureTransport" in str(policy), id


def test_every_resource_that_takes_tags_says_whose_it_is(either: Deployment) -> None:
    for template in either:
        for id, function in template.of("AWS::Lambda::Function").items():
            assert {"Key": "project", "Value": "callwright"} in function["Tags"], id


def test_a_finding_that_nobody_explained_stops_the_synthesis(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), analytics_reporting=False)
    s3.Bucket(Stack(app, "Careless"), "Bucket")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()


def test_cloudformation_has_nothing_to_say_against_the_templates(
    dev: Deployment, full: Deployment
) -> None:
    templates = [str(template.path) for deployed in (dev, full) for template in deployed]
    lint = str(Path(sys.executable).with_name("cfn-lint"))
    # W3005: CDK says twice what comes first. W3010: an owner may choose the zones.
    done = subprocess.run(
        [lint, "--regions", "us-east-1", "-i", "W3005", "W3010", "--", *templates],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
