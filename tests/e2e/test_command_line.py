"""The command line as a user runs it: JSON alone on stdout, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.playing import ROOT, command, tool

QUOTE = {
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "is_after_hours": True,
}
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling. Gate code 1234; dog on site.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}


@pytest.mark.stack
def test_the_specifications_quote_has_its_figures() -> None:
    answer = tool("get_pricing_quote", QUOTE)
    wanted = {
        "service_call": 165,
        "estimated_repair": 825,
        "range": "$300-$800",
        "total_estimate": 825,
        "emergency_fee": 248,
        "message": "Here's your pricing estimate. Would you like to schedule an appointment?",
    }
    assert {name: answer.get(name) for name in wanted} == wanted


@pytest.mark.stack
def test_the_specifications_availability_has_its_three_slots() -> None:
    arguments = {"service_type": "repair", "is_emergency": True, "preferred_date": None}
    answer = tool("check_availability", arguments)
    slots = [(slot["datetime"], slot["display"]) for slot in answer["available_slots"]]
    assert slots == [
        ("2025-08-28T21:00:00-04:00", "Thu, Aug 28, 9:00 PM"),
        ("2025-08-29T08:00:00-04:00", "Fri, Aug 29, 8:00 AM"),
        ("2025-08-29T10:00:00-04:00", "Fri, Aug 29, 10:00 AM"),
    ]
    assert answer["message"] == "For emergency service, I can get you on today's schedule."


@pytest.mark.stack
def test_the_specifications_booking_has_a_checkout_and_its_deposit() -> None:
    answer = tool("book_appointment", BOOKING)
    assert answer["deposit_amount"] == 206
    assert answer["checkout_url"].startswith("http")


@pytest.mark.stack
def test_a_wrong_argument_gets_an_error_the_model_can_act_on() -> None:
    answer = tool("get_pricing_quote", {"service_type": 7})
    assert answer["error"] == "bad_arguments"
    assert answer["message"]


@pytest.mark.stack
def test_a_call_as_json_prints_one_object_and_nothing_else(tmp_path: Path) -> None:
    recording = tmp_path / "call.wav"
    done = command(
        "call", "--json", "--text", "--speed", "6", "--scenario", "price_only", "--wav",
        str(recording),
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["passed"] else 1), done.stderr
    assert report["passed"], report["expectations"]
    assert report["mode"] == "text"
    assert set(report["rows"]) == {"calls", "agent_turns", "customers", "jobs", "payments"}
    assert recording.stat().st_size > report["call"]["duration_ms"] * 8 * 4 - 10_000


@pytest.mark.stack
def test_an_interrupted_call_leaves_no_process_behind(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "services.simulator", "call", "--text", "--wav"]
    marked = {
        **os.environ,
        "LC_ALL": f"C.{tmp_path.name}",
    }  # children inherit it; we find them by it
    playing = subprocess.Popen(
        [*argv, str(tmp_path / "call.wav")],
        cwd=ROOT,
        env=marked,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert playing.stdout is not None
    for line in playing.stdout:
        if "rings" in line:
            break
    assert len(_marked(tmp_path.name)) > 3
    playing.send_signal(signal.SIGINT)
    playing.communicate(timeout=30)  # read to its end: a closed pipe would be an error of its own
    assert playing.returncode == 130
    deadline = time.monotonic() + 5
    while _marked(tmp_path.name) and time.monotonic() < deadline:
        pass
    assert _marked(tmp_path.name) == []


def _marked(name: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"C.{name}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["services.operator", "business", "check"], 1),
        (["services.media_bridge.try_tool", "--business", "x", "get_pricing_quote", "{}"], 2),
        (["services.analytics"], 1),
        (["infra.ops.doctor", "--stage", "dev"], 1),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_a_wrong_business_file_is_told_the_same_by_every_command(
    command: list[str], status: int, tmp_path: Path
) -> None:
    good = (ROOT / "tests" / "businesses" / "coolcare_hvac.toml").read_text("utf-8")
    wrong = good.replace("max_slots", "max_slot")
    (tmp_path / "coolcare_hvac.toml").write_text(wrong, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, "BUSINESSES_DIR": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    told = "coolcare_hvac.toml: line 11: max_slot is no field of a business file: did you mean"
    lines = [line for line in (done.stdout + done.stderr).splitlines() if told in line]
    assert len(lines) == 1
    assert "Traceback" not in done.stderr
