"""The network: two zones, tasks where they reach the internet, the balancer where nobody does."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Stage
from infra.constructs.log_retention import retention
from infra.constructs.nag import accept

CIDR = "10.20.0.0/20"


class Network(Construct):
    """`vpc`, and the subnets of `tasks` and of the `balancer`.

    The model is on the internet. With egress "public" a task has an address of its own and no
    NAT is paid for; what may come in is the same, nothing but the balancer.
    """

    def __init__(self, scope: Construct, id: str, stage: Stage) -> None:
        super().__init__(scope, id)
        nat = stage.egress == "nat"
        inner = ec2.SubnetType.PRIVATE_WITH_EGRESS if nat else ec2.SubnetType.PRIVATE_ISOLATED
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=f"{stage.prefix}vpc",
            ip_addresses=ec2.IpAddresses.cidr(CIDR),
            nat_gateways=2 if nat else 0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public",
                    subnet_type=ec2.SubnetType.PUBLIC,
                    cidr_mask=24,
                    map_public_ip_on_launch=False,
                ),
                ec2.SubnetConfiguration(name="inner", subnet_type=inner, cidr_mask=24),
            ],
            # Nothing uses the default group; closing it takes a Lambda with rights over groups.
            restrict_default_security_group=False,
            **({"availability_zones": list(stage.zones)} if stage.zones else {"max_azs": 2}),
        )
        # CloudFront cannot reach into every zone, so an owner may have to name them.
        accept(self.vpc, {"CloudFormation-Validate::W3010": "the owner chose the zones"})
        outer = ec2.SubnetType.PUBLIC
        self.tasks = ec2.SubnetSelection(subnet_type=inner if nat else outer)
        self.balancer = ec2.SubnetSelection(subnet_type=inner)
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        self.vpc.add_gateway_endpoint("Tables", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
        self._flow_log(stage)

    def _flow_log(self, stage: Stage) -> None:
        """Log refused connections: they show afterwards who scanned or attacked the tasks."""
        group = logs.LogGroup(
            self,
            "FlowLog",
            log_group_name=f"/callwright/{stage.name}/flow",
            retention=retention(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.vpc.add_flow_log(
            "Flow",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
