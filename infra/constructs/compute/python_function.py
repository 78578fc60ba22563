"""A Lambda from one folder of functions/: arm64, alias `live`, its own role and log group."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Stage
from infra.constructs import grants
from infra.constructs.compute.bundling import CodeOf
from infra.constructs.log_retention import retention
from infra.constructs.nag import accept

ALIAS = "live"
RUNTIME = lambda_.Runtime.PYTHON_3_13


class PythonFunction(Construct):
    """`function` behind `alias`; its `role` may write its own `log_group`, and what it is given."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        name: str,
        *,
        code: CodeOf,
        environment: Mapping[str, str],
        memory_mib: int = 1024,
        timeout_s: int = 10,
        snap_start: bool = False,
        reserved: int | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._stage = stage
        physical = stage.prefix + name.replace("_", "-")
        self.log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{physical}",
            retention=retention(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = self._function(
            physical,
            name,
            code=code(name),
            environment=dict(environment),
            memory_size=memory_mib,
            timeout=Duration.seconds(timeout_s),
            reserved_concurrent_executions=reserved,
            # What a restored snapshot would repeat (time, ids, clients, secrets) is made in the
            # handler, never at import.
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            # The versions before stay, so that a rollback is one word for the alias.
            current_version_options=lambda_.VersionOptions(
                removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
            ),
        )
        self.alias = lambda_.Alias(
            self, "Live", alias_name=ALIAS, version=self.function.current_version
        )
        accept(
            self.function,
            {
                "AwsSolutions-L1": "3.13 is what every test runs on; one constant to move",
                "@aws-cdk/aws-lambda:snapStartRequirePublish": "the alias names a version",
            },
        )

    def _function(self, physical: str, name: str, **sizes: Any) -> lambda_.Function:
        return lambda_.Function(
            self,
            "Function",
            function_name=physical,
            description=f"Callwright {self._stage.name}: functions/{name}",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"functions.{name}.handler.lambda_handler",
            role=self.role.without_policy_updates(),
            log_group=self.log_group,
            # The text format drops every field of `extra`: why, path, kind, call_sid.
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            **sizes,
        )

    def allow_tables(
        self,
        uses: grants.Actions,
        tables: Mapping[str, dynamodb.TableV2],
        key: kms.IKey | None,
    ) -> None:
        grants.allow_tables(self.role, uses, tables, key)

    def allow_secrets(self, names: Sequence[str]) -> None:
        grants.allow_secrets(self.role, self._stage, names)
