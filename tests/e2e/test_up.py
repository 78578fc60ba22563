"""The stack that stays: what others do on it is there afterwards, and one call's story is told."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.playing import ROOT

pytestmark = pytest.mark.stack


@contextmanager
def up(file: Path, **environ: str) -> Iterator["subprocess.Popen[str]"]:
    """`make up` in text mode; it has printed its addresses when the block begins."""
    running = subprocess.Popen(
        [sys.executable, "-m", "services.simulator", "up", "--text"],
        cwd=ROOT, env={**os.environ, "LOCAL_STACK_FILE": str(file), **environ},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if "make analytics" in line:
                break
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)
        running.stdout.close()


def run(file: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**os.environ, "LOCAL_STACK_FILE": str(file)}, check=False,
    )  # fmt: skip


JOB = ("services.operator", "job")
JOBS = ("services.operator", "jobs", "--stage", "local")
APPLY = ("--stage", "local", "--apply")


CREW = "crew-1@coolcare.example"


def inviting(folder: Path) -> Path:
    """The examples, of which one mails its crew's calendar."""
    shutil.copytree(ROOT / "shared/businesses", folder, ignore=shutil.ignore_patterns("*.py"))
    with (folder / "coolcare_hvac.toml").open("a", encoding="utf-8") as own:
        own.write(f'\n[integrations.calendars.crew-1]\ninvite = ["{CREW}"]\n')
    return folder


def mailed(file: Path, to: str) -> str:
    """The first mail to that address, once the function that tells others has run."""
    control = json.loads(file.read_text())["control"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{control}/texts.json", timeout=5) as answer:
            found = [each["body"] for each in json.load(answer) if each["to"] == to]
        if found:
            return str(found[0])
        time.sleep(0.2)
    return ""


def test_a_call_on_the_stack_that_is_up_stays_and_its_story_is_told(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    wav = str(tmp_path / "call.wav")
    with up(file, BUSINESSES_DIR=str(inviting(tmp_path / "businesses"))) as running:
        played = run(file, "services.simulator", "call", "--speed", "10", "--json", "--wav", wav)
        report = json.loads(played.stdout)
        assert played.returncode == 0, report["expectations"]
        assert "CoolCare HVAC: new visit, Thu, Aug 28, 21:00 to 23:00." in mailed(file, CREW)
        sid = report["call"]["sid"]

        listed = run(file, "services.operator", "calls", "--stage", "local")
        assert sid in listed.stdout
        assert "…0000" in listed.stdout
        assert "+1555" not in listed.stdout

        story = run(file, "services.operator", "story", sid, "--stage", "local").stdout
        in_order = (
            "POST /incoming 200", "I'm the AI scheduling assistant", "get_pricing_quote",
            "quoted $825.00", "book_appointment", "to caller …0000", "ended: completed",
            "payment   $206.00 paid",
        )  # fmt: skip
        places = [story.find(each) for each in in_order]
        assert -1 not in places, story
        assert places == sorted(places), story
        for hidden in ("Sarah", "Miller", "Oak", "ode 1234", "+1555", "555-123"):
            assert hidden not in story
        open_story = run(file, "services.operator", "story", sid, "--stage", "local", "--unmasked")
        assert "Sarah Miller" in open_story.stdout

        asked = '{"service_type": "repair", "is_emergency": true, "preferred_date": null}'
        tool = run(file, "services.simulator", "tool", "check_availability", asked)
        assert "2025-08-28T21" not in tool.stdout  # the call took it

        day = run(file, *JOBS, "--day", "2025-08-28", "--business", "coolcare_hvac").stdout
        assert "21:00-23:00" in day
        assert "$206 paid" in day
        job_id = next(line.split()[4] for line in day.splitlines() if "21:00-23:00" in line)
        move = run(file, *JOB, "move", job_id, "2025-08-29T10:00", *APPLY).stdout
        assert "the deposit of $206 is paid and stays" in move
        assert "the customer was texted" in move
        week = ("crew-1", "2025-08-29", "2025-08-31", "van in the shop")
        block = ("services.operator", "block", *week, "--business", "coolcare_hvac", *APPLY)
        away = run(file, *block)
        assert away.returncode == 1
        assert f"in the way: job {job_id}" in away.stdout
        assert "nothing was written" in away.stderr
        off = run(file, *JOB, "cancel", job_id, *APPLY).stdout
        assert "canceled: its hours are free" in off
        away = run(file, *block)
        assert away.returncode == 0, away.stderr
        tool = run(file, "services.simulator", "tool", "check_availability", asked)
        assert "2025-08-29T" not in tool.stdout

        smoke = run(file, "services.simulator", "smoke", "--local")
        assert smoke.returncode == 0, smoke.stdout

        second = run(file, "services.simulator", "up", "--text")
        assert second.returncode == 2
        assert "up already" in second.stderr

        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0
    assert not file.exists()
    gone = run(file, "services.operator", "story", sid, "--stage", "local")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "make up" in gone.stderr


def test_a_business_without_texts_books_and_its_mail_is_shown(tmp_path: Path) -> None:
    mine = (ROOT / "tests" / "businesses" / "coolcare_hvac.toml").read_text("utf-8")
    off = '\ntexts = "off"\noffice_email = "office@coolcare.example"\n'
    folder = tmp_path / "businesses"
    folder.mkdir()
    (folder / "coolcare_hvac.toml").write_text(mine.replace("\n", off, 1))
    file, wav = tmp_path / "stack.json", str(tmp_path / "call.wav")
    with up(file, BUSINESSES_DIR=str(folder)):
        played = run(file, "services.simulator", "call", "--speed", "10", "--json", "--wav", wav)
        report = json.loads(played.stdout)
        said = [line["text"] for line in report["transcript"] if line["who"] == "agent"]
        assert any("the office will be in touch about it" in line for line in said)
        assert not any("text" in line.lower() for line in said)
        assert report["texts"] == []
        assert [job["status"] for job in report["rows"]["jobs"] if "status" in job] == ["scheduled"]
        with urllib.request.urlopen(f"{json.loads(file.read_text())['control']}/texts") as page:
            shown = page.read().decode()
        assert "mail office@coolcare.example" in shown
        assert "please call for the deposit of $206" in shown


def test_a_caller_is_forgotten_and_what_the_phone_network_kept_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    wav = str(tmp_path / "call.wav")
    with up(file):
        asked = (
            "services.simulator",
            "call",
            "--scenario",
            "price_only",
            "--speed",
            "10",
            "--json",
        )
        played = json.loads(run(file, *asked, "--wav", wav).stdout)
        sid, caller = played["call"]["sid"], played["call"]["from"]
        forget = ("services.operator", "forget", caller, "--stage", "local")

        shown = run(file, *forget)
        assert "to strip: 1 calls" in shown.stdout and "1 recordings" in shown.stdout
        assert "nothing was changed" in shown.stdout
        assert caller not in shown.stdout + shown.stderr
        done = run(file, *forget, "--apply")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Kept for the books" in done.stdout
        assert "nothing is kept" in run(file, *forget).stdout

        story = run(file, "services.operator", "story", sid, "--stage", "local", "--unmasked")
        assert story.returncode == 0 and caller not in story.stdout
        wrong = run(file, "services.operator", "forget", "+19375550190", "--stage", "local")
        assert wrong.returncode == 1 and "staff" in wrong.stderr
