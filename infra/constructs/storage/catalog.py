"""Glue's catalog of the exports: a table for each, and the views of services.analytics over them.

A view in Athena is an entry of the catalog whose text is base64 of JSON, as Athena's own CREATE
VIEW writes it; so the views are deployed, changed and removed with the stack.
"""

import base64
import json
from collections.abc import Mapping, Sequence

from aws_cdk import Aws
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import Stage
from infra.constructs.storage.exports import PREFIX
from services.analytics.views import Column, View, all_views, exported
from shared import schema
from shared.domain.business import Business
from shared.rows import Attribute, attributes

PARTITION = "snapshot_date"
_JSON = "org.openx.data.jsonserde.JsonSerDe"
_TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
# A view's types -> what Glue calls them, and what Athena does.
GLUE_TYPES = {
    "varchar": "string",
    "bigint": "bigint",
    "double": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
ATHENA_TYPES = {name: name for name in GLUE_TYPES} | {"timestamp": "timestamp(3)"}
COMMENT = 255  # characters Glue keeps of one


class Catalog(Construct):
    """`database` holds `exported_<table>` and every view."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        bucket: s3.Bucket,
        businesses: Mapping[str, Business],
    ) -> None:
        super().__init__(scope, id)
        self.name = f"callwright_{stage.name}"
        self.database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=self.name, description=f"Callwright {stage.name}: exports, and KPI views"
            ),
        )
        for table in schema.TABLES:
            self._add(f"Exported{_title(table)}", _exported(table, bucket))
        for view in all_views(businesses):
            self._add(_title(view.name), _view(view, self.name))

    def _add(self, id: str, table: glue.CfnTable.TableInputProperty) -> None:
        made = glue.CfnTable(
            self, id, catalog_id=Aws.ACCOUNT_ID, database_name=self.name, table_input=table
        )
        made.node.add_dependency(self.database)


def _exported(table: str, bucket: s3.Bucket) -> glue.CfnTable.TableInputProperty:
    """An export's lines as they are; only its partitions have a place with data."""
    return glue.CfnTable.TableInputProperty(
        name=exported(table),
        description=f"DynamoDB's exports of {table}; query the view {table} instead",
        table_type="EXTERNAL_TABLE",
        parameters={"EXTERNAL": "TRUE", "classification": "json", "compressionType": "gzip"},
        partition_keys=[
            glue.CfnTable.ColumnProperty(
                name=PARTITION, type="string", comment="UTC day of the export, or current"
            )
        ],
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            columns=[glue.CfnTable.ColumnProperty(name="item", type=struct(attributes(table)))],
            location=f"s3://{bucket.bucket_name}/{PREFIX}/{table}/",
            input_format=_TEXT_IN,
            output_format=_TEXT_OUT,
            compressed=True,
            serde_info=glue.CfnTable.SerdeInfoProperty(
                serialization_library=_JSON,
                # Keys are written as DynamoDB does (Item, S, BOOL) and asked for in small letters.
                parameters={"case.insensitive": "TRUE", "ignore.malformed.json": "FALSE"},
            ),
        ),
    )


def _view(view: View, database: str) -> glue.CfnTable.TableInputProperty:
    return glue.CfnTable.TableInputProperty(
        name=view.name,
        description=view.about,
        table_type="VIRTUAL_VIEW",
        parameters={"presto_view": "true", "comment": "Presto View"},
        view_original_text=encoded(view, database),
        view_expanded_text="/* Presto View */",
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            columns=[_column(column) for column in view.columns],
            location="",
            serde_info=glue.CfnTable.SerdeInfoProperty(name="-", serialization_library="-"),
        ),
    )


def encoded(view: View, database: str) -> str:
    """The view as Athena keeps it."""
    body = {
        "originalSql": view.sql,
        "catalog": "awsdatacatalog",
        "schema": database,
        "columns": [{"name": c.name, "type": ATHENA_TYPES[c.type]} for c in view.columns],
    }
    return f"/* Presto View: {base64.b64encode(json.dumps(body).encode()).decode()} */"


def struct(inside: Sequence[Attribute]) -> str:
    """Glue's type of a map of typed attributes: struct<pk:struct<s:string>,…>."""
    return f"struct<{','.join(f'{a.name}:{_typed(a)}' for a in inside)}>"


def _typed(attribute: Attribute) -> str:
    match attribute.kind:
        case "M":
            return f"struct<m:{struct(attribute.inside)}>"
        case "L":
            return f"struct<l:array<{_typed(attribute.inside[0])}>>"
        case "BOOL":
            return "struct<bool:boolean>"
    return f"struct<{attribute.kind.lower()}:string>"


def _column(column: Column) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(
        name=column.name, type=GLUE_TYPES[column.type], comment=column.about[:COMMENT]
    )


def _title(name: str) -> str:
    return name.title().replace("_", "")
