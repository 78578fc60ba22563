"""One SQL text for two engines: what Athena parses, DuckDB runs, with the types it declares.

docs/analytics.md shows the views as they are, and its questions run.
"""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from services.analytics.duck import FUNCTIONS
from services.analytics.views import KPIS, ROWS, BadView, View, _view, all_views
from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.domain.outcomes import CallStage
from shared.rows import attributes
from tests.examples import a_call, a_customer, a_job, a_turn
from tests.unit.services.analytics.hand_made import a_payment, answer, views_over

VIEWS = all_views(all_businesses())
PAGE = (Path(__file__).parents[4] / "docs" / "analytics.md").read_text("utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
DUCK_TYPES = {
    "varchar": "VARCHAR",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP_MS",
}
# Left out on purpose: wording and ids that say nothing to an analyst, and what is itself a filter.
NOT_SHOWN = {
    "calls": {
        *("disclosure", "disclosure_heard", "disclosure_heard_ms"),
        *("synthetic", "stream_sid", "refused_stream"),
        # Where the sound is: for whoever looks at one call.
        "attestation",
        # Told by the outcome; and who was on the line is about a single call.
        *("changed", "caller_kinds"),
        *("recording", "recording_sid", "recording_dropped", "recording_until"),
        *("business_version", "hazard_withdrawn"),
        *("alert_asked", "acknowledged_by"),  # phones of the staff
    },
    "agent_turns": {"item_id", "synthetic"},
    "customers": {"synthetic"},
    "jobs": {
        *("notes", "rate", "synthetic"),
        *("checkout_session_id", "checkout_number"),
        "to_be_confirmed",
    },
    "payments": {
        *("session_id", "payment_intent", "charge", "event_id"),
        *("received", "refunds", "refund_totals", "disputes", "not_owed"),  # what the rest is from
    },
}


def _ids(view: View) -> str:
    return view.name


@pytest.mark.parametrize("view", VIEWS, ids=_ids)
def test_athena_parses_every_view(view: View) -> None:
    parsed = sqlglot.parse_one(view.statement, read="athena")

    assert isinstance(parsed, exp.Create)
    assert parsed.args["kind"] == "VIEW"
    assert not list(parsed.find_all(exp.Command))


@pytest.mark.parametrize("view", VIEWS, ids=_ids)
def test_a_view_names_its_columns_in_the_order_of_its_head(view: View) -> None:
    query = sqlglot.parse_one(view.sql, read="athena")

    assert isinstance(query, exp.Query)
    assert query.named_selects == [column.name for column in view.columns]


@pytest.mark.parametrize("view", VIEWS, ids=_ids)
def test_a_function_athena_lacks_or_duckdb_calls_otherwise_is_in_the_prelude(view: View) -> None:
    """Whatever sqlglot does not know as standard must be one of the macros, or known to both."""
    known = {macro.split("(")[0].split()[-1] for macro in FUNCTIONS}
    both = {"day_of_week", "sequence"}
    used = {
        call.name.lower()
        for call in sqlglot.parse_one(view.sql, read="athena").find_all(exp.Anonymous)
    }

    assert used <= known | both
    # Over nothing but nulls Athena's is 0 and DuckDB's is null: count(*) filter (where ...).
    assert "count_if" not in view.sql


def test_duckdb_gives_each_column_the_type_that_athena_is_told(tmp_path: Path) -> None:
    db = views_over(tmp_path, a_call(), a_turn(), a_customer(), a_job(), a_payment())

    for view in VIEWS:
        found = [(name, kind) for name, kind, *_ in answer(db, f"describe {view.name}")]
        assert found == [(c.name, DUCK_TYPES[c.type]) for c in view.columns], view.name


@pytest.mark.parametrize("table", ROWS)
def test_every_field_of_a_row_is_in_its_view_or_left_out_on_purpose(table: str) -> None:
    sql = next(view.sql for view in VIEWS if view.name == table)
    fields = {a.name for a in attributes(table)} - {"pk", "sk"}
    shown = {name for name in fields if f".{name}." in sql or f'."{name}".' in sql}

    assert fields - shown == NOT_SHOWN[table] - {"synthetic"}


@pytest.mark.parametrize("table", ROWS)
def test_a_view_of_rows_reads_the_newest_export_and_leaves_smoke_calls_out(table: str) -> None:
    sql = next(view.sql for view in VIEWS if view.name == table)

    assert "snapshot_date = 'current'" in sql
    assert '.synthetic."bool"' in sql


def test_no_kpi_reads_an_export_past_the_views() -> None:
    for view in VIEWS:
        if view.name in KPIS:
            tables = {
                t.name for t in sqlglot.parse_one(view.sql, read="athena").find_all(exp.Table)
            }
            assert not {name for name in tables if name.startswith("exported_")}, view.name


def test_the_stages_of_abandonment_are_the_stages_of_a_call() -> None:
    sql = next(view.sql for view in VIEWS if view.name == "abandonment")

    assert ", ".join(f"({n}, '{stage}')" for n, stage in enumerate(CallStage, 1)) in sql


def test_a_quote_in_a_name_ends_no_string(tmp_path: Path) -> None:
    plain = all_businesses()["coolcare_hvac"]
    named = plain.model_copy(update={"name": "Bob's Heat'); drop view calls; --"})
    db = views_over(tmp_path, a_call(), businesses={plain.id: named})

    assert answer(db, "select name from businesses") == [(named.name,)]


def test_a_business_without_holidays_has_a_view_of_none(tmp_path: Path) -> None:
    plain = all_businesses()["coolcare_hvac"]
    always = {plain.id: plain.model_copy(update={"holidays": ()})}
    db = views_over(tmp_path, a_call(), businesses=always)

    assert answer(db, "select count(*) from business_holidays") == [(0,)]
    sqlglot.parse_one(_view_of("business_holidays", always).statement, read="athena")


def test_a_view_without_a_proper_head_is_refused() -> None:
    with pytest.raises(BadView, match=r"odd\.sql: no head"):
        _view("odd", "select 1")
    with pytest.raises(BadView, match=r"odd\.sql: not `-- column type: meaning`: -- x money: US"):
        _view("odd", "-- About.\n-- x money: US dollars\nselect 1 as x")


def _view_of(name: str, businesses: dict[str, Business]) -> View:
    return next(view for view in all_views(businesses) if view.name == name)


# -- the page that shows them --------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS, ids=_ids)
def test_the_page_shows_the_view_as_it_is(view: View) -> None:
    rows = [f"| {c.name} | {c.type} | {c.about} |" for c in view.columns]
    shown = "\n".join(
        [f"### {view.name}", "", view.about, "", "| column | type | meaning |", "|---|---|---|"]
    )

    assert "\n".join([shown, *rows]) in PAGE


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_questions_of_the_page_run_in_both_engines(tmp_path: Path, question: str) -> None:
    sqlglot.parse_one(question, read="athena")
    db = views_over(tmp_path, a_call(), a_job())
    answer(db, question)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= 8
