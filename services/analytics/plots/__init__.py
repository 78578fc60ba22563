"""The KPIs as pictures: one PNG for each question."""

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
from matplotlib.figure import Figure

from services.analytics import chart
from services.analytics.plots import bookings, calls

Drawing = Callable[[duckdb.DuckDBPyConnection], Figure]

DRAWINGS: Mapping[str, Drawing] = {
    "calls_daily": calls.calls_by_day,
    "booking_funnel": bookings.booking_funnel,
    "quote_to_booking": bookings.quote_to_booking,
    "deposits": bookings.deposits,
    "escalations": calls.escalations,
    "latency": calls.latency,
    "abandonment": calls.abandonment,
    "crew_utilisation": bookings.crew_utilisation,
    "revenue": bookings.revenue,
}


def draw_all(db: duckdb.DuckDBPyConnection, folder: Path, *, sample: bool = False) -> list[Path]:
    """Every picture into `folder`; the files written. What has no data is left out.

    Pictures of a `sample` say so, each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in DRAWINGS.items():
        if not chart.rows(db, f"select 1 from {name} limit 1"):
            continue
        figure = draw(db)
        if sample:
            figure.text(0.005, 0.985, "made-up calls", color=chart.RED, va="top", weight="bold")
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=130)
        written.append(path)
    return written
