"""The five tables, exactly as shared.schema names them."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config import Stage
from shared import schema


class Tables(Construct):
    """On demand with caps, point in time recovery, kept when the stack goes.

    `by_name` has a table for each of schema.TABLES. A table that a failed first deployment made
    goes with it: one that stayed, or could not be deleted, would stand in the way of the second.
    """

    def __init__(
        self, scope: Construct, id: str, stage: Stage, key: kms.IKey | None = None
    ) -> None:
        super().__init__(scope, id)
        self.by_name: dict[str, dynamodb.TableV2] = {
            table: self._table(table, stage, key) for table in schema.TABLES
        }

    def _table(self, table: str, stage: Stage, key: kms.IKey | None) -> dynamodb.TableV2:
        encryption = (
            dynamodb.TableEncryptionV2.customer_managed_key(key)
            if key
            else dynamodb.TableEncryptionV2.aws_managed_key()
        )
        return dynamodb.TableV2(
            self,
            table.title().replace("_", ""),
            table_name=schema.table_name(stage.prefix, table),
            partition_key=_string(schema.PK),
            sort_key=_string(schema.SK),
            # A cap on what a runaway loop may cost.
            billing=dynamodb.Billing.on_demand(
                max_read_request_units=stage.max_read_units,
                max_write_request_units=stage.max_write_units,
            ),
            encryption=encryption,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True, recovery_period_in_days=35
            ),
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            time_to_live_attribute=schema.TTL,
            contributor_insights_specification=dynamodb.ContributorInsightsSpecification(
                enabled=True, mode=dynamodb.ContributorInsightsMode.THROTTLED_KEYS
            ),
            global_secondary_indexes=_indexes(table, stage),
        )


def _indexes(table: str, stage: Stage) -> list[dynamodb.GlobalSecondaryIndexPropsV2]:
    index = schema.INDEXES.get(table)
    if index is None:
        return []
    return [
        dynamodb.GlobalSecondaryIndexPropsV2(
            index_name=index,
            partition_key=_string(schema.GSI_PK),
            sort_key=_string(schema.GSI_SK),
            max_read_request_units=stage.max_read_units,
            max_write_request_units=stage.max_write_units,
        )
    ]


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
