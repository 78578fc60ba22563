"""Exports of a few rows, made by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from services.analytics import duck, exports
from shared import schema
from shared.adapters.dynamo.rows import pack, row_of
from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.domain.models import Call, Customer, Job, Payment, PaymentStatus, Turn
from shared.domain.money import Cents
from tests.examples import NOW

AT = datetime(2025, 9, 1, tzinfo=UTC)


def item(row: BaseModel) -> dict[str, Any]:
    """The row as its adapter writes it, typed."""
    match row:
        case Call():
            keys = {"pk": f"CALL#{row.call_sid}", "sk": "META"}
        case Turn():
            keys = {"pk": f"CALL#{row.call_sid}", "sk": f"T#{row.seq:06d}"}
        case Customer():
            keys = {"pk": f"BIZ#{row.business_id}#PHONE#{row.phone}", "sk": "META"}
        case Job():
            keys = {"pk": f"JOB#{row.job_id}", "sk": "META"}
        case Payment():
            keys = {"pk": f"PAY#{row.payment_id}", "sk": "META"}
        case _:
            raise TypeError(type(row).__name__)
    return pack(row_of(row) | keys)


def a_payment(payment_id: str = "pi_1", **changes: Any) -> Payment:
    fields: dict[str, Any] = {
        "payment_id": payment_id,
        "job_id": "job1",
        "business_id": "coolcare_hvac",
        "amount": Cents(20_600),
        "currency": "usd",
        "status": PaymentStatus.PAID,
        "event_id": "evt_1",
        "at": NOW,
    }
    return Payment.model_validate(fields | changes)


def exported(folder: Path, rows: Sequence[BaseModel | dict[str, Any]]) -> Path:
    """An export of `rows`, each in its table; a dict is an item of jobs."""
    tables: dict[str, list[dict[str, Any]]] = {table: [] for table in schema.TABLES}
    homes = {Call: schema.CALLS, Turn: schema.AGENT_TURNS, Customer: schema.CUSTOMERS}
    homes |= {Job: schema.JOBS, Payment: schema.PAYMENTS}
    for row in rows:
        if isinstance(row, dict):
            tables[schema.JOBS].append(row)
        else:
            tables[homes[type(row)]].append(item(row))
    for table, items in tables.items():
        exports.write(folder, table, items, at=AT)
    return folder


def views_over(
    folder: Path,
    *rows: BaseModel | dict[str, Any],
    businesses: Mapping[str, Business] | None = None,
) -> duckdb.DuckDBPyConnection:
    export = exports.find(exported(folder, rows))
    return duck.open_views(export, businesses or all_businesses())


def answer(db: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return db.execute(sql).fetchall()
