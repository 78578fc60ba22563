"""What analysts query: daily exports, their catalog with the KPI views, and an Athena workgroup."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Aws, CfnOutput, Duration, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from infra.config import Stage
from infra.constructs.compute.bundling import CodeOf
from infra.constructs.compute.python_function import PythonFunction
from infra.constructs.nag import accept
from infra.constructs.storage.catalog import Catalog
from infra.constructs.storage.exports import PREFIX, Exports, accept_objects, locked_bucket
from services.analytics.views import exported
from shared import schema
from shared.businesses import all_businesses

MANIFEST = "manifest-summary.json"
RESULT_DAYS = 30
SCAN_CAP_GIB = 10  # of one query: five cents at most


class AnalyticsStack(Stack):
    """Exports `exports`, `catalog`, `index_export`, `workgroup`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        *,
        tables: Mapping[str, dynamodb.TableV2],
        key: kms.IKey | None,
        code: CodeOf,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.exports = Exports(self, "Exports", stage, tables, key)
        self.catalog = Catalog(self, "Catalog", stage, self.exports.bucket, all_businesses())
        self.index_export = self._index_export(stage, key, code)
        self.results = locked_bucket(self, "Results", RESULT_DAYS, self.exports.logs, key)
        self.workgroup = self._workgroup(stage, key)
        self.analysts = self._analysts(stage, key)
        self._outputs()

    def _index_export(self, stage: Stage, key: kms.IKey | None, code: CodeOf) -> PythonFunction:
        function = PythonFunction(
            self,
            "IndexExport",
            stage,
            "index_export",
            code=code,
            environment={"STAGE": stage.name, "GLUE_DATABASE": self.catalog.name},
            memory_mib=256,
            timeout_s=30,
        )
        self._may_index(function.role, key)
        lambda_.EventInvokeConfig(
            self,
            "Retries",
            function=function.alias,
            retry_attempts=2,
            max_event_age=Duration.hours(1),
            on_failure=destinations.SqsDestination(self.exports.failed),
        )
        self._index_what_is_complete(stage, function)
        return function

    def _index_what_is_complete(self, stage: Stage, function: PythonFunction) -> None:
        """An export's last file is its manifest; only then is there something to index."""
        events.Rule(
            self,
            "Exported",
            rule_name=f"{stage.prefix}exported",
            description="An export is complete once its manifest is there",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self.exports.bucket.bucket_name]},
                    "object": {"key": [{"wildcard": f"{PREFIX}/*/{MANIFEST}"}]},
                },
            ),
            targets=[
                targets.LambdaFunction(
                    function.alias,
                    dead_letter_queue=self.exports.failed,
                    max_event_age=Duration.hours(1),
                )
            ],
        )

    def _may_index(self, role: iam.Role, key: kms.IKey | None) -> None:
        manifests = f"{PREFIX}/*/{MANIFEST}"
        arns = [f"arn:{Aws.PARTITION}:glue:{self.region}:{self.account}:catalog"]
        arns.append(self._glue("database", self.catalog.name))
        arns += [
            self._glue("table", f"{self.catalog.name}/{exported(table)}") for table in schema.TABLES
        ]
        reads = ["glue:GetPartition", "glue:GetTable"]
        writes = ["glue:BatchUpdatePartition", "glue:CreatePartition", "glue:UpdatePartition"]
        statements = [
            (["s3:GetObject"], [self.exports.bucket.arn_for_objects(manifests)]),
            (reads + writes, arns),
            (["sqs:SendMessage"], [self.exports.failed.queue_arn]),
        ]
        if key is not None:
            statements.append((["kms:Decrypt"], [key.key_arn]))
        for actions, resources in statements:
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        accept_objects(role, self.exports.bucket, manifests, "export ids are random")

    def _glue(self, kind: str, name: str) -> str:
        return f"arn:{Aws.PARTITION}:glue:{self.region}:{self.account}:{kind}/{name}"

    def _workgroup(self, stage: Stage, key: kms.IKey | None) -> athena.CfnWorkGroup:
        encryption = athena.CfnWorkGroup.EncryptionConfigurationProperty(
            encryption_option="SSE_KMS" if key else "SSE_S3", kms_key=key.key_arn if key else None
        )
        return athena.CfnWorkGroup(
            self,
            "Analysts",
            name=stage.prefix + "analysts",
            description="KPI views over the newest export; see docs/analytics.md",
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                # What a query's own settings say does not count.
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=SCAN_CAP_GIB * 1024**3,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{self.results.bucket_name}/results/",
                    encryption_configuration=encryption,
                    expected_bucket_owner=self.account,
                ),
            ),
        )

    def _analysts(self, stage: Stage, key: kms.IKey | None) -> iam.ManagedPolicy:
        """What an analyst may do, and no more: to be attached to whoever is one."""
        exported_objects = f"{PREFIX}/*"
        catalog = [f"arn:{Aws.PARTITION}:glue:{self.region}:{self.account}:catalog"]
        catalog.append(self._glue("database", self.catalog.name))
        catalog.append(self._glue("table", f"{self.catalog.name}/*"))
        workgroup = f"arn:{Aws.PARTITION}:athena:{self.region}:{self.account}:workgroup"
        runs = ["StartQueryExecution", "GetQueryExecution", "GetQueryResults", "StopQueryExecution"]
        reads = ["GetDatabase", "GetTable", "GetTables", "GetPartition", "GetPartitions"]
        buckets = [self.exports.bucket, self.results]
        statements = [
            ([f"athena:{run}" for run in runs], [f"{workgroup}/{self.workgroup.name}"]),
            ([f"glue:{read}" for read in reads], catalog),
            (["s3:ListBucket", "s3:GetBucketLocation"], [each.bucket_arn for each in buckets]),
            (["s3:GetObject"], [self.exports.bucket.arn_for_objects(exported_objects)]),
            (["s3:GetObject", "s3:PutObject"], [self.results.arn_for_objects("results/*")]),
        ]
        if key is not None:
            statements.append((["kms:Decrypt", "kms:GenerateDataKey"], [key.key_arn]))
        policy = iam.ManagedPolicy(
            self,
            "AnalystPolicy",
            managed_policy_name=f"{stage.prefix}analyst",
            description="Callwright: query the exports in the analysts' workgroup",
            statements=[
                iam.PolicyStatement(actions=actions, resources=resources)
                for actions, resources in statements
            ],
        )
        where = f"{stage.region or '<AWS::Region>'}:{stage.account or '<AWS::AccountId>'}"
        glue = f"arn:<AWS::Partition>:glue:{where}:table"
        tables = f"AwsSolutions-IAM5[Resource::{glue}/{self.catalog.name}/*]"
        accept(policy, {tables: "the tables and views of this database"})
        accept_objects(
            policy, self.exports.bucket, exported_objects, "the exports, by their folder"
        )
        accept_objects(policy, self.results, "results/*", "what queries wrote")
        return policy

    def _outputs(self) -> None:
        for name, value in (
            ("ExportBucket", self.exports.bucket.bucket_name),
            ("Workgroup", self.workgroup.name),
            ("GlueDatabase", self.catalog.name),
            ("AnalystPolicy", self.analysts.managed_policy_arn),
        ):
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)
