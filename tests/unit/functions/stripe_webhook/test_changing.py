"""A customer moves or cancels on the page of their visit: on a second tap, once, and as shown."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from functions.stripe_webhook.changing import change
from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.receipt import show
from functions.stripe_webhook.reply import Reply
from shared.actions.ports import JobChanged
from shared.domain.models import Job, JobStatus, Priority
from shared.domain.money import Cents
from tests.examples import NOW, OFFICE, SARAH, a_call, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.functions.stripe_webhook.surroundings import a_context
from tests.unit.functions.stripe_webhook.test_pay import page_of
from tests.unit.functions.stripe_webhook.test_receipt import PERSONAL

FRIDAY_8 = datetime(2025, 8, 29, 12, tzinfo=UTC)
FRIDAY = {"rate": "regular", "after_hours": False, "estimate": Cents(55_000)}
FRIDAY |= {"visit_fee": Cents(16_500), "deposit": Cents(13_800)}
Fields = dict[str, str]


class Forms(HTMLParser):
    """What can be tapped on a page: by its words, the fields it sends."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.all: dict[str, Fields] = {}
        self._fields: Fields = {}
        self._in_button = False
        self.feed(reply.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
        if tag in ("input", "button"):
            self._fields |= {told["name"]: told["value"]}
        self._in_button = tag == "button"

    def handle_data(self, data: str) -> None:
        if self._in_button:
            self.all[data] = dict(self._fields)
        self._in_button = False


class Customer:
    """Somebody with the link in their hand."""

    def __init__(self, **changes: Any) -> None:
        self.world = FakeWorld()
        self.world.calls.open(a_call())
        self.world.jobs.book(a_job(**changes), a_customer())
        self.context: RequestContext = a_context(self.world)
        self.reply = show("job1", self.context)

    def later(self, **by: int) -> None:
        now = self.context.real_now + timedelta(**by)
        at = self.context
        self.context = RequestContext(at.settings, at.ports, at.secret, now, at.secret_of_business)

    @property
    def words(self) -> str:
        return page_of(self.reply, PERSONAL).words

    @property
    def forms(self) -> dict[str, Fields]:
        return Forms(self.reply).all

    def taps(self, words: str) -> str:
        (fields,) = [each for said, each in self.forms.items() if said.startswith(words)]
        return self.sends(fields)

    def sends(self, fields: Fields) -> str:
        self.reply = change("job1", fields, self.context)
        assert self.reply.status == 200, self.reply.body
        return self.words

    @property
    def job(self) -> Job:
        return self.world.jobs.rows["job1"]

    def status(self) -> JobStatus:
        return self.job.status

    def texts(self, to: str) -> list[str]:
        return self.world.texts.to(to)


def test_a_visit_is_moved_to_one_of_two_windows_and_all_are_told() -> None:
    sarah = Customer()
    words = sarah.taps("Move it")
    assert "Another time" in words and "stays as it is" in words
    assert list(sarah.forms) == ["Fri, Aug 29, 8 to 10 AM", "Fri, Aug 29, 10 AM to noon"]
    assert sarah.job == a_job() and sarah.world.texts.sent == []

    words = sarah.taps("Fri, Aug 29, 8")
    assert "Your visit is on Fri, Aug 29, 8 to 10 AM." in words
    assert (sarah.job.window.start, sarah.job.version) == (FRIDAY_8, 1)
    assert (sarah.job.rate, sarah.job.estimate) == ("regular", 55_000)
    (told,) = sarah.texts(SARAH)
    assert "moved from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 8 to 10 AM" in told
    assert "MOVED, Thu, Aug 28, 9 to 11 PM is off" in sarah.texts(OFFICE)[0]


def test_a_visit_is_canceled_on_a_second_tap_alone() -> None:
    sarah = Customer()
    assert "Cancel this visit?" in sarah.taps("Cancel it")
    assert sarah.status() is JobStatus.SCHEDULED and sarah.world.texts.sent == []

    words = sarah.taps("Yes, cancel")
    assert "This visit was canceled." in words and not sarah.forms
    assert sarah.status() is JobStatus.CANCELLED
    assert "is canceled." in sarah.texts(SARAH)[0] and "CANCELED" in sarah.texts(OFFICE)[0]


def test_what_becomes_of_a_deposit_is_said_before_and_after() -> None:
    far = Customer(start=FRIDAY_8 + timedelta(days=5), deposit_paid=True, **FRIDAY)
    assert "Our office will be asked to refund your $138 deposit." in far.taps("Cancel it")
    assert "has been asked to refund your deposit of $138" in far.taps("Yes")

    near = Customer(deposit_paid=True)
    assert "Your $206 deposit is not refundable any more." in near.taps("Cancel it")
    assert "your $206 stays with the visit" in Customer(deposit_paid=True).taps("Move it")


def test_a_window_that_costs_more_says_so_and_its_price_is_what_was_agreed_to() -> None:
    sarah = Customer(start=FRIDAY_8 + timedelta(days=1), **FRIDAY)
    sarah.taps("Move it")
    fields = next(iter(sarah.forms.values()))
    dearer = sarah.world.jobs.rows["job1"].model_copy(update={"estimate": Cents(1)})
    sarah.world.jobs.rows["job1"] = dearer
    # The same window at a price that was not shown: shown anew, and nothing is done.
    assert "open for too long" in sarah.sends(fields)
    assert sarah.job.version == 0


def test_the_same_tap_twice_does_it_once() -> None:
    sarah = Customer()
    sarah.taps("Move it")
    fields = sarah.forms["Fri, Aug 29, 8 to 10 AM"]
    for _ in range(3):
        assert "Your visit is on Fri, Aug 29, 8 to 10 AM." in sarah.sends(fields)
    assert sarah.job.version == 1 and len(sarah.texts(SARAH)) == 1

    sarah.taps("Cancel it")
    fields = sarah.forms["Yes, cancel this visit"]
    for _ in range(3):
        assert "This visit was canceled." in sarah.sends(fields)
    assert len(sarah.texts(SARAH)) == 2


@pytest.mark.parametrize("first", ["Move it", "Cancel it"])
def test_a_form_of_an_hour_ago_does_nothing(first: str) -> None:
    sarah = Customer(start=FRIDAY_8 + timedelta(days=5), **FRIDAY)
    sarah.taps(first)
    fields = next(iter(sarah.forms.values()))
    sarah.later(minutes=61)
    assert "open for too long" in sarah.sends(fields)
    assert (sarah.job.version, sarah.job.status) == (0, JobStatus.SCHEDULED)


def test_a_form_from_before_a_change_does_nothing() -> None:
    sarah = Customer(start=FRIDAY_8 + timedelta(days=5), **FRIDAY)
    before = dict(sarah.forms)
    sarah.taps("Cancel it")
    sure = sarah.forms["Yes, cancel this visit"]
    sarah.world.jobs.change("job1", version=4)
    assert "was changed meanwhile" in sarah.sends(sure)
    assert "was changed meanwhile" in sarah.sends(before["Move it to another time"])
    assert sarah.status() is JobStatus.SCHEDULED


@pytest.mark.parametrize("what", ["move", "cancel", "sure", "to", "call"])
@pytest.mark.parametrize("form", ["", "0.9999999999." + "0" * 64])
def test_what_was_not_signed_by_us_does_nothing(what: str, form: str) -> None:
    sarah = Customer()
    before = dict(sarah.world.follow_ups.rows)
    sarah.sends({"ask": what, "form": form, "start": FRIDAY_8.isoformat()})
    assert sarah.job == a_job() and sarah.world.texts.sent == []
    assert sarah.world.follow_ups.rows == before


def test_a_form_for_one_thing_is_none_for_another() -> None:
    sarah = Customer()
    sarah.taps("Move it")
    fields = sarah.forms["Fri, Aug 29, 8 to 10 AM"]
    other = fields | {"start": (FRIDAY_8 + timedelta(hours=2)).isoformat()}
    sarah.sends(other)
    sarah.sends({"ask": "sure", "form": fields["form"]})
    assert sarah.job == a_job()


def test_a_window_that_was_taken_meanwhile_is_not_had_and_others_are_shown() -> None:
    sarah = Customer()
    sarah.taps("Move it")
    sarah.world.jobs.book(a_job("other", FRIDAY_8), a_customer())
    words = sarah.taps("Fri, Aug 29, 8")
    assert "That time was just taken." in words and sarah.job.version == 0
    assert next(iter(sarah.forms)) == "Fri, Aug 29, 10 AM to noon"
    sarah.taps("Fri, Aug 29, 10")
    assert sarah.job.window.start == FRIDAY_8 + timedelta(hours=2)


def test_what_was_paid_at_this_very_moment_is_asked_about_anew() -> None:
    sarah = Customer()
    sarah.taps("Cancel it")
    sarah.world.jobs.change("job1", deposit_paid=True)
    assert "Your $206 deposit is not refundable any more." in sarah.taps("Yes")
    assert sarah.status() is JobStatus.SCHEDULED
    assert "was no longer refundable" in sarah.taps("Yes")


def test_a_visit_that_keeps_changing_is_left_as_it_is() -> None:
    sarah = Customer()
    sarah.taps("Move it")

    def refuse(*_: object, **__: object) -> bool:
        raise JobChanged("job1")

    sarah.world.jobs.move = refuse  # type: ignore[method-assign]
    sarah.world.jobs.cancel = lambda *_, **__: False  # type: ignore[method-assign]
    assert "was changed meanwhile" in sarah.taps("Fri, Aug 29, 8")
    sarah.taps("Cancel it")
    assert "was changed meanwhile" in sarah.taps("Yes")
    assert sarah.job == a_job()


@pytest.mark.parametrize(
    ("changes", "urgency"),
    [({"priority": Priority.LIFE_SAFETY}, "urgent"), ({"version": 10}, "normal")],
)
def test_the_office_is_asked_to_call_once(changes: dict[str, Any], urgency: str) -> None:
    sarah = Customer()
    sarah.world.jobs.change("job1", **changes)
    sarah.reply = show("job1", sarah.context)
    fields = sarah.forms["Ask the office to call me"]
    for _ in range(3):
        assert "The office will call you back" in sarah.sends(fields)
    (told,) = sarah.texts(OFFICE)
    assert "CALL BACK 555-123-0000" in told and "job1" in told
    call = sarah.world.calls.get(sarah.job.call_sid)
    assert call is not None and call.callback is not None
    assert (call.callback.phone, call.callback.urgency) == (SARAH, urgency)


@pytest.mark.parametrize("ask", ["move", "cancel", "sure", "to"])
def test_an_emergency_is_not_changed_by_a_form_either(ask: str) -> None:
    sarah = Customer()
    sarah.taps("Move it")
    fields = sarah.forms["Fri, Aug 29, 8 to 10 AM"]
    sarah.world.jobs.change("job1", priority=Priority.LIFE_SAFETY)
    assert "please call 937-555-0100" in sarah.sends(fields | {"ask": ask})
    assert sarah.job.version == 0 and sarah.status() is JobStatus.SCHEDULED


def test_once_its_time_has_come_it_is_not_moved() -> None:
    sarah = Customer(start=NOW.replace(minute=0) + timedelta(hours=2))
    sarah.taps("Cancel it")
    sarah.later(hours=2)
    assert "Its time has come" in sarah.taps("Yes")
    assert sarah.status() is JobStatus.SCHEDULED


def test_where_nothing_is_free_the_office_is_a_tap_away() -> None:
    sarah = Customer()
    sarah.world.jobs.change("job1", service_type="gone")
    sarah.taps("Move it")
    assert "No other time can be offered here." in sarah.words
    assert list(sarah.forms) == ["Ask the office to call me"]


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED, JobStatus.COMPLETED])
def test_a_visit_that_stands_no_more_is_not_changed(status: JobStatus) -> None:
    sarah = Customer()
    fields = sarah.forms["Cancel it"]
    sarah.world.jobs.change("job1", status=status)
    sarah.sends(fields)
    assert sarah.status() is status and not sarah.forms


@pytest.mark.parametrize("job_id", ["nobody", "", "a b", "x" * 65, "<script>"])
def test_another_link_leads_nowhere(job_id: str) -> None:
    sarah = Customer()
    assert change(job_id, {"ask": "cancel"}, sarah.context).status == 404
    assert change("job1", {"ask": "refund"}, sarah.context).status == 404
    assert change("job1", {}, sarah.context).status == 404


def test_without_the_table_the_page_says_later() -> None:
    sarah = Customer()
    fields = sarah.forms["Cancel it"]
    sarah.world.jobs.down = True
    assert change("job1", fields, sarah.context).status == 503
