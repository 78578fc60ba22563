"""Over 500 calls, written through the actions and adapters: the views' numbers, counted again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from services.analytics import duck, exports, local, sample
from services.analytics.__main__ import main
from services.analytics.plots import DRAWINGS
from services.analytics.views import KPIS
from shared import schema
from shared.businesses import all_businesses
from shared.domain.models import JobStatus, Outcome
from tests.e2e import kpis_by_hand as by_hand

pytestmark = pytest.mark.stack

PREFIX = "kpis-"
AT = datetime(2025, 11, 5, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Four weeks of calls: in running tables, as plain rows, and as views over an export."""

    url: str
    items: by_hand.Items
    shop: by_hand.Shop
    db: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("export")
    with local.ministack() as url:
        client = local.dynamodb(url)
        local.make_tables(client, PREFIX)
        sample.write(sample.tables(client, PREFIX), all_businesses())
        items = {table: list(local.items(client, PREFIX, table)) for table in schema.TABLES}
        for table, found in items.items():
            exports.write(folder, table, found, at=AT)
        db = duck.open_views(exports.find(folder), all_businesses())
        yield Weeks(url, items, by_hand.shop_of(items, all_businesses()), db)


@pytest.mark.parametrize("kpi", KPIS)
def test_every_number_of_a_view_is_what_the_rows_give_counted_by_hand(
    weeks: Weeks, kpi: str
) -> None:
    said = weeks.db.execute(f"select * from {kpi}").fetchall()
    counted = list(by_hand.BY_HAND[kpi](weeks.shop))

    assert said
    assert Counter(said) == Counter(counted)


def test_the_weeks_hold_over_500_calls_of_every_outcome(weeks: Weeks) -> None:
    calls = weeks.shop.calls

    assert len(calls) >= 500
    assert {call.outcome for call in calls} == {*Outcome, None}
    assert {call.business_id for call in calls} == set(all_businesses())
    assert all(payment.amount for payment in weeks.shop.payments.values())
    assert {job.status for job in weeks.shop.jobs.values()} == set(JobStatus)


def test_smoke_calls_are_in_the_tables_and_in_no_view(weeks: Weeks) -> None:
    marked = {
        table: sum(
            "BOOL" in item.get("synthetic", {}) and item["synthetic"]["BOOL"] for item in rows
        )
        for table, rows in weeks.items.items()
    }
    assert marked[schema.CALLS] == sample.SMOKE_CALLS * len(all_businesses())
    assert marked[schema.JOBS]
    assert marked[schema.AGENT_TURNS]

    smoke = {
        item["call_sid"]["S"]
        for item in weeks.items[schema.CALLS]
        if item.get("synthetic", {}).get("BOOL")
    }
    for view in ("calls", "agent_turns", "jobs"):
        seen = {sid for (sid,) in weeks.db.execute(f"select call_sid from {view}").fetchall()}
        assert seen
        assert not seen & smoke


def test_locks_and_follow_ups_are_no_rows_of_the_views(weeks: Weeks) -> None:
    (jobs,) = weeks.db.execute("select count(*) from jobs").fetchone() or (0,)

    assert jobs == len(weeks.shop.jobs)
    assert len(weeks.items[schema.JOBS]) > 3 * jobs  # each with its locks


def test_the_command_reads_a_running_stack(
    weeks: Weeks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--endpoint", weeks.url, "--prefix", PREFIX, "--out", str(tmp_path)]) == 0

    shown = capsys.readouterr().out
    assert "Calls by outcome" in shown
    assert "coolcare_hvac" in shown
    pictures = {path.stem for path in (tmp_path / "plots").glob("*.png")}
    assert pictures == set(DRAWINGS)
    assert all(path.stat().st_size > 10_000 for path in (tmp_path / "plots").glob("*.png"))

    dumped = tmp_path / "export" / PREFIX.strip("-")
    question = "select count(*) as calls from calls"
    assert main(["--export", str(dumped), "--sql", question]) == 0
    assert f"{len(weeks.shop.calls)}" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_calls(weeks: Weeks) -> None:
    """The first three calls of a business, once more, in tables of their own."""
    client = local.dynamodb(weeks.url)
    found = []
    for prefix in ("again-1-", "again-2-"):
        local.make_tables(client, prefix)
        ports = sample.tables(client, prefix)
        sample.write(ports, {"coolcare_hvac": all_businesses()["coolcare_hvac"]}, calls=3)
        found.append(
            {table: _by_key(local.items(client, prefix, table)) for table in schema.TABLES}
        )

    assert found[0][schema.CALLS]
    assert found[0] == found[1]


def _by_key(items: Iterator[dict[str, object]]) -> dict[tuple[str, str], dict[str, object]]:
    # What DynamoDB forgets by itself is remembered by the real clock.
    rows = (item for item in items if item[schema.SK] != {"S": "OUTBOX"})  # and told by it, too
    kept = [{name: v for name, v in item.items() if name != schema.TTL} for item in rows]
    return {(str(item[schema.PK]), str(item[schema.SK])): item for item in kept}
