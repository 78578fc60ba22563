"""The KPI tables as the terminal shows them: sums over the views, in whole dollars and percent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class KpiTable:
    """One table of the report: a question over the views."""

    title: str
    sql: str


TABLES = (
    KpiTable(
        "Calls by outcome",
        """select outcome, sum(calls) as calls, sum(calls) / sum(sum(calls)) over () as share,
                  sum(open_calls) as while_open
           from calls_daily group by outcome order by calls desc, outcome""",
    ),
    KpiTable(
        "Booking funnel, bookable calls only",
        """select business_id, case when business_hours then 'open' else 'closed' end as office,
                  sum(calls) as calls, sum(bookable) as bookable, sum(quoted) as quoted,
                  sum(offered) as offered, sum(booked) as booked,
                  sum(booked) / nullif(sum(bookable), 0) as booking_rate
           from booking_funnel group by business_id, business_hours order by 1, 2 desc""",
    ),
    KpiTable(
        "From quote to booking",
        """select business_id, sum(quoted) as quoted, sum(booked) as booked,
                  sum(booked) / sum(quoted) as quote_to_booking,
                  sum(quoted_cents) as quoted_cents, sum(booked_cents) as booked_cents
           from quote_to_booking group by business_id order by 1""",
    ),
    KpiTable(
        "Deposits, by the week of the booking",
        """select business_id, week, asked, paid, paid_rate, asked_cents, paid_cents,
                  p50_minutes, p90_minutes
           from deposits order by 1, 2""",
    ),
    KpiTable(
        "Escalations by reason and result",
        """select reason, sum(escalations) as calls,
                  sum(escalations) filter (result = 'answered') as answered,
                  sum(escalations) filter (result = 'voicemail') as voicemail,
                  sum(escalations) filter (result = 'nobody') as nobody,
                  sum(escalations) filter (result = 'pending') as never_rung
           from escalations group by reason order by 2 desc, 1 limit 15""",
    ),
    KpiTable(
        "Latency: the agent's answers by week, and the tools in the newest week",
        """select what, week, samples, p50_ms, p90_ms, p95_ms, p99_ms, slowest_ms
           from latency where what = 'answer' or week = (select max(week) from latency)
           order by what <> 'answer', what, week""",
    ),
    KpiTable(
        "Where callers hung up before anything was booked or settled",
        """select stage, sum(reached) as reached, sum(left_here) as left_here,
                  sum(left_here) / sum(reached) as left_rate
           from abandonment group by step, stage order by step""",
    ),
    KpiTable(
        "Crew utilisation, by week",
        """select business_id, crew, cast(date_trunc('week', day) as date) as week,
                  sum(open_hours) as open_hours, sum(held_hours) as held_hours,
                  sum(after_hours) as after_hours,
                  sum(held_hours) / nullif(sum(open_hours), 0) as utilisation
           from crew_utilisation group by 1, 2, 3 order by 1, 2, 3""",
    ),
    KpiTable(
        "Revenue, by week",
        """select business_id, week, jobs, booked_cents, completed_cents, lost_cents,
                  deposits_cents, owed_back_cents, refunded_cents
           from revenue order by 1, 2""",
    ),
)


def report(db: duckdb.DuckDBPyConnection) -> str:
    """Every table, ready to print."""
    return "\n".join(shown(db, table) for table in TABLES)


def shown(db: duckdb.DuckDBPyConnection, table: KpiTable) -> str:
    """One table: title, heads and rows, in columns."""
    names, rows = asked(db, table.sql)
    return f"{table.title}\n{laid_out(names, rows)}\n"


def asked(db: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one query."""
    found = db.execute(sql)
    names = [column[0] for column in found.description or ()]
    return names, found.fetchall()


def laid_out(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns side by side; figures to the right. Long results are cut, and say so."""
    if not rows:
        return "  (no rows)"
    cells = [[head(name) for name in names]]
    cells += [
        [cell(name, value) for name, value in zip(names, row, strict=True)]
        for row in rows[:MAX_ROWS]
    ]
    widths = [max(len(row[n]) for row in cells) for n in range(len(names))]
    right = [any(isinstance(row[n], int | float) for row in rows) for n in range(len(names))]
    lines = [_line(row, widths, right) for row in cells]
    lines.insert(1, "  " + "  ".join("-" * width for width in widths))
    if len(rows) > MAX_ROWS:
        lines.append(f"  ... and {len(rows) - MAX_ROWS} rows more")
    return "\n".join(lines)


def _line(cells: Iterable[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
    return ("  " + "  ".join(placed)).rstrip()


def head(name: str) -> str:
    """The head of a column, in words."""
    return name.removesuffix("_cents").replace("_", " ")


def cell(name: str, value: Any) -> str:
    """Cents as dollars, shares as percent; the name says which a figure is."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int() if name.endswith("_cents"):
            return f"${value / 100:,.0f}"
        case float() if "usd" in name.split("_"):
            return f"${value:,.2f}"
        case float() if name.endswith(("rate", "share", "utilisation", "quote_to_booking")):
            return f"{value:.1%}"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.1f}"
        case date():
            return value.isoformat()
    return str(value)
