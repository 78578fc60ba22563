"""The views analysts query: one SQL text for Athena and for DuckDB.

The texts are Athena's (Trino's) SQL; DuckDB is given the few functions it lacks
(services.analytics.duck). Each file's head says what a row is, then names every column with its
type and meaning: Athena must be told the types, and docs/analytics.md shows the rest.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shared.domain.business import Business
from shared.domain.calendar.hours import OpenHours
from shared.domain.calendar.yearly import rule_of
from shared.domain.fields import DAYS, Day

FOLDER = Path(__file__).parent
YEARS = range(2024, 2036)  # in which holidays of every year are told
CURRENT = "current"  # the partition of the newest export

ROWS = ("calls", "agent_turns", "jobs", "customers", "payments")  # each may use those before it
KPIS = (
    "calls_daily",
    "booking_funnel",
    "quote_to_booking",
    "deposits",
    "reminders",
    "visit_changes",
    "escalations",
    "emergencies",
    "callbacks",
    "latency",
    "abandonment",
    "crew_utilisation",
    "revenue",
)

_COLUMN = re.compile(r"-- (\w+) (varchar|bigint|double|boolean|date|timestamp): (.+)")


class BadView(Exception):
    """A view's file has no proper head; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str  # varchar, bigint, double, boolean, date or timestamp
    about: str


@dataclass(frozen=True, slots=True)
class View:
    name: str
    about: str
    columns: tuple[Column, ...]
    sql: str  # a SELECT

    @property
    def statement(self) -> str:
        """What creates it, in either engine."""
        return f"create or replace view {self.name} as\n{self.sql}"


def all_views(businesses: Mapping[str, Business]) -> list[View]:
    """Every view, each after those it uses."""
    return [*_business_views(businesses.values()), *(read(name) for name in ROWS + KPIS)]


def read(name: str) -> View:
    """The view of one file.

    Raises:
        BadView: its head is not a sentence and one line for each column.
    """
    return _view(name, (FOLDER / f"{name}.sql").read_text("utf-8"))


def exported(table: str) -> str:
    """The table of an export's raw rows, under the views."""
    return f"exported_{table}"


def _view(name: str, text: str) -> View:
    lines = text.splitlines()
    size = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    about, *heads = lines[:size] or [""]
    columns = []
    for head in heads:
        found = _COLUMN.fullmatch(head)
        if found is None:
            raise BadView(f"{name}.sql: not `-- column type: meaning`: {head}")
        columns.append(Column(*found.groups()))
    if not about or not columns:
        raise BadView(f"{name}.sql: no head")
    return View(name, about.removeprefix("-- "), tuple(columns), "\n".join(lines[size:]).strip())


# -- what the business files say, as views: the tables know nothing of it ------------------------


_HOURS = (
    "-- weekday bigint: 1 (Monday) to 7\n"
    "-- opens_minute bigint: minutes after local midnight\n"
    "-- closes_minute bigint: minutes after the same midnight; above 1440 the next day\n"
)


def _open(day: Day, hours: OpenHours) -> list[str]:
    return [_whole(DAYS.index(day) + 1), _whole(hours.opens), _whole(hours.closes)]


def _business_views(businesses: Iterable[Business]) -> list[View]:
    known = sorted(businesses, key=lambda business: business.id)
    return [
        _constant(
            "businesses",
            "The businesses this deployment answers for.",
            "-- business_id varchar: our id\n-- name varchar: its own name\n"
            "-- trade varchar: hvac, plumbing, electrical or its own word\n"
            "-- time_zone varchar: IANA name\n",
            [[_text(b.id), _text(b.name), _text(b.trade), _text(b.time_zone)] for b in known],
        ),
        _constant(
            "business_crews",
            "The crews of each business.",
            "-- business_id varchar: our id\n-- crew varchar: the crew's name\n"
            "-- own_hours boolean: it works by hours of its own, not by the business's\n",
            [
                [_text(b.id), _text(crew), str(b.crew_terms(crew).hours is not None).lower()]
                for b in known
                for crew in b.crews
            ],
        ),
        _constant(
            "business_crew_hours",
            "When a crew with hours of its own works, by day of the week.",
            "-- business_id varchar: our id\n-- crew varchar: the crew's name\n" + _HOURS,
            [
                [_text(b.id), _text(crew), *_open(day, hours)]
                for b in known
                for crew in b.crews
                for day, hours in (b.crew_terms(crew).hours or {}).items()
            ],
        ),
        _constant(
            "business_crew_days_off",
            "Days on which a crew does not work.",
            "-- business_id varchar: our id\n-- crew varchar: the crew's name\n"
            "-- day date: the local day\n",
            [
                [_text(b.id), _text(crew), f"date '{day.isoformat()}'"]
                for b in known
                for crew in b.crews
                for day in b.crew_terms(crew).days_off
            ],
        ),
        _constant(
            "business_services",
            "The lines of each rate card.",
            "-- business_id varchar: our id\n-- service_type varchar: its name\n"
            "-- trade varchar: the trade that does it\n"
            "-- held_hours bigint: for how long a crew is held for it\n",
            [
                [_text(b.id), _text(name), _text(str(work.trade)), _whole(work.hours)]
                for b in known
                for name in b.card.services
                for work in [b.work(name)]
            ],
        ),
        _constant(
            "business_hours",
            "When each business is open, by day of the week; a day that is not here is closed.",
            "-- business_id varchar: our id\n" + _HOURS,
            [[_text(b.id), *_open(day, hours)] for b in known for day, hours in b.hours.items()],
        ),
        _constant(
            "business_holidays",
            "Days on which a business is closed whatever the day of the week.",
            "-- business_id varchar: our id\n-- day date: the local day\n",
            [[_text(b.id), f"date '{day.isoformat()}'"] for b in known for day in _holidays(b)],
        ),
    ]


def _holidays(business: Business) -> list[date]:
    """Those of its list, and of its rules every one from the first year to the last of YEARS."""
    rules = [rule for text in business.yearly_holidays if (rule := rule_of(text))]
    yearly = (day for rule in rules for year in YEARS if (day := rule(year)))
    return sorted({*business.holidays, *yearly})


def _constant(name: str, about: str, heads: str, rows: Sequence[Sequence[str]]) -> View:
    """A view of literal rows; of no row, where there are none."""
    view = _view(name, f"-- {about}\n{heads}")
    names = ", ".join(column.name for column in view.columns)
    nothing = ", ".join(f"cast(null as {column.type})" for column in view.columns)
    values = ",\n  ".join(f"({', '.join(row)})" for row in rows or [[nothing]])
    only = "" if rows else f"\nwhere {view.columns[0].name} is not null"
    sql = f"select {names}\nfrom (values\n  {values}\n) as t ({names}){only}"
    return View(name, view.about, view.columns, sql)


def _text(value: str) -> str:
    return "cast('" + value.replace("'", "''") + "' as varchar)"


def _whole(value: int) -> str:
    return f"cast({value} as bigint)"
