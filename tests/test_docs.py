"""Every command in the docs is one that there is: its target, its variables and its options.

What needs an account is held to that alone; what is cheap is run.
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
_TARGETS = frozenset(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
_ARGUMENT = r"[A-Z0-9_]+=(?:\"[^\"]*\"|'[^']*'|[^\s`]+)|[a-z][a-z0-9-]*"
# At the start of a line or in backticks, up to a comment, a gap of three, or the end.
_COMMAND = re.compile(
    rf"(?:^\s*(?:\$ )?|`)(?:[A-Z_]+=\S+ )*make((?: {{1,2}}(?:{_ARGUMENT}))+)(?=\s*(?:#|`|$)|   )",
    re.MULTILINE,
)
_SETTING = re.compile(r"([A-Z0-9_]+)=(\"[^\"]*\"|'[^']*'|[^\s`]+)")
_MODULES = {
    "call": "simulator", "talk": "simulator", "up": "simulator", "smoke": "simulator",
    "tool": "simulator", "story": "operator", "calls": "operator", "analytics": "analytics",
}  # fmt: skip


def commands() -> list[tuple[str, str]]:
    return sorted(
        {
            (page.relative_to(ROOT).as_posix(), found[1].strip())
            for page in PAGES
            for found in _COMMAND.finditer(page.read_text("utf-8"))
        }
    )


@cache
def options(target: str) -> str:
    module = _MODULES[target]
    argv = [
        sys.executable,
        "-m",
        f"services.{module}",
        *([] if module == "analytics" else [target]),
    ]
    done = subprocess.run(
        [*argv, "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_the_docs_have_commands() -> None:
    assert len(commands()) > 40


@pytest.mark.parametrize(("page", "command"), commands())
def test_a_command_of_the_docs_is_one_that_there_is(page: str, command: str) -> None:
    settings = dict(_SETTING.findall(command))
    targets = _SETTING.sub("", command).split()
    assert targets, command
    for target in targets:
        assert target in _TARGETS, f"{page}: make {command}"
        for name in settings:
            known = f"$({name})" in MAKEFILE or f"{name}," in MAKEFILE or f"${name}" in MAKEFILE
            assert known, f"{page}: make {command}: nothing reads {name}"
        for option in re.findall(r"(?<!\S)--[a-z-]+", settings.get("ARGS", "").strip("\"'")):
            if target in _MODULES:
                assert option in options(target), f"{page}: make {command}"


def test_make_alone_lists_every_target_that_says_what_it_does() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True,
        timeout=30,
    ).stdout  # fmt: skip
    for target in re.findall(r"^([a-z0-9-]+):.*?## ", MAKEFILE, re.MULTILINE):
        assert re.search(rf"^  {target}\s", listed, re.MULTILINE), target


def test_a_list_and_a_call_in_text_mode_install_no_speech() -> None:
    for arguments, wanted in (("--list", False), ("--text --speed 8", False), ("--json", True)):
        dry = subprocess.run(
            ["make", "--no-print-directory", "-n", "call", f"ARGS={arguments}", "VENV=no-such"],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=30,
        ).stdout  # fmt: skip
        assert ("requirements/speech.txt" in dry) is wanted, arguments


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link
    if page.name == "changing.md":
        for path in re.findall(r"`((?:shared|services)/[\w/.]+)`", page.read_text("utf-8")):
            assert (ROOT / path).exists(), path
