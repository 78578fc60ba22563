"""The address of a calendar: whoever has it reads that calendar, and nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.stripe_webhook.feed import feed
from shared import businesses, published
from shared.actions.calendars.feed import address_key
from tests.examples import a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.functions.stripe_webhook.surroundings import a_context

SECRET = "feed-key!"  # the test's surroundings give each secret its own name


@pytest.fixture(autouse=True)
def feeding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = Path(businesses.__file__).parent
    own = (folder / "coolcare_hvac.toml").read_text("utf-8")
    (tmp_path / "coolcare_hvac.toml").write_text(f'{own}\n[integrations]\nfeed = "feed-key"\n')
    other = (folder / "clearflow_plumbing.toml").read_text("utf-8")
    (tmp_path / "clearflow_plumbing.toml").write_text(other)
    monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
    published.forget()
    yield
    published.forget()


@pytest.mark.parametrize("crew", ["crew-1", "all"])
def test_the_address_leads_to_the_calendar(crew: str) -> None:
    world = FakeWorld()
    world.jobs.book(a_job(), a_customer())
    key = address_key(SECRET, "coolcare_hvac", crew)

    reply = feed("coolcare_hvac", crew, key, a_context(world))

    assert (reply.status, reply.content_type) == (200, "text/calendar; charset=utf-8")
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Sarah Miller" in reply.body


@pytest.mark.parametrize(
    ("business", "crew", "key"),
    [
        ("coolcare_hvac", "crew-1", "x" * 32),
        ("coolcare_hvac", "crew-1", ""),
        ("coolcare_hvac", "crew-1", "é" * 32),
        ("coolcare_hvac", "all", address_key(SECRET, "coolcare_hvac", "crew-1")),
        ("coolcare_hvac", "crew-9", address_key(SECRET, "coolcare_hvac", "crew-9")),
        ("clearflow_plumbing", "crew-1", address_key(SECRET, "clearflow_plumbing", "crew-1")),
        ("nobody", "all", address_key(SECRET, "nobody", "all")),
    ],
)
def test_any_other_address_leads_nowhere(business: str, crew: str, key: str) -> None:
    reply = feed(business, crew, key, a_context(FakeWorld()))

    assert (reply.status, reply.body) == (404, "no such calendar")
