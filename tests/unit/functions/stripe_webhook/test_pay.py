"""The short link a caller gets by text: on to Stripe while something is owed, a page otherwise."""

from html.parser import HTMLParser

import pytest

from functions.stripe_webhook.pay import pay, thanks
from functions.stripe_webhook.reply import Reply
from shared.actions.ports import CheckoutSession
from shared.domain.models import Books, JobStatus
from shared.domain.money import Cents
from tests.examples import NOW, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.functions.stripe_webhook.surroundings import PUBLIC, a_context

PERSONAL = ("Sarah", "Miller", "555", "Oak", "Springfield", "rattling", "Gate")


class Counter:
    def __init__(self, **changes: object) -> None:
        self.world = FakeWorld()
        self.world.jobs.book(
            a_job(notes=("Gate code 1234.",)).model_copy(update=changes), a_customer()
        )

    def pay(self, job_id: str = "job1") -> Reply:
        return pay(job_id, a_context(self.world))

    def thanks(self, job_id: str = "job1") -> Reply:
        return thanks(job_id, a_context(self.world))


class Page(HTMLParser):
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.words, self.tags, self.links = "", list[str](), list[str]()
        self.feed(reply.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        if self.tags[-1] != "style":
            self.words += data + "\n"


def page_of(reply: Reply, personal: tuple[str, ...] = PERSONAL) -> Page:
    """The page, once it is private, plain and complete."""
    assert reply.content_type.startswith("text/html")
    headers = reply.headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Page(reply)
    assert "script" not in page.tags
    assert not any(word in page.words for word in personal)
    return page


def test_an_unpaid_job_goes_on_to_the_same_open_session_each_time() -> None:
    counter = Counter()
    replies = [counter.pay(), counter.pay()]
    (session,) = counter.world.checkout.sessions.values()
    for reply in replies:
        assert (reply.status, reply.headers["Location"]) == (303, session.url)
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_when_the_session_has_expired_it_goes_on_to_the_next() -> None:
    counter = Counter()
    counter.pay()
    (first,) = counter.world.checkout.sessions.values()
    counter.world.checkout.expire(first.session_id)

    reply = counter.pay()

    assert reply.status == 303
    assert reply.headers["Location"] != first.url


def test_a_paid_job_is_told_so() -> None:
    counter = Counter(deposit_paid=True, payment_id="pi_1")
    reply = counter.pay()
    page = page_of(reply)
    assert reply.status == 200
    assert "Your $206 deposit is paid." in page.words
    assert "CoolCare HVAC, Thu, Aug 28, 9 PM to 11 PM" in page.words
    assert not counter.world.checkout.sessions


def test_a_payment_whose_webhook_is_still_on_its_way_is_told_as_paid() -> None:
    counter = Counter()
    counter.pay()
    (session,) = counter.world.checkout.sessions.values()
    counter.world.checkout.sessions[session.session_id] = CheckoutSession(
        session.session_id, None, "complete", Cents(20_600), paid=True
    )
    assert "is paid" in page_of(counter.pay()).words


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED])
def test_a_job_that_is_off_takes_no_money(status: JobStatus) -> None:
    counter = Counter()
    counter.world.jobs.close("job1", status, at=NOW)
    page = page_of(counter.pay())
    assert "nothing to pay" in page.words
    assert not counter.world.checkout.sessions


def test_a_visit_that_is_done_takes_no_deposit() -> None:
    counter = Counter()
    bill = Books(final=Cents(40_000), visit_credited=Cents(0), deposit_credited=Cents(0), at=NOW)
    counter.world.jobs.complete(counter.world.jobs.rows["job1"], bill)
    assert "This visit is done" in page_of(counter.pay()).words
    assert not counter.world.checkout.sessions


def test_a_visit_without_a_deposit_takes_no_money() -> None:
    assert "needs no deposit" in page_of(Counter(deposit=Cents(0)).pay()).words


@pytest.mark.parametrize("job_id", ["nobody", "", "x" * 65, "../job1", "job1\n", "<b>", "jöb1"])
def test_a_link_that_is_none_is_not_found_and_not_echoed(job_id: str) -> None:
    for reply in (Counter().pay(job_id), Counter().thanks(job_id)):
        page_of(reply)
        assert reply.status == 404
        assert job_id == "" or job_id not in reply.body


def test_stripe_down_says_when_to_try_again() -> None:
    counter = Counter()
    counter.world.checkout.down = True
    reply = counter.pay()
    assert "try again in a minute" in page_of(reply).words
    assert (reply.status, reply.headers["Retry-After"]) == (503, "60")
    assert counter.world.metrics.total("CheckoutFailed") == 1


def test_a_table_that_is_down_says_the_same() -> None:
    counter = Counter()
    counter.world.jobs.down = True
    assert counter.pay().status == counter.thanks().status == 503


def test_thanks_says_the_visit_and_leads_back_while_it_is_not_paid() -> None:
    page = page_of(Counter().thanks())
    assert "CoolCare HVAC, Thu, Aug 28, 9 PM to 11 PM" in page.words
    assert page.links == [f"{PUBLIC}/pay/job1"]


def test_thanks_after_the_webhook_says_paid_and_leads_nowhere() -> None:
    page = page_of(Counter(deposit_paid=True, payment_id="pi_1").thanks())
    assert "is paid" in page.words
    assert page.links == []


def test_a_business_that_is_gone_is_still_a_page() -> None:
    counter = Counter(deposit_paid=True, business_id="gone")
    assert "your service company" in page_of(counter.pay()).words
