"""For every test: businesses of their own, hypothesis never judges by the clock, and what needs
Node waits for Node."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# Machines are small and shared: a slow example is not a wrong one.
settings.register_profile("callwright", deadline=None)
settings.load_profile("callwright")

HERE = Path(__file__).parent
# Processes that tests start inherit it. So a business of the repository may change, go or come.
os.environ["BUSINESSES_DIR"] = str(HERE / "businesses")
# CDK's Python is a shell around a Node process; importing it without Node fails.
NEEDS_NODE = (HERE / "infra", HERE / "e2e" / "test_emulator.py")


def pytest_configure(config: pytest.Config) -> None:
    """A large example is not a wrong one either; hypothesis warns where its repr would be long."""
    config.addinivalue_line("filterwarnings", "ignore:Generating overly large repr")


def _has_node() -> bool:
    return shutil.which("node") is not None and shutil.which("npm") is not None


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what cannot even be imported here; None lets the others decide."""
    return True if collection_path in NEEDS_NODE and not _has_node() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _has_node():
        names = ", ".join(str(path.relative_to(HERE.parent)) for path in NEEDS_NODE)
        terminalreporter.write_line(f"left out, for want of Node: {names}")
