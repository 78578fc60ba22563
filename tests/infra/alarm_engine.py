"""CloudWatch's judgement of alarms, over the EMF lines our processes wrote.

What it knows is what AWS documents: sliding windows that end at each minute, statistics over raw
values, metric math, M out of N, and missing data. Of the range CloudWatch looks at (a little more
than N periods) the newest real points count first; only what N still lacks is filled.
"""

import ast
import json
import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import schema

MINUTE_MS = 60_000
FURTHER = 2  # periods that CloudWatch looks back beyond N

Resources = Mapping[str, Mapping[str, Any]]
Dimensions = frozenset[tuple[str, str]]
Value = float | None
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
TOPIC = "AWS::SNS::Topic"

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_ARITHMETIC: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
}


class Values:
    """Raw values of each metric and dimension set."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._values: dict[tuple[str, Dimensions], list[tuple[int, float]]] = defaultdict(list)
        for line in lines:
            self._take(json.loads(line))

    def _take(self, record: Mapping[str, Any]) -> None:
        at = record["_aws"]["Timestamp"]
        for block in record["_aws"]["CloudWatchMetrics"]:
            if block["Namespace"] != schema.NAMESPACE:
                continue
            for names in block["Dimensions"]:
                dimensions = frozenset((name, record[name]) for name in names)
                for metric in block["Metrics"]:
                    self._values[metric["Name"], dimensions].append((at, record[metric["Name"]]))

    def statistic(self, metric: "Metric", end_ms: int) -> Value:
        """Of the period that ends at `end_ms`; None when nothing was written in it."""
        start_ms = end_ms - metric.period_ms
        found = self._values.get((metric.name, metric.dimensions), [])
        return statistic(metric.stat, [v for at, v in found if start_ms <= at < end_ms])


def statistic(stat: str, values: list[float]) -> Value:
    if not values:
        return None
    if stat.startswith("p"):
        # Between the two nearest, as CloudWatch's p95 of few samples is.
        place = (len(values) - 1) * float(stat[1:]) / 100
        ordered, low = sorted(values), math.floor(place)
        high = min(low + 1, len(values) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    return {
        "Sum": sum(values),
        "Average": sum(values) / len(values),
        "Maximum": max(values),
        "Minimum": min(values),
        "SampleCount": float(len(values)),
    }[stat]


def calculate(expression: str, values: Mapping[str, Value]) -> Value:
    """The value of metric math; None is a missing value, and makes missing what is made of it."""
    as_python = re.sub(r"\b(AND|OR)\b", lambda word: word.group().lower(), expression)
    return _value(ast.parse(as_python, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=sign, right=right):
            return _both(type(sign), _value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _both(type(sign), _value(left, values), _value(right, values))
        case ast.BoolOp(op=sign, values=parts):
            truths = [_value(part, values) for part in parts]
            if None in truths:
                return None
            return float(all(truths) if isinstance(sign, ast.And) else any(truths))
        case ast.Call(func=ast.Name(id="FILL"), args=[series, by]):
            value = _value(series, values)
            return _value(by, values) if value is None else value
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            truth = _value(condition, values)
            return None if truth is None else _value(then if truth else otherwise, values)
    raise NotImplementedError(ast.unparse(node))


def _both(sign: type, left: Value, right: Value) -> Value:
    if left is None or right is None or (sign is ast.Div and right == 0):
        return None  # CloudWatch has no point where it divided by zero
    return float(_ARITHMETIC[sign](left, right))


@dataclass(frozen=True)
class Metric:
    name: str
    namespace: str
    dimensions: Dimensions
    stat: str
    period_ms: int


@dataclass(frozen=True)
class Alarm:
    """One metric alarm of a template."""

    name: str
    properties: Mapping[str, Any]
    metrics: Mapping[str, Metric]
    expression: str

    @property
    def judged(self) -> bool:
        """Whether our own lines alone decide it: AWS's metrics and learnt bands are not here."""
        own = all(metric.namespace == schema.NAMESPACE for metric in self.metrics.values())
        return own and "ANOMALY_DETECTION_BAND" not in self.expression

    def goes_off(self, values: Values, now_ms: int) -> bool:
        """Whether it is in ALARM at a full minute."""
        wanted = self.properties["EvaluationPeriods"]
        newest = [self._point(values, now_ms, back) for back in range(wanted + FURTHER)]
        real = [point for point in newest if point is not None][:wanted]
        compare = _COMPARE[self.properties["ComparisonOperator"]]
        breaching = sum(compare(point, self.properties["Threshold"]) for point in real)
        if self.properties["TreatMissingData"] == "breaching":
            breaching += wanted - len(real)
        return bool(breaching >= self.properties.get("DatapointsToAlarm", wanted))

    def _point(self, values: Values, now_ms: int, back: int) -> Value:
        numbers = {
            id: values.statistic(metric, now_ms - back * metric.period_ms)
            for id, metric in self.metrics.items()
        }
        return calculate(self.expression, numbers)


class Watch:
    """The alarms of one template."""

    def __init__(self, resources: Resources) -> None:
        self.alarms = {
            id: read(resource["Properties"])
            for id, resource in resources.items()
            if resource["Type"] == ALARM
        }
        self._composites = [r["Properties"] for r in resources.values() if r["Type"] == COMPOSITE]
        watching = [r["Properties"] for r in resources.values() if r["Type"] in (ALARM, COMPOSITE)]
        page = {
            id
            for id, resource in resources.items()
            if resource["Type"] == TOPIC and resource["Properties"]["TopicName"].endswith("page")
        }
        # Names of what wakes somebody.
        self.pages = {
            each["AlarmName"]
            for each in watching
            if any(action.get("Ref") in page for action in each.get("AlarmActions", ()))
        }

    def gone_off(self, lines: Iterable[str], first_ms: int, last_ms: int) -> set[str]:
        """Names of what is in ALARM at any full minute between."""
        values, off = Values(lines), set()
        for now in range(-(-first_ms // MINUTE_MS) * MINUTE_MS, last_ms + 1, MINUTE_MS):
            here = {
                id
                for id, alarm in self.alarms.items()
                if alarm.judged and alarm.goes_off(values, now)
            }
            off |= {self.alarms[id].name for id in here}
            off |= {rule["AlarmName"] for rule in self._composites if here & children(rule)}
        return off


def children(composite: Mapping[str, Any]) -> set[str]:
    """Logical ids of the alarms in a rule that is ALARM(…) OR ALARM(…)."""
    parts = composite["AlarmRule"]["Fn::Join"][1]
    words = " ".join(part for part in parts if isinstance(part, str))
    assert set(re.findall(r"[A-Z]+", words)) <= {"ALARM", "OR"}, words
    return {part["Fn::GetAtt"][0] for part in parts if isinstance(part, dict)}


def read(properties: Mapping[str, Any]) -> Alarm:
    """An alarm's properties, with a single metric written as an expression of one name."""
    queries = properties.get("Metrics")
    if queries is None:
        return Alarm(properties["AlarmName"], properties, {"m": _metric(properties)}, "m")
    metrics = {
        query["Id"]: _metric({**query["MetricStat"]["Metric"], **query["MetricStat"]})
        for query in queries
        if "MetricStat" in query
    }
    (expression,) = [query["Expression"] for query in queries if "Expression" in query]
    return Alarm(properties["AlarmName"], properties, metrics, expression)


def _metric(of: Mapping[str, Any]) -> Metric:
    stat = of.get("Stat") or of.get("Statistic") or of["ExtendedStatistic"]
    return Metric(
        name=of["MetricName"],
        namespace=of["Namespace"],
        dimensions=frozenset((d["Name"], str(d["Value"])) for d in of.get("Dimensions", [])),
        stat=stat,
        period_ms=of["Period"] * 1000,
    )
