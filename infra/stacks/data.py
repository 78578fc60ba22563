"""What must outlive everything else: the tables, and what owners published."""

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config import Stage
from infra.constructs.storage.business_files import BusinessFiles
from infra.constructs.storage.tables import Tables


class DataStack(Stack):
    """Exports `tables`, `business_files` and, where the stage wants one, its own `key`."""

    def __init__(self, scope: Construct, id: str, stage: Stage, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.key = _key(self) if stage.cmk else None
        self.tables = Tables(self, "Tables", stage, self.key).by_name
        self.business_files = BusinessFiles(self, "BusinessFiles", stage, self.key).bucket


def _key(stack: Stack) -> kms.Key:
    """One key for tables, exports and topics. What it encrypted is lost with it, so it stays."""
    key = kms.Key(
        stack,
        "Key",
        description="Callwright: tables, exports, alarm topics",
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    # Without this an alarm goes off and its encrypted topic says nothing.
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[
                iam.ServicePrincipal("cloudwatch.amazonaws.com"),
                iam.ServicePrincipal("events.amazonaws.com"),
            ],
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=["*"],  # in a key's policy: this key
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
    )
    return key
