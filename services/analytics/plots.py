"""The KPIs as pictures: one PNG for each question."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from services.analytics import chart
from services.analytics.chart import (
    BLUE,
    BUSINESS_COLOURS,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    YELLOW,
    Row,
)

Drawing = Callable[[duckdb.DuckDBPyConnection], Figure]

# Outcome -> the group it is shown in; whatever is missing here is "other".
GROUPS: Mapping[str, str] = {
    "booked": "booked",
    "transferred": "a person answered",
    "emergency_referred": "emergency",
    "quote_only": "quote only",
    "message_taken": "message",
    "abandoned": "abandoned",
    "failed": "failed",
    "spam": "not for us",
    "wrong_number": "not for us",
    "not_served": "not for us",
    "existing_job": "not for us",
}
GROUP_COLOURS: Mapping[str, str] = {
    "booked": GREEN,
    "quote only": SKY,
    "a person answered": BLUE,
    "message": PINK,
    "emergency": YELLOW,
    "abandoned": ORANGE,
    "failed": RED,
    "not for us": GREY,
    "other": PALE,
}
RESULT_COLOURS = {"answered": GREEN, "voicemail": SKY, "nobody": RED, "pending": GREY}


def draw_all(db: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Every picture into `folder`; the files written. What has no data is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in DRAWINGS.items():
        if not _rows(db, f"select 1 from {name} limit 1"):
            continue
        figure = draw(db)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=130)
        written.append(path)
    return written


def calls_by_day(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Calls by day and outcome", 1)
    counts: dict[str, dict[Any, int]] = {}
    days = [day for (day,) in _rows(db, "select distinct day from calls_daily order by 1")]
    for day, outcome, calls in _rows(
        db, "select day, outcome, cast(sum(calls) as bigint) from calls_daily group by 1, 2"
    ):
        group = counts.setdefault(GROUPS.get(outcome, "other"), {})
        group[day] = group.get(day, 0) + calls
    shown = {g: [counts[g].get(d, 0) for d in days] for g in GROUP_COLOURS if g in counts}
    chart.stack(axes, [chart.day_name(day) for day in days], shown, GROUP_COLOURS)
    axes.set_ylabel("calls")
    chart.thin_out(axes, days)
    chart.legend_beside(axes)
    return figure


def booking_funnel(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Bookable calls and what became of them", 2)
    steps = ("calls", "bookable", "quoted", "offered", "booked")
    sums = ", ".join(f"cast(sum({step}) as bigint)" for step in steps)
    (totals,) = _rows(db, f"select {sums} from booking_funnel")
    bars = left.barh(steps, totals, color=[GREY, SKY, BLUE, BLUE, GREEN])
    bookable = totals[1] or 1
    shares = [f"{n:,}" if i < 1 else f"{n:,}  ({n / bookable:.0%})" for i, n in enumerate(totals)]
    left.bar_label(bars, shares, padding=4)
    left.invert_yaxis()
    left.set_xlim(0, max(totals) * 1.25)
    chart.across(left)
    left.set_title("all weeks; share of the bookable", fontsize=10)
    left.set_xlabel("calls")
    by_week = _rows(
        db,
        "select business_id, week, sum(booked) / nullif(sum(bookable), 0) "
        "from booking_funnel group by 1, 2 order by 1, 2",
    )
    chart.lines_by_business(right, by_week)
    right.set_title("booking rate by week", fontsize=10)
    right.set_ylabel("booked / bookable")
    return figure


def quote_to_booking(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("From quote to booking", 2)
    rows = _rows(
        db, "select business_id, week, quote_to_booking from quote_to_booking order by 1, 2"
    )
    chart.lines_by_business(left, rows)
    left.set_ylabel("booked / quoted")
    left.set_title("share of quoted calls that booked", fontsize=10)
    money = _rows(
        db,
        "select week, cast(sum(quoted_cents) as bigint), cast(sum(booked_cents) as bigint) "
        "from quote_to_booking group by 1 order by 1",
    )
    series = {"first price given": [r[1] / 100 for r in money]}
    series["estimate of the job booked"] = [r[2] / 100 for r in money]
    chart.side_by_side(right, [chart.week_name(r[0]) for r in money], series, (SKY, GREEN))
    chart.dollars(right)
    right.set_title("value by week, all businesses", fontsize=10)
    right.legend(frameon=False, fontsize=8)
    return figure


def deposits(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Deposits, by the week of the booking", 2)
    chart.lines_by_business(
        left, _rows(db, "select business_id, week, paid_rate from deposits order by 1, 2")
    )
    left.set_ylabel("paid / asked")
    left.set_title("share paid", fontsize=10)
    rows = _rows(
        db, "select business_id, week, p50_minutes, p90_minutes from deposits order by 1, 2"
    )
    weeks = sorted({week for _, week, _, _ in rows})
    for number, name in enumerate(sorted({row[0] for row in rows})):
        found = {week: (p50, p90) for who, week, p50, p90 in rows if who == name}
        spans = [
            (n, *found[w]) for n, w in enumerate(weeks) if found.get(w, (None,))[0] is not None
        ]
        at = [n + (number - 1) * 0.18 for n, _, _ in spans]
        colour = BUSINESS_COLOURS[number % len(BUSINESS_COLOURS)]
        right.vlines(at, [p for _, p, _ in spans], [p for _, _, p in spans], color=colour, lw=3)
        right.plot(at, [p for _, p, _ in spans], "o", color=colour, label=name)
        right.plot(at, [p for _, _, p in spans], "_", color=colour, ms=12)
    right.set_xticks(range(len(weeks)), [chart.week_name(week) for week in weeks])
    chart.waiting_scale(right, max((row[3] or 0 for row in rows), default=0))
    right.set_ylabel("from booking to payment")
    right.set_title("time to pay: dot is the median, bar ends at p90", fontsize=10)
    right.legend(frameon=False, fontsize=8)
    return figure


def escalations(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Callers who needed a person, and whether one answered", 1)
    rows = _rows(
        db, "select reason, result, cast(sum(escalations) as bigint) from escalations group by 1, 2"
    )
    totals: dict[str, int] = {}
    for reason, _, count in rows:
        totals[reason] = totals.get(reason, 0) + count
    reasons = sorted(totals, key=lambda reason: (totals[reason], reason))[-12:]
    start = [0] * len(reasons)
    for result, colour in RESULT_COLOURS.items():
        counts = [
            sum(n for r, how, n in rows if (r, how) == (reason, result)) for reason in reasons
        ]
        if any(counts):
            axes.barh(reasons, counts, left=start, color=colour, label=result)
        start = [a + b for a, b in zip(start, counts, strict=True)]
    chart.across(axes)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("calls")
    axes.legend(frameon=False, loc="lower right")
    return figure


def latency(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Latency", 2)
    rows = _rows(
        db,
        "select week, p50_ms, p90_ms, p95_ms, p99_ms, samples from latency "
        "where what = 'answer' order by 1",
    )
    for at, (name, colour) in enumerate(
        (("p50", BLUE), ("p90", GREEN), ("p95", ORANGE), ("p99", RED)), start=1
    ):
        left.plot(
            [chart.week_name(r[0]) for r in rows],
            [r[at] for r in rows],
            "o-",
            color=colour,
            label=name,
        )
    left.set_ylim(bottom=0)
    left.set_ylabel("milliseconds")
    left.set_title("caller's last word to the agent's first sound", fontsize=10)
    left.legend(frameon=False, fontsize=8, ncols=4, loc="lower left")
    tools = _rows(
        db,
        "select what, p50_ms, p95_ms from latency where what <> 'answer' "
        "and week = (select max(week) from latency) order by p95_ms",
    )
    names = [row[0].replace("_", " ") for row in tools]
    right.barh(names, [row[2] for row in tools], color=SKY, label="p95")
    right.barh(names, [row[1] for row in tools], color=BLUE, label="p50", height=0.5)
    right.set_xlabel("milliseconds")
    chart.across(right)
    right.set_title("tools, newest week", fontsize=10)
    right.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def abandonment(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Where callers left with nothing come of it", 1)
    rows = _rows(
        db,
        "select stage, cast(sum(reached) as bigint), cast(sum(left_here) as bigint) "
        "from abandonment group by step, stage order by step",
    )
    stages = [row[0] for row in rows]
    axes.bar(stages, [row[1] for row in rows], color=SKY, label="calls that came this far")
    bars = axes.bar(stages, [row[2] for row in rows], color=ORANGE, label="left at this stage")
    axes.bar_label(
        bars,
        [f"{left:,}\n{left / reached:.1%}" if left else "" for _, reached, left in rows],
        padding=2,
        fontsize=9,
    )
    axes.set_ylabel("calls")
    axes.legend(frameon=False)
    return figure


def crew_utilisation(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Crew utilisation: hours held by jobs over opening hours", 1)
    rows = _rows(
        db,
        "select business_id || ' ' || crew, date_trunc('week', day), "
        "sum(held_hours) / nullif(sum(open_hours), 0) from crew_utilisation "
        "group by 1, 2 order by 1, 2",
    )
    weeks = sorted({week for _, week, _ in rows})
    series = {}
    for name in sorted({row[0] for row in rows}):
        found = {week: share for who, week, share in rows if who == name}
        series[name] = [found.get(week) or 0 for week in weeks]
    chart.side_by_side(axes, [chart.week_name(week) for week in weeks], series, BUSINESS_COLOURS)
    axes.axhline(1, color=GREY, lw=1, ls="--")
    axes.set_ylim(0, 1.1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylabel("held / open hours")
    chart.legend_beside(axes)
    return figure


def revenue(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Booked work and money received, by week", 2)
    for axes, column, title in (
        (left, "booked_cents", "estimates of the week's bookings still scheduled"),
        (right, "deposits_cents", "deposits received that week and still here"),
    ):
        rows = _rows(db, f"select business_id, week, {column} from revenue order by 1, 2")
        weeks = sorted({week for _, week, _ in rows})
        names = sorted({row[0] for row in rows})
        found = {(who, week): cents for who, week, cents in rows}
        stacked = {n: [found.get((n, week), 0) / 100 for week in weeks] for n in names}
        colours = dict(zip(names, BUSINESS_COLOURS, strict=False))
        chart.stack(axes, [chart.week_name(week) for week in weeks], stacked, colours)
        chart.dollars(axes)
        axes.set_title(title, fontsize=10)
    right.legend(frameon=False, fontsize=8)
    left.set_ylabel("US dollars")
    return figure


DRAWINGS: Mapping[str, Drawing] = {
    "calls_daily": calls_by_day,
    "booking_funnel": booking_funnel,
    "quote_to_booking": quote_to_booking,
    "deposits": deposits,
    "escalations": escalations,
    "latency": latency,
    "abandonment": abandonment,
    "crew_utilisation": crew_utilisation,
    "revenue": revenue,
}


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    return db.execute(sql).fetchall()
