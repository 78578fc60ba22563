"""What the code writes as metrics, read from its syntax: names, and with which dimension sets."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from services.media_bridge.call.tool_runner import METRIC_OF
from shared.schema import BUSINESS, METRICS, STAGE

ROOT = Path(__file__).parents[2]
CODE = ("shared", "functions", "services/media_bridge")
OF_STAGE, OF_BUSINESS = frozenset({STAGE}), frozenset({STAGE, BUSINESS})
Sets = dict[str, set[frozenset[str]]]

# These pass the business on: ToolContext.count (of itself, too), and the core's Measure, which a
# call does by CallMetrics.count, as it writes all of its own.
WITH_BUSINESS = ("context.count", "self.count", "Measure")
OF_A_CALL = ROOT / "services/media_bridge/call"
WRITERS = ("count", "Measure")


def emitted() -> Sets:
    """Metric -> the dimension sets it is written with."""
    found: Sets = defaultdict(set)
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            of_a_call = path.is_relative_to(OF_A_CALL)
            for name, business in _written(ast.parse(path.read_text(encoding="utf-8"))):
                found[name] |= {OF_STAGE, OF_BUSINESS} if business or of_a_call else {OF_STAGE}
    for name in METRIC_OF.values():  # tool_runner.py makes these names from the tools'
        found[name] |= {OF_STAGE, OF_BUSINESS}
    return found


def _written(module: ast.Module) -> Iterator[tuple[str, bool]]:
    """Names in the calls that write; of a call that takes its name from a variable, every metric
    the module names elsewhere."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and _writes(node)]
    direct = [(name, _with_business(call)) for call in calls for name in _names(call.args[0])]
    yield from direct
    by_variable = [call for call in calls if isinstance(call.args[0], ast.Name)]
    named = set(_names(module)) - {name for name, _ in direct}
    for call in by_variable:
        yield from ((name, _with_business(call)) for name in named)


def _writes(call: ast.Call) -> bool:
    return bool(call.args) and ast.unparse(call.func).split(".")[-1] in WRITERS


def _with_business(call: ast.Call) -> bool:
    by_keyword = any(keyword.arg == "business" for keyword in call.keywords)
    return by_keyword or ast.unparse(call.func).endswith(WITH_BUSINESS)


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in METRICS:
            yield str(part.value)
