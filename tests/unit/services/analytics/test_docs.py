"""The analysts' page names every view and column as they are, and its questions run."""

import re
from pathlib import Path

import pytest
import sqlglot

from services.analytics.views import View, all_views
from shared.businesses import all_businesses
from tests.examples import a_call, a_job
from tests.unit.services.analytics.hand_made import answer, views_over

PAGE = (Path(__file__).parents[4] / "docs" / "analytics.md").read_text("utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


def _ids(view: View) -> str:
    return view.name


@pytest.mark.parametrize("view", all_views(all_businesses()), ids=_ids)
def test_the_page_shows_the_view_as_it_is(view: View) -> None:
    rows = [f"| {c.name} | {c.type} | {c.about} |" for c in view.columns]
    shown = "\n".join(
        [f"### {view.name}", "", view.about, "", "| column | type | meaning |", "|---|---|---|"]
    )

    assert "\n".join([shown, *rows]) in PAGE


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_questions_of_the_page_run_in_both_engines(tmp_path: Path, question: str) -> None:
    sqlglot.parse_one(question, read="athena")
    db = views_over(tmp_path, a_call(), a_job())
    answer(db, question)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= 8
