"""The tables' daily exports: a locked bucket, a schedule for each table, a queue for failures."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import Stage
from infra.constructs.nag import accept

PREFIX = "exports"
HOUR_UTC = 8  # the small hours in all of the United States
EXPORT = "arn:aws:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime"
_WRITES = ("s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl")


class Exports(Construct):
    """`bucket` gets `exports/<table>/AWSDynamoDB/<export id>/…`; `failed` what never began."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        tables: Mapping[str, dynamodb.TableV2],
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, id)
        self.logs = _log_bucket(self, stage)
        self.bucket = locked_bucket(self, "Bucket", stage.export_days, self.logs, key)
        # L2's way to the same adds a function of CDK's own that may change any bucket.
        raw = self.bucket.node.default_child
        assert isinstance(raw, s3.CfnBucket)
        raw.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        self.failed = sqs.Queue(
            self,
            "Failed",
            queue_name=f"{stage.prefix}exports-failed",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        accept(self.failed, {"AwsSolutions-SQS3": "it is itself where failures end"})
        for minute, (name, table) in enumerate(sorted(tables.items())):
            self._daily(stage, name, table, key, minute)

    def _daily(
        self,
        stage: Stage,
        name: str,
        table: dynamodb.TableV2,
        key: kms.IKey | None,
        minute: int,
    ) -> None:
        role = self._role(name, table, key)
        schedule = scheduler.CfnSchedule(
            self,
            _title(name),
            name=f"{stage.prefix}export-{name.replace('_', '-')}",
            schedule_expression=f"cron({minute} {HOUR_UTC} * * ? *)",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=EXPORT,
                role_arn=role.role_arn,
                input=Stack.of(self).to_json_string(self._request(name, table, key)),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=5, maximum_event_age_in_seconds=3600
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=self.failed.queue_arn
                ),
            ),
        )
        schedule.node.add_dependency(role)

    def _request(self, name: str, table: dynamodb.TableV2, key: kms.IKey | None) -> dict[str, str]:
        sse = (
            {"S3SseAlgorithm": "KMS", "S3SseKmsKeyId": key.key_arn}
            if key
            else {"S3SseAlgorithm": "AES256"}
        )
        return {
            "TableArn": table.table_arn,
            "S3Bucket": self.bucket.bucket_name,
            "S3Prefix": f"{PREFIX}/{name}",
            "ExportFormat": "DYNAMODB_JSON",
            # Retries of one execution are one export.
            "ClientToken": "<aws.scheduler.execution-id>",
            **sse,
        }

    def _role(self, name: str, table: dynamodb.TableV2, key: kms.IKey | None) -> iam.Role:
        role = iam.Role(
            self,
            f"{_title(name)}Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            ),
        )
        own = f"{PREFIX}/{name}/*"
        allowed: list[tuple[tuple[str, ...], str]] = [
            (("dynamodb:ExportTableToPointInTime",), table.table_arn),
            (_WRITES, self.bucket.arn_for_objects(own)),
            (("sqs:SendMessage",), self.failed.queue_arn),
        ]
        if key is not None:
            uses = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
            allowed.append((uses, key.key_arn))
        for actions, resource in allowed:
            role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[resource]))
        accept_objects(role, self.bucket, own, "an export's files have names nobody can foretell")
        return role


def locked_bucket(
    scope: Construct, id: str, days: int, logs: s3.IBucket, key: kms.IKey | None
) -> s3.Bucket:
    """Private, encrypted, over TLS alone, versioned, logged; emptied after `days`."""
    return s3.Bucket(
        scope,
        id,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=True,
        server_access_logs_bucket=logs,
        server_access_logs_prefix=f"{id.lower()}/",
        lifecycle_rules=[
            s3.LifecycleRule(
                id="Expire",
                expiration=Duration.days(days),
                noncurrent_version_expiration=Duration.days(7),
                abort_incomplete_multipart_upload_after=Duration.days(2),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )


def accept_objects(scope: Construct, bucket: s3.Bucket, path: str, reason: str) -> None:
    """Explain a star that stands for the objects of one folder."""
    raw = bucket.node.default_child
    assert isinstance(raw, s3.CfnBucket)
    logical = Stack.of(bucket).get_logical_id(raw)
    accept(scope, {f"AwsSolutions-IAM5[Resource::<{logical}.Arn>/{path}]": reason})


def _log_bucket(scope: Construct, stage: Stage) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "Logs",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.S3_MANAGED,  # S3 writes its logs with no other
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=True,
        lifecycle_rules=[
            s3.LifecycleRule(
                id="Expire",
                expiration=Duration.days(stage.log_days),
                noncurrent_version_expiration=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    accept(bucket, {"AwsSolutions-S1": "the log of its own access would never end"})
    return bucket


def _title(name: str) -> str:
    return name.title().replace("_", "")
