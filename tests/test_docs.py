"""Every command in the docs is one that there is: its target, its variables and its options.

What needs an account is held to that alone; what is cheap is run.
"""

import os
import re
import shutil
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


# What runs the program behind each target. Of what takes an account, a test runs the program
# against stand-ins; of what takes minutes, a short piece.
RUN_BY = {
    "analytics": "e2e/test_kpis.py", "block": "e2e/test_up.py",
    "blocklist": "unit/services/operator/test_desk.py", "business": "e2e/test_publish.py",
    "call": "e2e/test_command_line.py", "callbacks": "unit/services/operator/test_desk.py",
    "calls": "e2e/test_up.py", "check": "test_house.py", "connect": "infra/ops/test_connect.py",
    "deploy": "infra/ops/test_deploy.py", "doctor": "infra/ops/test_doctor.py",
    "drills": "e2e/test_drills.py", "evals": "evals/test_conversation.py",
    "events": "unit/services/operator/test_events.py",
    "evals-file": "evals/test_command.py", "evals-own": "evals/test_command.py",
    "evals-public": "evals/test_command.py", "evals-scenarios": "evals/test_conversation.py",
    "forget": "e2e/test_up.py", "fuzz": "fuzz/test_webhooks.py", "help": "test_docs.py",
    "house": "test_house.py", "job": "e2e/test_up.py", "jobs": "e2e/test_up.py",
    "journals": "calls/test_replay.py", "mode": "unit/services/operator/test_desk.py",
    "office": "unit/services/operator/test_desk.py",
    "secrets": "infra/ops/test_secrets.py", "smoke": "e2e/test_smoke.py",
    "story": "e2e/test_up.py", "synth": "e2e/test_emulator.py", "talk": "e2e/test_talk.py",
    "test": "test_docs.py", "tool": "e2e/test_command_line.py", "up": "e2e/test_up.py",
}  # fmt: skip
# Measurements of minutes, whose figures no test judges: that they start is tried below.
MEASURE = {"bench": ("answer_path", "core_frame", "bridge"), "soak": ("soak",)}
NEEDS_ACCOUNT = ("aws ", "npx cdk bootstrap ")
_PROGRAM = re.compile(r"\s*(?:\$ )?((?:aws|npx|cdk|make|python3?|docker|git|curl|\.venv/\S+) .*)")


def fenced() -> list[tuple[Path, str]]:
    """Every line of the pages' blocks that begins with a program."""
    found = []
    for page in PAGES:
        # A fence opens and the next one closes: every second piece is inside.
        for block in re.split(r"^ *```", page.read_text("utf-8"), flags=re.MULTILINE)[1::2]:
            commands = filter(None, map(_PROGRAM.match, block.splitlines()))
            found += [(page, command[1]) for command in commands]
    return found


def test_every_program_in_a_block_is_known() -> None:
    known = {command for _, command in commands()}
    for page, line in fenced():
        if line.startswith("make "):
            assert re.split("   | # ", line[5:])[0].strip() in known, f"{page}: {line}"
        elif line.startswith(".venv/bin/python -m services.analytics "):
            for option in re.findall(r"(?<!\S)--[a-z-]+", line):
                assert option in options("analytics"), f"{page}: {line}"
        else:
            assert line.startswith(NEEDS_ACCOUNT), f"{page}: {line}: who runs this?"


def test_what_the_docs_name_is_run_by_a_test_or_needs_an_account_and_says_so() -> None:
    for page, command in commands():
        for target in _SETTING.sub("", command).split():
            if target not in MEASURE:
                assert target in RUN_BY, f"{page}: make {target}: which test runs it? RUN_BY says"
                assert (ROOT / "tests" / RUN_BY[target]).is_file(), f"{page}: make {command}"
    for path, line in fenced():
        stage = re.search(r"STAGE=(?!local)", line) and "synth" not in line
        if stage or line.startswith(NEEDS_ACCOUNT):
            assert "account" in path.read_text("utf-8").split(line)[0] + line, f"{path}: {line}"


@pytest.mark.parametrize("module", [name for names in MEASURE.values() for name in names])
def test_a_measurement_of_minutes_starts(module: str) -> None:
    argv = [sys.executable, "-m", f"tests.bench.{module}", "--help"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


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


def changed_as_told(page: str, tree: Path) -> None:
    """Make the changes of a page's `diff` blocks: lines with a + go below the others, which are
    in the file once; where there are no others the file is new."""
    for block in re.findall(r"^```diff\n--- (\S+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        name, lines = block[0], block[1].splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines)
        path = tree / name
        before = path.read_text("utf-8") if old else ""
        assert not old or before.count(old) == 1, f"{name}: {old}"
        path.write_text(before.replace(old, new) if old else new, "utf-8")


@pytest.mark.stack
def test_the_tool_of_the_example_is_added_as_told_used_and_passes_its_test(tmp_path: Path) -> None:
    for tree in ("shared", "services", "functions", "tests/unit/shared/tools"):
        shutil.copytree(ROOT / tree, tmp_path / tree, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (
        "pyproject.toml",
        *(f"tests/{name}.py" for name in ("examples", "fakes", "money")),
    ):
        shutil.copy(ROOT / file, tmp_path / file)
    page = (ROOT / "docs" / "changing.md").read_text("utf-8")
    changed_as_told(page, tmp_path)

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "LOCAL_STACK_FILE": str(tmp_path / "none.json")}
        return subprocess.run(
            [sys.executable, *argv], cwd=tmp_path, env=environ, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    told = re.search(r"make tool NAME=(\S+) JSON='(.*?)' *# (.*)", page)
    assert told
    used = run("-m", "services.simulator", "tool", told[1], told[2])
    assert (used.stdout.strip(), used.returncode) == (told[3], 0), used.stderr
    tested = run(
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        *(f"tests/unit/shared/tools/test_{each}.py" for each in ("area", "schemas")),
    )
    assert tested.returncode == 0, tested.stdout
