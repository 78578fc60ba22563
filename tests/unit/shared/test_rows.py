"""The columns analysts get are the models' own."""

import pytest

from shared import schema
from shared.adapters.dynamo.rows import pack, row_of
from shared.rows import Attribute, attributes, required
from tests.examples import a_call, a_customer, a_job, a_turn, an_escalation


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (schema.CALLS, a_call(escalation=an_escalation(), bookable=True, quote_total=82_500)),
        (schema.AGENT_TURNS, a_turn(latency_ms=700, tool="end_call")),
        (schema.CUSTOMERS, a_customer(email="sarah@example.com")),
        (schema.JOBS, a_job(notes=("Dog on site.",))),
    ],
)
def test_every_attribute_a_row_is_written_with_has_a_column_of_its_type(
    table: str, row: object
) -> None:
    columns = {a.name: a for a in attributes(table)}
    item = pack(row_of(row))  # type: ignore[arg-type]

    assert item.keys() <= columns.keys()
    for name, value in item.items():
        _same(columns[name], value)


def _same(column: Attribute, value: dict[str, object]) -> None:
    ((kind, raw),) = value.items()
    assert kind == column.kind, column.name
    if kind == "M":
        inside = {a.name: a for a in column.inside}
        for name, part in raw.items():  # type: ignore[attr-defined]
            _same(inside[name], part)
    if kind == "L":
        for part in raw:  # type: ignore[attr-defined]
            _same(column.inside[0], part)


def test_a_row_without_its_required_attributes_is_no_row() -> None:
    assert set(required(schema.CALLS)) >= {"call_sid", "business_id", "started_at"}
    assert "ended_at" not in required(schema.CALLS)
