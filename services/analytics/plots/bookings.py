"""The bookings as pictures: the way to one, its deposit, the crews it keeps, what it brings."""

import duckdb
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from services.analytics import chart
from services.analytics.chart import (
    BLUE,
    BUSINESS_COLOURS,
    GREEN,
    GREY,
    SKY,
)


def booking_funnel(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Bookable calls and what became of them", 2)
    steps = ("calls", "bookable", "quoted", "offered", "booked")
    sums = ", ".join(f"cast(sum({step}) as bigint)" for step in steps)
    (totals,) = chart.rows(db, f"select {sums} from booking_funnel")
    bars = left.barh(steps, totals, color=[GREY, SKY, BLUE, BLUE, GREEN])
    bookable = totals[1] or 1
    shares = [f"{n:,}" if i < 1 else f"{n:,}  ({n / bookable:.0%})" for i, n in enumerate(totals)]
    left.bar_label(bars, shares, padding=4)
    left.invert_yaxis()
    left.set_xlim(0, max(totals) * 1.25)
    chart.across(left)
    left.set_title("all weeks; share of the bookable", fontsize=10)
    left.set_xlabel("calls")
    by_week = chart.rows(
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
    rows = chart.rows(
        db, "select business_id, week, quote_to_booking from quote_to_booking order by 1, 2"
    )
    chart.lines_by_business(left, rows)
    left.set_ylabel("booked / quoted")
    left.set_title("share of quoted calls that booked", fontsize=10)
    money = chart.rows(
        db,
        "select week, cast(sum(quoted_cents) as bigint), cast(sum(booked_cents) as bigint) "
        "from quote_to_booking group by 1 order by 1",
    )
    series = {"first price given": [r[1] / 100 for r in money]}
    series["estimate of the job booked"] = [r[2] / 100 for r in money]
    chart.side_by_side(right, [chart.week_name(r[0]) for r in money], series, (SKY, GREEN))
    chart.dollars(right)
    right.set_title("value by week, all businesses", fontsize=10)
    chart.legend(right, frameon=False, fontsize=8)
    return figure


def deposits(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Deposits, by the week of the booking", 2)
    chart.lines_by_business(
        left, chart.rows(db, "select business_id, week, paid_rate from deposits order by 1, 2")
    )
    left.set_ylabel("paid / asked")
    left.set_title("share paid", fontsize=10)
    rows = chart.rows(
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
    chart.legend(right, frameon=False, fontsize=8)
    return figure


def crew_utilisation(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Crew utilisation: hours held by jobs over hours of work", 1)
    rows = chart.rows(
        db,
        "select b.name || ' ' || crew, date_trunc('week', day), "
        "sum(held_hours) / nullif(sum(open_hours), 0) "
        "from crew_utilisation join businesses b using (business_id) "
        "group by 1, 2 order by 1, 2",
    )
    weeks = sorted({week for _, week, _ in rows})
    series = {}
    for name in sorted({row[0] for row in rows}):
        found = {week: share for who, week, share in rows if who == name}
        series[name] = [found.get(week) for week in weeks]
    names = [chart.week_name(week) for week in weeks]
    if len(series) > len(BUSINESS_COLOURS):
        chart.shares(axes, names, series)
        return figure
    bars = {name: [share or 0 for share in line] for name, line in series.items()}
    chart.side_by_side(axes, names, bars, BUSINESS_COLOURS)
    axes.axhline(1, color=GREY, lw=1, ls="--")
    axes.set_ylim(0, 1.1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylabel("held / open hours")
    chart.legend_beside(axes)
    return figure


def revenue(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Booked work and money received, by week", 2)
    for axes, column, title in (
        (left, "booked_cents", "estimates of the week's bookings that stand or are done"),
        (right, "deposits_cents", "deposits received that week and not paid back"),
    ):
        rows = chart.rows(db, f"select business_id, week, {column} from revenue order by 1, 2")
        weeks = sorted({week for _, week, _ in rows})
        names = sorted({row[0] for row in rows})
        found = {(who, week): cents for who, week, cents in rows}
        stacked = {n: [found.get((n, week), 0) / 100 for week in weeks] for n in names}
        colours = dict(zip(names, BUSINESS_COLOURS, strict=False))
        chart.stack(axes, [chart.week_name(week) for week in weeks], stacked, colours)
        chart.dollars(axes)
        axes.set_title(title, fontsize=10)
    chart.legend(right, frameon=False, fontsize=8)
    left.set_ylabel("US dollars")
    return figure
