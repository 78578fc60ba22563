"""The report as one page: it says whose data it is, and every prepared question is answered."""

from pathlib import Path

import pytest

from services.analytics import duck, exports, page
from services.analytics.__main__ import main
from shared.businesses import all_businesses
from shared.domain.models import Outcome
from tests.examples import a_call, a_job
from tests.unit.services.analytics.hand_made import exported


def built(folder: Path, *, sample: bool = False) -> str:
    db = duck.open_views(exports.find(folder), all_businesses())
    asked = page.questions(page.QUESTIONS.read_text("utf-8"))
    names = {"coolcare_hvac": "Cool <Care>"}
    return page.build(db, [], names, source="here", sample=sample, asked=asked)


def test_every_question_of_the_docs_is_answered_with_its_sql(tmp_path: Path) -> None:
    folder = exported(tmp_path, [a_call(outcome=Outcome.BOOKED, job_id="job1"), a_job()])
    text = built(folder)
    for asked in ("When did a human answer an emergency?", "What did the AI cost?"):
        assert asked in text
    assert "Cool &lt;Care&gt;" in text
    assert "exported_calls" not in text


def test_sample_data_says_so_and_real_data_does_not(tmp_path: Path) -> None:
    folder = exported(tmp_path, [a_call()])
    assert "Made-up calls" in built(folder, sample=True)
    assert "Made-up calls" not in built(folder)


def test_tables_without_rows_make_a_page_without_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported(tmp_path / "export", [a_call(synthetic=True)])
    assert main(["--export", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert "Warning" not in capsys.readouterr().err
    assert "no calls yet" in (tmp_path / "out" / "report.html").read_text("utf-8")
