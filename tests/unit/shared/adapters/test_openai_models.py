"""When a model ends, over a real socket."""

from datetime import date

import pytest

from shared.adapters.openai_models import OpenAiModels
from shared.domain.errors import PortError
from tests.infra.ops.outside_world import Form, serving

TODAY = date(2026, 11, 26)


class OpenAi:
    def __init__(self, status: int, body: dict[str, object]) -> None:
        self.status, self.body = status, body
        self.asked: list[tuple[str, str]] = []

    def answer(
        self, method: str, path: str, fields: Form, key: str
    ) -> tuple[int, dict[str, object]]:
        self.asked.append((path, key))
        return self.status, self.body


def ends(status: int, body: dict[str, object]) -> date | None:
    openai = OpenAi(status, body)
    with serving(openai) as url:
        day = OpenAiModels(lambda: "sk-key", api_base=url).ends("gpt-realtime-2.1", TODAY)
    assert openai.asked == [("/v1/models/gpt-realtime-2.1", "sk-key")]
    return day


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ({"shutdown_date": "2027-01-20"}, date(2027, 1, 20)),
        ({"shutdown_date": "2027-01-20T00:00:00Z"}, date(2027, 1, 20)),
        ({"shutdown_date": 1_800_403_200}, date(2027, 1, 20)),
        ({"shutdown_date": None}, None),
        ({}, None),
        ({"shutdown_date": "soon"}, None),
        ({"shutdown_date": True}, None),
    ],
)
def test_the_day_is_read_however_it_is_told(told: dict[str, object], day: date | None) -> None:
    assert ends(200, told) == day


def test_a_model_that_is_no_more_ends_today() -> None:
    assert ends(404, {}) == TODAY


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_refusal_is_no_end(status: int) -> None:
    with pytest.raises(PortError, match=str(status)):
        ends(status, {})


def test_nobody_answering_is_no_end() -> None:
    with pytest.raises(PortError, match="URLError"):
        OpenAiModels(lambda: "k", api_base="http://127.0.0.1:9").ends("m", TODAY)
