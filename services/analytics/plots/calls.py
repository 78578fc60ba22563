"""The calls as pictures: how many, who needed a person, how quick, where callers left."""

from collections.abc import Mapping
from typing import Any

import duckdb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from services.analytics import chart
from services.analytics.chart import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    YELLOW,
)

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


def calls_by_day(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Calls by day and outcome", 1)
    counts: dict[str, dict[Any, int]] = {}
    days = [day for (day,) in chart.rows(db, "select distinct day from calls_daily order by 1")]
    for day, outcome, calls in chart.rows(
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


def escalations(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Callers who needed a person, and whether one answered", 1)
    rows = chart.rows(
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
    chart.legend(axes, frameon=False, loc="lower right")
    return figure


def latency(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (left, right) = chart.figure("Latency", 2)
    rows = chart.rows(
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
    chart.legend(left, frameon=False, fontsize=8, ncols=4, loc="lower left")
    tools = chart.rows(
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
    chart.legend(right, frameon=False, fontsize=8, loc="lower right")
    return figure


def abandonment(db: duckdb.DuckDBPyConnection) -> Figure:
    figure, (axes,) = chart.figure("Where callers hung up, with nothing booked or settled", 1)
    rows = chart.rows(
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
    axes.set_xlabel("who came no further and did not hang up got a person, an answer or a message")
    chart.legend(axes, frameon=False)
    return figure
