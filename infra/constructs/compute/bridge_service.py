"""The media bridge on Fargate: two tasks or more, replaced without cutting a call."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk.aws_ecr_assets import Platform
from constructs import Construct

from infra.config import Stage
from infra.constructs.log_retention import retention
from infra.constructs.nag import accept
from infra.constructs.network.edge import BRIDGE_PORT, Edge
from infra.constructs.network.vpc import Network
from shared.schema import NAMESPACE, STAGE

ROOT = Path(__file__).parents[3]
DOCKERFILE = "services/media_bridge/Dockerfile"
USER = "10001"  # as the Dockerfile makes it
STOP_S = 120  # Fargate's most
ROLLBACK = Duration.minutes(15)  # what the alarms that roll a deployment back look at
HEALTHY = (
    f"import urllib.request as r; r.urlopen('http://127.0.0.1:{BRIDGE_PORT}/healthz', timeout=2)"
)


class BridgeService(Construct):
    """`cluster`, `service`, `role` (what a task may do), `log_group`, `rollback_alarms`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        network: Network,
        edge: Edge,
        *,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        self._stage = stage
        self.log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/callwright/{stage.name}/media-bridge",
            retention=retention(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(
            self, "TaskRole", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        )
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=f"{stage.prefix}bridge",
            vpc=network.vpc,
            container_insights_v2=(
                ecs.ContainerInsights.DISABLED if stage.small else ecs.ContainerInsights.ENABLED
            ),
        )
        if stage.small:
            reason = "a small stage has one task, which BridgeSilent watches; this costs 6 USD"
            accept(self.cluster, {"AwsSolutions-ECS4": reason})
        self.rollback_alarms = self._rollback_alarms(edge)
        self.service = self._service(network, self._task(environment))
        # A task that starts before it may read its secrets fails, and three of those roll back.
        self.service.node.add_dependency(self.role)
        self._let_only_the_balancer_in(edge)
        self._scale()

    def _task(self, environment: Mapping[str, str]) -> ecs.FargateTaskDefinition:
        task = ecs.FargateTaskDefinition(
            self,
            "Task",
            family=f"{self._stage.prefix}bridge",
            cpu=self._stage.bridge.cpu,
            memory_limit_mib=self._stage.bridge.memory_mib,
            task_role=self.role.without_policy_updates(),
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.ARM64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
        )
        # Replaced ones would be deregistered, and no service goes back to such a one.
        task.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self._add_container(task, environment)
        accept(
            task,
            {
                "AwsSolutions-ECS2": "none of the variables is a secret: those are named here, "
                "and read at run time",
            },
        )
        if task.execution_role is not None:
            accept(
                task.execution_role,
                {"AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken takes no resource"},
            )
        return task

    def _add_container(
        self, task: ecs.FargateTaskDefinition, environment: Mapping[str, str]
    ) -> None:
        linux = ecs.LinuxParameters(self, "Linux", init_process_enabled=True)
        linux.drop_capabilities(ecs.Capability.ALL)
        task.add_container(
            "bridge",
            # .dockerignore lets in what the image holds: nothing else makes a new version.
            image=ecs.ContainerImage.from_asset(
                str(ROOT), file=DOCKERFILE, platform=Platform.LINUX_ARM64
            ),
            environment=dict(environment),
            port_mappings=[ecs.PortMapping(container_port=BRIDGE_PORT)],
            readonly_root_filesystem=True,
            user=USER,
            linux_parameters=linux,
            stop_timeout=Duration.seconds(STOP_S),
            # ECS does not read the image's own. It asks for the process, never for the model.
            health_check=ecs.HealthCheck(
                command=["CMD", "python", "-c", HEALTHY],
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                retries=3,
                start_period=Duration.seconds(30),
            ),
            # Slow logs must not hold up audio; what does not fit any more is dropped.
            logging=ecs.LogDriver.aws_logs(
                stream_prefix="bridge",
                log_group=self.log_group,
                mode=ecs.AwsLogDriverMode.NON_BLOCKING,
                max_buffer_size=Size.mebibytes(25),
            ),
        )

    def _service(self, network: Network, task: ecs.FargateTaskDefinition) -> ecs.FargateService:
        return ecs.FargateService(
            self,
            "Service",
            service_name=f"{self._stage.prefix}bridge",
            cluster=self.cluster,
            task_definition=task,
            # No desired_count: an update of the service would set it back to that number in the
            # busiest hour. How many tasks there are is for `_scale` alone.
            min_healthy_percent=100,
            max_healthy_percent=200,
            vpc_subnets=network.tasks,
            assign_public_ip=self._stage.egress == "public",
            security_groups=[self._security_group(network)],
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            deployment_alarms=ecs.DeploymentAlarmConfig(
                alarm_names=[alarm.alarm_name for alarm in self.rollback_alarms],
                behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
            ),
            health_check_grace_period=Duration.seconds(60),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )

    def _security_group(self, network: Network) -> ec2.SecurityGroup:
        """Out by TLS alone: to the model, Twilio, Stripe and AWS. In: what the edge adds."""
        group = ec2.SecurityGroup(
            self,
            "Walls",
            vpc=network.vpc,
            description="Bridge tasks",
            allow_all_outbound=False,
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "TLS")
        return group

    def _let_only_the_balancer_in(self, edge: Edge) -> None:
        edge.target_group.add_target(
            self.service.load_balancer_target(container_name="bridge", container_port=BRIDGE_PORT)
        )

    def _scale(self) -> None:
        """By the calls of the fullest task: the balancer keeps those that take calls level.

        Not by their average: a task that drains writes its zeros for half an hour, and would hide
        how full the others are.
        """
        bridge = self._stage.bridge
        tasks = self.service.auto_scale_task_count(
            min_capacity=bridge.min_tasks, max_capacity=bridge.max_tasks
        )
        tasks.scale_to_track_custom_metric(
            "Calls",
            metric=self._metric("ActiveCalls", "Maximum"),
            target_value=bridge.target_calls_a_task,
            scale_out_cooldown=Duration.seconds(30),
            scale_in_cooldown=Duration.seconds(600),
        )

    def _rollback_alarms(self, edge: Edge) -> list[cloudwatch.Alarm]:
        """What sends a new version back while it is being deployed. Nobody is paged by these."""
        refused = edge.target_group.metrics.http_code_target(
            elb.HttpCodeTarget.TARGET_5XX_COUNT, statistic="Sum", period=ROLLBACK
        )
        cut = self._metric("CallsEndedAbnormally", "Sum", ROLLBACK)
        return [
            self._rollback_alarm("Refused", "upgrades answered with 5xx", refused, 2),
            self._rollback_alarm("Cut", "calls ended abnormally", cut, 2),
        ]

    def _rollback_alarm(
        self, id: str, what: str, metric: cloudwatch.IMetric, threshold: int
    ) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            f"Rollback{id}",
            alarm_name=f"{self._stage.prefix}rollback-{id.lower()}",
            alarm_description=f"Rolls a deployment of the bridge back: {what}. Pages nobody.",
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Two in a quarter of an hour: at ten calls an hour they never meet in a minute.
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _metric(
        self, name: str, statistic: str, period: Duration | None = None
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={STAGE: self._stage.name},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )
