"""The calls' audio: nobody cuts a call, and nobody but CloudFront reaches a task."""

import inspect
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.constructs.compute.bridge_service import STOP_S
from infra.constructs.network import upgrades
from infra.constructs.network.edge import BRIDGE_PORT, DRAIN_S
from services.media_bridge.core.events import CallSetup
from services.media_bridge.process import settings
from services.media_bridge.process.server import DRAIN_S as BRIDGE_DRAIN_S
from shared.environment import ARN_SUFFIX
from shared.schema import METRICS, NAMESPACE, STAGE
from tests.infra.aws_limits import rules_of
from tests.infra.conftest import CONTEXT, FULL, ROOT, Deployment, Template, deployment

# The bridge ends a call after so long, with a warning before.
LONGEST_CALL_S = inspect.signature(CallSetup).parameters["max_call_ms"].default / 1000


@pytest.fixture
def media(either: Deployment) -> Template:
    return either.templates["media"]


@pytest.fixture
def container(media: Template) -> dict[str, Any]:
    (task,) = media.of("AWS::ECS::TaskDefinition").values()
    (only,) = task["ContainerDefinitions"]
    found: dict[str, Any] = only
    return found


def attributes(resource: dict[str, Any], name: str) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in resource[name]}


# -- a call is not cut ------------------------------------------------------------------------


def test_a_task_keeps_its_calls_longer_than_the_longest_call(media: Template) -> None:
    (group,) = media.of("AWS::ElasticLoadBalancingV2::TargetGroup").values()
    delay = attributes(group, "TargetGroupAttributes")["deregistration_delay.timeout_seconds"]
    assert int(delay) == DRAIN_S > LONGEST_CALL_S + 60


def test_the_bridge_hands_over_before_it_is_killed(container: dict[str, Any]) -> None:
    assert container["StopTimeout"] == STOP_S > BRIDGE_DRAIN_S


def test_an_idle_line_is_not_closed_by_the_balancer(media: Template) -> None:
    (alb,) = media.of("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    idle = int(attributes(alb, "LoadBalancerAttributes")["idle_timeout.timeout_seconds"])
    assert idle > LONGEST_CALL_S


def test_calls_go_to_the_task_that_has_fewest(media: Template) -> None:
    (group,) = media.of("AWS::ElasticLoadBalancingV2::TargetGroup").values()
    given = attributes(group, "TargetGroupAttributes")
    assert given["load_balancing.algorithm.type"] == "least_outstanding_requests"


def test_a_deployment_adds_before_it_takes_away_and_goes_back_when_it_fails(
    media: Template,
) -> None:
    (service,) = media.of("AWS::ECS::Service").values()
    deployed = service["DeploymentConfiguration"]
    assert (deployed["MinimumHealthyPercent"], deployed["MaximumPercent"]) == (100, 200)
    assert deployed["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployed["Alarms"]["Rollback"] is True
    alarms = media.of("AWS::CloudWatch::Alarm")
    assert {name["Ref"] for name in deployed["Alarms"]["AlarmNames"]} == set(alarms)


def test_a_service_waits_for_what_its_tasks_may_do(media: Template) -> None:
    (service,) = [r for r in media.body["Resources"].values() if r["Type"] == "AWS::ECS::Service"]
    policies = {p for p in media.of("AWS::IAM::Policy") if "TaskRole" in p}
    assert policies and policies <= set(service["DependsOn"])


def test_there_are_two_tasks_in_two_zones_at_least(media: Template) -> None:
    (service,) = media.of("AWS::ECS::Service").values()
    assert len(service["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"]) == 2
    (scaled,) = media.of("AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert scaled["MinCapacity"] >= 2


def test_a_deployment_leaves_the_number_of_tasks_as_it_is(media: Template) -> None:
    (service,) = media.of("AWS::ECS::Service").values()
    assert "DesiredCount" not in service  # how many there are is the scalable target's to say
    assert media.of("AWS::ApplicationAutoScaling::ScalableTarget")


def test_tasks_are_added_by_the_gauge_that_the_bridge_writes(either: Deployment) -> None:
    (policy,) = either.templates["media"].of("AWS::ApplicationAutoScaling::ScalingPolicy").values()
    target = policy["TargetTrackingScalingPolicyConfiguration"]
    metric = target["CustomizedMetricSpecification"]
    assert metric["MetricName"] in METRICS
    assert (metric["MetricName"], metric["Namespace"]) == ("ActiveCalls", NAMESPACE)
    assert metric["Dimensions"] == [{"Name": STAGE, "Value": either.stacks.stage.name}]
    # Each task writes its own. A task that drains writes zeros, which an average would count.
    assert metric["Statistic"] == "Maximum"
    bridge = either.stacks.stage.bridge
    assert target["TargetValue"] == bridge.target_calls_a_task < bridge.max_calls_a_task


# -- the container ----------------------------------------------------------------------------


def test_the_container_writes_nothing_and_is_nobody(container: dict[str, Any]) -> None:
    assert container["ReadonlyRootFilesystem"] is True
    assert container["User"] not in ("", "0", "root")
    assert f"--uid {container['User']} " in (
        ROOT / "services/media_bridge/Dockerfile"
    ).read_text().replace(" bridge", " ")
    linux = container["LinuxParameters"]
    assert linux["InitProcessEnabled"] is True
    assert linux["Capabilities"]["Drop"] == ["ALL"]


def test_the_image_s_base_is_pinned_by_digest() -> None:
    lines = (ROOT / "services/media_bridge/Dockerfile").read_text().splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases and all(re.fullmatch(r"FROM \S+@sha256:[0-9a-f]{64}", base) for base in bases)


def test_nobody_gets_a_shell_in_a_task(media: Template) -> None:
    (service,) = media.of("AWS::ECS::Service").values()
    assert service.get("EnableExecuteCommand", False) is False


def test_slow_logs_never_hold_up_audio(container: dict[str, Any]) -> None:
    options = container["LogConfiguration"]["Options"]
    assert options["mode"] == "non-blocking"


def test_health_asks_the_process_and_never_the_model(
    media: Template, container: dict[str, Any]
) -> None:
    (group,) = media.of("AWS::ElasticLoadBalancingV2::TargetGroup").values()
    assert (group["HealthCheckPath"], group["Port"]) == ("/healthz", BRIDGE_PORT)
    assert f"127.0.0.1:{BRIDGE_PORT}/healthz" in container["HealthCheck"]["Command"][-1]


def test_the_task_is_arm64(media: Template) -> None:
    (task,) = media.of("AWS::ECS::TaskDefinition").values()
    assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
    assert task["RequiresCompatibilities"] == ["FARGATE"]


def test_the_image_is_built_for_the_processor_it_runs_on(either: Deployment) -> None:
    (assets,) = either.folder.glob("*media.assets.json")
    assert '"platform": "linux/arm64"' in assets.read_text()


def test_the_bridge_reads_what_it_is_given(container: dict[str, Any]) -> None:
    given = {
        variable["Name"]: variable["Value"]
        if isinstance(variable["Value"], str)
        else "wss://made.example/media"
        for variable in container["Environment"]
    }
    chosen = settings.read(given)
    assert chosen.port == BRIDGE_PORT
    known = {v.name for v in settings.VARIABLES}
    of_adapters = {
        "KEEP_DAYS",
        "CUSTOMER_DAYS",
        "BUSINESS_METRICS",
        "MAIL_FROM",
        "BUSINESS_SECRETS",
    }
    assert {name.removesuffix(ARN_SUFFIX) for name in given} - known <= of_adapters
    assert "Secrets" not in container


# -- the network ------------------------------------------------------------------------------


def test_nothing_of_ours_listens_to_the_internet(media: Template) -> None:
    (alb,) = media.of("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    assert alb["Scheme"] == "internal"
    inline = [
        rule
        for group in media.of("AWS::EC2::SecurityGroup").values()
        for rule in group.get("SecurityGroupIngress", [])
    ]
    apart = list(media.of("AWS::EC2::SecurityGroupIngress").values())
    open_to_all = {"0.0.0.0/0", "::/0"}
    assert not [r for r in inline + apart if {r.get("CidrIp"), r.get("CidrIpv6")} & open_to_all]


def test_the_balancer_is_reached_from_cloudfront_s_own_addresses_alone(either: Deployment) -> None:
    media = either.templates["media"]
    (alb,) = media.of("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    group = alb["SecurityGroups"][0]["Fn::GetAtt"][0]
    (rule,) = rules_of(group, media.body["Resources"], "Ingress")
    mapping, region, key = rule["SourcePrefixListId"]["Fn::FindInMap"]
    lists = media.body["Mappings"][mapping]
    assert (region, key, lists["us-east-1"]["id"]) == ({"Ref": "AWS::Region"}, "id", "pl-3b927c52")
    assert (rule["FromPort"], rule["ToPort"]) == (80, 80)
    assert "CidrIp" not in rule


def test_an_origin_sets_no_end_to_a_stream(media: Template) -> None:
    (origin,) = media_distribution(media)["Origins"]
    assert "ResponseCompletionTimeout" not in origin


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node, as CDK does")
@pytest.mark.parametrize(
    ("method", "uri", "headers", "status"),
    [
        ("GET", "/media", {"upgrade": "websocket", "x-twilio-signature": "s"}, None),
        ("GET", "/media", {"upgrade": "WebSocket", "x-twilio-signature": "s"}, None),
        ("GET", "/media", {"upgrade": "websocket"}, 403),
        ("GET", "/media", {"x-twilio-signature": "s"}, 403),
        ("GET", "/media", {"upgrade": "h2c", "x-twilio-signature": "s"}, 403),
        ("POST", "/media", {"upgrade": "websocket", "x-twilio-signature": "s"}, 403),
        ("GET", "/healthz", {}, 404),
        ("GET", "/", {"upgrade": "websocket", "x-twilio-signature": "s"}, 404),
        ("GET", "/media/", {"upgrade": "websocket", "x-twilio-signature": "s"}, 404),
    ],
)
def test_only_a_signed_upgrade_to_media_passes_the_edge(
    method: str, uri: str, headers: dict[str, str], status: int | None
) -> None:
    request = {
        "method": method,
        "uri": uri,
        "headers": {name: {"value": value} for name, value in headers.items()},
    }
    event = json.dumps({"request": request})
    program = f"{upgrades.CODE}\nconsole.log(JSON.stringify(handler({event})))"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer.get("statusCode") == status
    assert status or answer == request


def test_the_edge_asks_that_function_first(media: Template) -> None:
    behaviour = media_distribution(media)["DefaultCacheBehavior"]
    (association,) = behaviour["FunctionAssociations"]
    assert association["EventType"] == "viewer-request"


def test_a_task_is_reached_from_the_balancer_alone(media: Template) -> None:
    (service,) = media.of("AWS::ECS::Service").values()
    (walls,) = service["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"]
    (rule,) = [
        rule
        for rule in media.of("AWS::EC2::SecurityGroupIngress").values()
        if rule["GroupId"] == walls
    ]
    (alb,) = media.of("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    assert rule["SourceSecurityGroupId"] == alb["SecurityGroups"][0]
    assert rule["FromPort"] == rule["ToPort"] == BRIDGE_PORT


def test_a_task_reaches_out_by_tls_alone(media: Template) -> None:
    walls = media.one("AWS::EC2::SecurityGroup", GroupDescription="Bridge tasks")
    (rule,) = walls["SecurityGroupEgress"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)


def test_egress_is_public_or_by_nat_as_chosen(dev: Deployment, full: Deployment) -> None:
    def way_out(deployed: Deployment) -> tuple[int, str]:
        media = deployed.templates["media"]
        (service,) = media.of("AWS::ECS::Service").values()
        address = service["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"]
        return len(media.of("AWS::EC2::NatGateway")), address

    assert way_out(dev) == (0, "ENABLED")
    assert way_out(full) == (2, "DISABLED")


def test_no_account_is_asked_for_zones(either: Deployment) -> None:
    assert '"missing"' not in (either.folder / "manifest.json").read_text()


# -- the edge ---------------------------------------------------------------------------------


def media_distribution(media: Template) -> dict[str, Any]:
    (found,) = [
        distribution["DistributionConfig"]
        for distribution in media.of("AWS::CloudFront::Distribution").values()
        if distribution["DistributionConfig"]["Origins"][0].get("VpcOriginConfig")
    ]
    return dict(found)


def test_upgrades_pass_uncached_with_all_their_headers_by_tls(media: Template) -> None:
    behaviour = media_distribution(media)["DefaultCacheBehavior"]
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # none
    assert behaviour["OriginRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"  # viewer's
    assert behaviour["ViewerProtocolPolicy"] == "https-only"


def test_without_a_domain_cloudfronts_own_name_is_told(dev: Deployment) -> None:
    outputs = dev.templates["media"].body["Outputs"]
    prefix, distribution, path = outputs["MediaUrl"]["Value"]["Fn::Join"][1]
    assert (prefix, path) == ("wss://", "/media")
    assert "DomainName" in distribution["Fn::GetAtt"]


@pytest.mark.parametrize("in_use", [False, True])
def test_an_owners_domain_is_given_out_once_it_is_in_use_and_both_addresses_are_known(
    in_use: bool, tmp_path: Path
) -> None:
    own = {**FULL["domain"], "in_use": in_use}
    stage = {**CONTEXT["stages"]["dev"], "name": "dev", "domain": own}
    media = deployment(tmp_path, stage).templates["media"]
    config = media_distribution(media)
    assert config["Aliases"] == ["voice.callwright.dev"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    (task,) = media.of("AWS::ECS::TaskDefinition").values()
    variables = task["ContainerDefinitions"][0]["Environment"]
    given = {each["Name"]: each["Value"] for each in variables}
    name = "wss://voice.callwright.dev/media"
    assert (given["MEDIA_URL"] == name, given["OTHER_MEDIA_URL"] == name) == (in_use, not in_use)
    assert (media.body["Outputs"]["MediaUrl"]["Value"] == name) is in_use


def test_a_web_acl_is_made_where_it_was_chosen(dev: Deployment, full: Deployment) -> None:
    (acl,) = full.templates["media"].of("AWS::WAFv2::WebACL").values()
    assert acl["Scope"] == "CLOUDFRONT"
    assert "WebACLId" in media_distribution(full.templates["media"])
    assert "WebACLId" not in media_distribution(dev.templates["media"])


def test_a_replaced_task_definition_stays_so_that_a_service_can_go_back_to_it(
    media: Template,
) -> None:
    kinds = media.body["Resources"].values()
    (task,) = [each for each in kinds if each["Type"] == "AWS::ECS::TaskDefinition"]
    assert (task["UpdateReplacePolicy"], task["DeletionPolicy"]) == (
        "Retain",
        "RetainExceptOnCreate",
    )
