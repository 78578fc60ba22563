"""The command that grades labelled files: what it prints, and what it says of wrong files."""

import json
from pathlib import Path

import pytest

from tests.evals.__main__ import main
from tests.evals.report import Row

NOW = "2026-05-12T15:40:00-04:00"
QUOTE: dict[str, object] = {
    "name": "get_pricing_quote",
    "args": {"service_type": "repair", "is_after_hours": False},
    "result": {
        "service_call": 165,
        "estimated_repair": 550,
        "range": "$300-$800",
        "total_estimate": 550,
        "emergency_fee": 0,
    },
}
SUPPORTED: dict[str, object] = {
    "id": "S-1",
    "now": NOW,
    "tools": [QUOTE],
    "caller_last": "What's it cost to come out?",
    "said": "Coming out is one sixty-five.",
    "expected": "supported",
    "kind": "money",
}
UNSUPPORTED = SUPPORTED | {"id": "S-2", "said": "It's $99 to come out.", "expected": "unsupported"}
FILES: dict[str, list[dict[str, object]]] = {
    "danger": [{"text": "I smell gas", "expected": "gas_leak", "also_ok": [None]}],
    "claims": [SUPPORTED, UNSUPPORTED],
    "sentences": [SUPPORTED, UNSUPPORTED],
    "answers": [{"agent": "Do you smell gas?", "caller": "uh huh", "expected": "gas_leak"}],
    "dates": [
        {
            "now": NOW,
            "tz": "America/New_York",
            "said": "Thursday after three",
            "expected": {
                "date": "2026-05-14",
                "date_to": None,
                "earliest": "15:00",
                "latest": None,
            },
        }
    ],
}


def graded(tmp_path: Path, kind: str, content: object, *arguments: str) -> int:
    path = tmp_path / "labelled.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return main(["file", kind, str(path), *arguments])


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_is_graded(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert graded(tmp_path, kind, FILES[kind], "--json") == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["failures"] == []
    assert report["rows"][0]["share"] == 1.0


def test_a_failure_is_printed_with_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = UNSUPPORTED | {"said": "Have a nice day."}
    assert graded(tmp_path, "sentences", [wrong], "-v") == 0
    printed = capsys.readouterr().out
    assert "false ones caught  0.000  (0 of 1; 95 %: 0.000 to 0.793)" in printed
    assert "S-2 unsupported, left" in printed
    assert "Have a nice day." in printed


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("claims", "nope", "no JSON"),
        ("claims", {}, "a list of records is wanted, this is dict"),
        ("claims", [], "no record in it"),
        ("claims", [SUPPORTED, {"id": "S-3"}], "record 2 (id S-3), field now: Field required"),
        ("claims", [SUPPORTED | {"expected": "yes"}], "record 1 (id S-1), field expected"),
        ("claims", [SUPPORTED | {"now": "2026-05-12T15:40"}], "field now"),
        (
            "claims",
            [SUPPORTED | {"tools": [QUOTE | {"result": {"range": "$1-$2"}}]}],
            "record 1 (id S-1), field tools: the result of tool 1, get_pricing_quote",
        ),
        ("danger", [{"text": "x", "expected": "ghosts"}], "record 1, field expected"),
        ("answers", ["yes"], "record 1"),
        (
            "dates",
            [{"now": NOW, "tz": "America/Nowhere", "said": "x", "expected": None}],
            "record 1, field tz: Value error, no time zone of that name",
        ),
        (
            "dates",
            [{"now": NOW, "tz": "UTC", "said": "x", "expected": {"date": None}}],
            "record 1, field expected: Value error, a reading has no date_to",
        ),
    ],
)
def test_a_wrong_file_is_told_in_one_line(
    kind: str, content: object, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert graded(tmp_path, kind, content) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_a_folder_without_public_sets_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["public", str(tmp_path)]) == 2
    assert main(["public", str(tmp_path / "none")]) == 2
    assert "none of the public sets is in it" in capsys.readouterr().err


def test_an_interval_is_wilsons() -> None:
    low, high = Row("x", 8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Row("x", 0, 0).share is None
