"""What every `Mail` must do."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from services.simulator.mail import SENDER, MailStandIn
from shared.actions.ports import Mail
from shared.adapters.ses_mail import SesMail
from shared.domain.errors import MailFailed
from tests.fakes import FakeMail

TO, SUBJECT = "office@coolcare.example", "CoolCare HVAC: EMERGENCY job j1"
BODY = "Sarah \u2013 9 to 11 PM & $206\nGate code \u00e9"


@dataclass(frozen=True, slots=True)
class PostOffice:
    mail: Mail
    broken: Mail  # the same service, refusing
    taken: Callable[[], list[tuple[str, str, str]]]  # to, subject, body
    invitations: Callable[[], list[tuple[str, str, str]]]  # to, method, iCalendar


@pytest.fixture(params=["fake", "ses"])
def office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    if request.param == "fake":
        fake = FakeMail()
        yield PostOffice(fake, FakeMail(fails=True), lambda: fake.sent, lambda: fake.invitations)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    with Serving() as (stand_in, url):

        def ses(sender: str) -> SesMail:
            return SesMail(sender, region="us-east-1", endpoint_url=url)

        yield PostOffice(
            ses(SENDER),
            ses("stranger@example.com"),
            lambda: [(mail.to, mail.subject, mail.body) for mail in stand_in.taken],
            lambda: [(m.to, m.method or "", m.calendar or "") for m in stand_in.taken],
        )


class Serving:
    """The stand-in on a loop of its own."""

    def __enter__(self) -> tuple[MailStandIn, str]:
        self._stand_in, self._loop = MailStandIn(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self._stand_in, self._run(self._stand_in.start())

    def __exit__(self, *_: object) -> None:
        self._run(self._stand_in.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: object) -> str:
        done = asyncio.run_coroutine_threadsafe(work, self._loop)  # type: ignore[arg-type, var-annotated]
        return str(done.result(10))


def test_a_mail_is_taken_with_all_its_words(office: PostOffice) -> None:
    assert office.mail.send(TO, SUBJECT, BODY)
    assert office.taken() == [(TO, SUBJECT, BODY)]


def test_a_refused_mail_is_told_without_its_address(office: PostOffice) -> None:
    with pytest.raises(MailFailed) as told:
        office.broken.send(TO, SUBJECT, BODY)
    assert "@" not in str(told.value)


ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Sarah \u2013 repair\r\nEND:VCALENDAR\r\n"


def test_an_invitation_is_taken_with_its_words_and_its_calendar(office: PostOffice) -> None:
    assert office.mail.invite(TO, SUBJECT, BODY, method="REQUEST", ics=ICS)

    assert office.taken() == [(TO, SUBJECT, BODY)]
    ((to, method, ics),) = office.invitations()
    assert (to, method) == (TO, "REQUEST")
    assert ics.splitlines() == ICS.splitlines()
    with pytest.raises(MailFailed):
        office.broken.invite(TO, SUBJECT, BODY, method="REQUEST", ics=ICS)


def test_without_an_address_of_ours_nothing_is_mailed() -> None:
    with pytest.raises(MailFailed, match="MAIL_FROM"):
        SesMail("", region="us-east-1").invite(TO, SUBJECT, BODY, method="CANCEL", ics=ICS)


def test_a_line_break_in_a_subject_begins_no_header(office: PostOffice) -> None:
    office.mail.send(TO, "One\r\nBcc: x@example.com", BODY)
    assert [subject for _, subject, _ in office.taken()] == ["One Bcc: x@example.com"]
