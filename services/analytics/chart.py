"""The parts that the KPI plots are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator, PercentFormatter

mpl.use("Agg")  # a file, never a window

Row = tuple[Any, ...]

# Colours that colour-blind readers can tell apart (Okabe and Ito).
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, RED, YELLOW, GREY, PALE = "#56B4E9", "#D55E00", "#F0E442", "#9A9A9A", "#D0D0D0"
BUSINESS_COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, RED)
# Minutes at which a scale of waiting times is marked.
_MARKS = (1, 5, 15, 60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)


def rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Return the answer to a question over the views, businesses by their names."""
    names = dict(db.execute("select business_id, name from businesses").fetchall())
    found = db.execute(sql).fetchall()
    return [
        tuple(names.get(cell, cell) if isinstance(cell, str) else cell for cell in row)
        for row in found
    ]


def figure(title: str, panels: int) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(11, 4.8), layout="constrained")
    figure.suptitle(title, fontsize=13, fontweight="bold")
    axes = [figure.add_subplot(1, panels, n + 1) for n in range(panels)]
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.grid(axis="y", color="#E6E6E6")
        each.set_axisbelow(True)
    return figure, axes


def legend(axes: Axes, **how: Any) -> None:
    """Name what is drawn; nothing is, where there are no calls yet."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**how)


def stack(
    axes: Axes, at: Sequence[str], series: Mapping[str, Sequence[float]], colours: Mapping[str, str]
) -> None:
    ground = [0.0] * len(at)
    for name, heights in series.items():
        axes.bar(at, heights, bottom=ground, color=colours.get(name, GREY), label=name)
        ground = [a + b for a, b in zip(ground, heights, strict=True)]


def side_by_side(
    axes: Axes, at: Sequence[str], series: Mapping[str, Sequence[float]], colours: Sequence[str]
) -> None:
    width = 0.8 / max(1, len(series))
    for number, (name, heights) in enumerate(series.items()):
        places = [n + (number - (len(series) - 1) / 2) * width for n in range(len(at))]
        axes.bar(places, heights, width, color=colours[number % len(colours)], label=name)
    axes.set_xticks(range(len(at)), list(at))


def shares(axes: Axes, at: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> None:
    """A row for each name, a field for each place: the darker, the higher. For more names than
    there are colours that can be told apart."""
    fields = [[each or 0.0 for each in line] for line in series.values()]
    axes.imshow(fields, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.grid(visible=False)
    axes.set_xticks(range(len(at)), list(at))
    axes.set_yticks(range(len(series)), list(series), fontsize=8)
    for row, line in enumerate(series.values()):
        for place, share in enumerate(line):
            shown = "off" if share is None else f"{share:.0%}"
            colour = "white" if (share or 0) > 0.6 else "black"
            axes.text(place, row, shown, ha="center", va="center", color=colour, fontsize=8)


def lines_by_business(axes: Axes, rows: Sequence[Row]) -> None:
    """Rows of business, week and share: a line for each business."""
    weeks = sorted({row[1] for row in rows})
    for number, name in enumerate(sorted({row[0] for row in rows})):
        found = {row[1]: row[2] for row in rows if row[0] == name}
        colour = BUSINESS_COLOURS[number % len(BUSINESS_COLOURS)]
        axes.plot(
            range(len(weeks)),
            [_or_gap(found.get(week)) for week in weeks],
            "o-",
            color=colour,
            label=name,
        )
    axes.set_xticks(range(len(weeks)), [week_name(week) for week in weeks])
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    legend(axes, frameon=False, fontsize=8, loc="lower right")


def thin_out(axes: Axes, days: Sequence[Any]) -> None:
    """A label for each Monday; for each day where there are few."""
    named = [n for n, day in enumerate(days) if len(days) < 10 or day.weekday() == 0]
    axes.set_xticks(named, [day_name(days[n]) for n in named])


def legend_beside(axes: Axes) -> None:
    legend(axes, frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))


def dollars(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda dollars, _: f"${dollars:,.0f}"))


def day_name(day: Any) -> str:
    return f"{day:%b} {day.day}\n{day.year}"


def week_name(week: Any) -> str:
    return f"week of\n{week:%b} {week.day}\n{week.year}"


def duration(minutes: float) -> str:
    if minutes < 60:
        return f"{minutes:g} min"
    return f"{minutes / 60:g} h" if minutes < 48 * 60 else f"{minutes / 60 / 24:g} days"


def _or_gap(share: float | None) -> float:
    return float("nan") if share is None else share


def waiting_scale(axes: Axes, longest: float) -> None:
    """A logarithmic scale of minutes, marked where people would mark it."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator(_MARKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda minutes, _: duration(minutes)))
    axes.set_ylim(1, max(60, longest) * 1.6)


def across(axes: Axes) -> None:
    """For bars that lie: the grid stands."""
    axes.grid(False)
    axes.grid(axis="x", color="#E6E6E6")
