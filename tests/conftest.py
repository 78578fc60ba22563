"""For every test: businesses of their own, hypothesis never judges by the clock, what needs Node
waits for Node, and how workers share out the tests."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import workers

# Machines are small and shared: a slow example is not a wrong one.
settings.register_profile("callwright", deadline=None)
settings.load_profile("callwright")

HERE = Path(__file__).parent
# Processes that tests start inherit it. So a business of the repository may change, go or come.
os.environ["BUSINESSES_DIR"] = str(HERE / "businesses")
# Nor do tests use the stack that somebody has up.
os.environ["LOCAL_STACK_FILE"] = str(HERE / "no-local-stack.json")
# CDK's Python is a shell around a Node process; importing it without Node fails.
NEEDS_NODE = (HERE / "infra", HERE / "e2e" / "test_emulator.py")


def pytest_configure(config: pytest.Config) -> None:
    """A large example is not a wrong one either; hypothesis warns where its repr would be long."""
    config.addinivalue_line("filterwarnings", "ignore:Generating overly large repr")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files, and some folders, to one worker."""
    config.option.loadscopereorder = False  # else by the number of tests, not by their time
    scheduler = import_module("xdist.scheduler").LoadScopeScheduling(config, log)
    scheduler._split_scope = workers.unit_of
    return scheduler


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _is_worker(config):
        items[:] = workers.longest_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if not _is_worker(item.config):
        return (yield)
    with workers.turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _has_node() -> bool:
    return shutil.which("node") is not None and shutil.which("npm") is not None


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what cannot even be imported here; None lets the others decide."""
    return True if collection_path in NEEDS_NODE and not _has_node() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Figures that tests recorded, since nobody sees what a worker prints, and what is missing."""
    for kind in ("passed", "failed"):
        for report in terminalreporter.getreports(kind):
            for name, figures in report.user_properties if report.when == "call" else ():
                terminalreporter.write_line(f"{name}: {figures}")
    if not _has_node():
        names = ", ".join(str(path.relative_to(HERE.parent)) for path in NEEDS_NODE)
        terminalreporter.write_line(f"left out, for want of Node: {names}")
