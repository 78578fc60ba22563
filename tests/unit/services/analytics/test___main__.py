"""`python -m services.analytics`: what it prints, and what it says when it cannot."""

import socket
from pathlib import Path

import pytest

from services.analytics.__main__ import main
from services.analytics.report import laid_out
from shared.domain.models import Outcome
from tests.examples import a_call, a_customer, a_job
from tests.unit.services.analytics.hand_made import exported


def test_tables_and_plots_of_a_downloaded_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = a_call(outcome=Outcome.BOOKED, job_id="job1", bookable=True, stage="booked")
    folder = exported(tmp_path / "export", [call, a_job(), a_customer()])

    assert main(["--export", str(folder), "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out
    assert "  booked       1  100.0%           0" in shown
    assert "$825" in shown
    plots = {path.stem for path in (tmp_path / "out" / "plots").glob("*.png")}
    assert {"calls_daily", "booking_funnel", "deposits", "crew_utilisation", "revenue"} == plots - {
        "abandonment"
    }


def test_a_question_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = exported(tmp_path, [a_call(), a_call("CA2")])
    asked = "select business_id, count(*) as calls from calls group by 1"

    assert main(["--export", str(folder), "--sql", asked]) == 0
    assert "coolcare_hvac      2" in capsys.readouterr().out


def test_a_question_that_is_wrong_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported(tmp_path, [a_call()])

    assert main(["--export", str(folder), "--sql", "select mood from calls"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "mood" in line


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select outcme from calls", 'Candidate bindings: "outcome"'),
        ("", "--sql takes one question; there are 0 in it"),
        ("select 1; select 2", "--sql takes one question; there are 2 in it"),
        ("drop view calls", "--sql takes a question, which begins with select or with"),
    ],
)
def test_what_is_no_question_says_what_would_be_one(
    sql: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported(tmp_path, [a_call()])
    assert main(["--export", str(folder), "--sql", sql]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def test_an_export_that_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--export", str(tmp_path / "nowhere")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"analytics: {tmp_path / 'nowhere'}: there is no such folder"


def test_a_stack_that_does_not_answer_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        assert main(["--endpoint", url, "--prefix", "x-", "--out", str(tmp_path)]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("analytics: x-calls: Could not connect")


def test_both_ways_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--export", "x", "--endpoint", "http://127.0.0.1:1"])
    assert "give --export, or --endpoint and --prefix" in capsys.readouterr().err


def test_figures_are_read_by_their_columns_name() -> None:
    names = ["what", "booked_cents", "booking_rate", "open", "ms"]
    rows = [("a", 1_234_500, 0.4567, True, 1234), ("b", None, None, False, 5)]

    assert laid_out(names, rows).splitlines() == [
        "  what   booked  booking rate  open     ms",
        "  ----  -------  ------------  ----  -----",
        "  a     $12,345         45.7%   yes  1,234",
        "  b           -             -    no      5",
    ]


def test_a_long_answer_is_cut_and_says_so() -> None:
    assert laid_out(["n"], [(n,) for n in range(250)]).endswith("... and 50 rows more")
    assert laid_out(["n"], []) == "  (no rows)"
