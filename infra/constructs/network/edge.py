"""From the internet to the bridge: CloudFront's own domain, a VPC origin, an internal balancer.

No domain, no certificate, and nothing of ours with a public address that listens.
"""

from typing import Any

from aws_cdk import Aws, CfnMapping, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from infra.config import CLOUDFRONT_PREFIX_LISTS, Stage
from infra.constructs.nag import accept
from infra.constructs.network.upgrades import CODE
from infra.constructs.network.vpc import Network
from infra.constructs.network.web_acl import web_acl

BRIDGE_PORT = 8080
DRAIN_S = 1800  # a task that goes takes no new call, and keeps its calls so long
IDLE_S = 4000  # the balancer's most; a call is never silent, the bridge pings besides

OWN_DOMAIN = (
    "CloudFront's own domain takes no other policy; Twilio negotiates TLS 1.2 or newer by itself"
)


class Edge(Construct):
    """`alb`, `target_group`, `distribution`, the `host` that Twilio connects to, and one other."""

    def __init__(self, scope: Construct, id: str, stage: Stage, network: Network) -> None:
        super().__init__(scope, id)
        self.alb = self._balancer(stage, network)
        self.target_group = self._targets(network)
        # Not `open`: that would let in 0.0.0.0/0.
        listener = self.alb.add_listener(
            "Http",
            port=80,
            protocol=elb.ApplicationProtocol.HTTP,
            open=False,
            default_target_groups=[self.target_group],
        )
        # What comes through a VPC origin does not come from the VPC's addresses. AWS names two
        # ways to let it in: the security group that is made with the first VPC origin, which
        # cannot be named before it, and this list. It counts as 55 of the 60 rules of a group.
        listener.connections.allow_default_port_from(
            ec2.Peer.prefix_list(_cloudfront(self)), "CloudFront VPC origin"
        )
        self.distribution = self._distribution(stage, network)
        own, given = stage.domain, self.distribution.domain_name
        # Not before the name leads here: no stream would open.
        self.host = own.name if own and own.in_use else given
        self.other_host = None if own is None else given if own.in_use else own.name

    def _balancer(self, stage: Stage, network: Network) -> elb.ApplicationLoadBalancer:
        alb = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=network.vpc,
            vpc_subnets=network.balancer,
            internet_facing=False,
            idle_timeout=Duration.seconds(IDLE_S),
            drop_invalid_header_fields=True,
        )
        accept(
            alb,
            {
                "AwsSolutions-ELB2": "only CloudFront reaches it; the bridge logs every upgrade, "
                "its log has the call, this one would have CloudFront's addresses",
            },
        )
        return alb

    def _targets(self, network: Network) -> elb.ApplicationTargetGroup:
        return elb.ApplicationTargetGroup(
            self,
            "Bridges",
            vpc=network.vpc,
            port=BRIDGE_PORT,
            protocol=elb.ApplicationProtocol.HTTP,
            target_type=elb.TargetType.IP,
            # A WebSocket is one request as long as it lasts: this counts calls.
            load_balancing_algorithm_type=(
                elb.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS
            ),
            deregistration_delay=Duration.seconds(DRAIN_S),
            health_check=elb.HealthCheck(
                path="/healthz",
                healthy_http_codes="200",
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
        )

    def _distribution(self, stage: Stage, network: Network) -> cloudfront.Distribution:
        origin = origins.VpcOrigin.with_application_load_balancer(
            self.alb,
            # From CloudFront into the VPC by AWS's own network; TLS there needs a domain's
            # certificate.
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
            http_port=80,
            vpc_origin_name=f"{stage.prefix}bridge",
            read_timeout=Duration.seconds(60),
            keepalive_timeout=Duration.seconds(60),
        )
        signed = cloudfront.Function(
            self,
            "Upgrades",
            comment=f"Callwright {stage.name}: lets signed upgrades to /media through",
            code=cloudfront.FunctionCode.from_inline(CODE),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Callwright {stage.name}: media",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                # An upgrade is a GET.
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                # The upgrade's own headers, and Twilio's signature.
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                compress=False,
                function_associations=[
                    cloudfront.FunctionAssociation(
                        function=signed, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                    )
                ],
            ),
            http_version=cloudfront.HttpVersion.HTTP1_1,  # what WebSockets are upgraded from
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            web_acl_id=web_acl(self, stage),
            **_own_domain(self, stage),
        )
        # A VPC origin wants the VPC to have its internet gateway.
        distribution.node.add_dependency(network.vpc.internet_connectivity_established)
        explain(distribution, own_domain=stage.domain is not None)
        return distribution


def _cloudfront(scope: Construct) -> str:
    """The id of CloudFront's prefix list where this is deployed."""
    lists = CfnMapping(
        scope,
        "CloudFront",
        mapping={region: {"id": id} for region, id in CLOUDFRONT_PREFIX_LISTS.items()},
    )
    return lists.find_in_map(Aws.REGION, "id")


def explain(distribution: cloudfront.Distribution, *, own_domain: bool) -> None:
    """What cdk-nag finds at a distribution of ours, and why it stands."""
    reasons = {
        "AwsSolutions-CFR1": "Twilio connects from wherever its media region is",
        "AwsSolutions-CFR2": "an option (waf, web_acl_arn): it sees upgrades, and those are signed",
        "AwsSolutions-CFR3": "the bridge logs every upgrade; a bucket of Twilio's addresses adds "
        "nothing to that",
    }
    if not own_domain:
        reasons["AwsSolutions-CFR4"] = OWN_DOMAIN
    accept(distribution, reasons)


def _own_domain(scope: Construct, stage: Stage) -> dict[str, Any]:
    if stage.domain is None:
        return {}
    certificate = acm.Certificate.from_certificate_arn(
        scope, "Certificate", stage.domain.certificate_arn
    )
    return {
        "domain_names": [stage.domain.name],
        "certificate": certificate,
        "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    }
