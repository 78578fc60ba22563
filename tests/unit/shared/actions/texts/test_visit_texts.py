"""Every kind of text that a customer may get has its sample in docs/operations.md, as it is sent:
networks take texts of a campaign by its samples.

    python -m tests.unit.shared.actions.texts.test_visit_texts     the table's rows
"""

import ast
import re
from datetime import timedelta
from pathlib import Path

from shared.actions.texts import booking_texts, cancel_texts, deposit_texts, notify, visit_texts
from shared.businesses import by_id
from shared.domain.business import Business
from tests.examples import NOW, a_call, a_job

ROOT = Path(__file__).parents[5]
LINK = "https://voice.example.com/visit/job1"
# The functions that write a text to staff, to nobody's number, or a mail's subject.
STAFF = {
    "booking_texts._for_crew",
    "cancel_texts._for_crew",
    "deposit_texts.refund_failed",
    "deposit_texts.dispute_lost",
    "deposit_texts.bank_asks",
    "notify.voicemail_alert",
    "notify.call_back_text",
    "notify.message_text",
    "notify.texted",
    "outbox.by_mail",
    "outbox.not_reached",
    "opting.unclear",
}
# The functions that write to a customer, and the samples that show what each writes.
CUSTOMERS = {
    "booking_texts._confirmation": ["booked"],
    "booking_texts._moved": ["moved", "put right"],
    "cancel_texts._for_caller": ["called off"],
    "deposit_texts.link_text": ["deposit link"],
    "deposit_texts.reminder": ["deposit reminder"],
    "deposit_texts.released": ["released"],
    "notify.answer_to_text": ["answer to a text"],
    "visit_texts.reminder": ["reminder, the day before", "reminder, that morning"],
    "visit_texts.text_back": ["after a call"],
    "visits.say": ["R", "C", "which visit", "no more texts"],
    "codes.send": ["code"],
}


def coolcare() -> Business:
    found = by_id("coolcare_hvac")
    assert found is not None
    return found


def samples() -> dict[str, str]:
    """Each kind of text to a customer, as it would be sent."""
    business, job, call = coolcare(), a_job(), a_call()
    moved = a_job(start=job.window.start + timedelta(hours=11), version=1)
    released = deposit_texts.released(business, job)[1].body
    named = f"{business.name}: "
    return {
        "booked": booking_texts.for_caller(business, job, LINK, payable=True)[0].body,
        "moved": booking_texts.moved_for_caller(business, job, moved, LINK, payable=True)[0].body,
        "put right": booking_texts.moved_for_caller(business, job, job, LINK, payable=True)[0].body,
        "called off": cancel_texts.texts(business, job, NOW, refund=False)[0].body,
        "deposit link": deposit_texts.link_text(business, job, LINK).body,
        "deposit reminder": deposit_texts.reminder(business, job, LINK, None).body,
        "released": released,
        "reminder, the day before": visit_texts.reminder(business, job, "day_before").body,
        "reminder, that morning": visit_texts.reminder(business, job, "morning").body,
        "after a call": visit_texts.text_back(business, call, job.phone.normalised).body,
        "answer to a text": notify.answer_to_text(business),
        "R": f"{named}your visit on Thu, Aug 28, 9 to 11 PM can be moved to 1: Fri, Aug 29, 8 to "
        "10 AM, or 2: Fri, Aug 29, 10 AM to noon. Reply 1 or 2. Until then it stays as it is.",
        "C": f"{named}call off your visit on Thu, Aug 28, 9 to 11 PM? Reply Y to call it off, N "
        "to keep it.",
        "which visit": f"{named}which visit? 1: Thu, Aug 28, 9 to 11 PM; 2: Tue, Sep 2, 8 to 10 "
        "AM. Reply with its number.",
        "no more texts": f"{named}you will get no more texts from us. To get them again, text "
        "START.",
        "code": f"{named}your code is 123456. Say it on the call you are on, to nobody else.",
    }


def rows() -> list[str]:
    return [f"| {kind} | {sample} |" for kind, sample in samples().items()]


def test_every_sample_stands_in_the_page_as_it_is_sent() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [row for row in rows() if row not in page] == []


def test_every_function_that_writes_a_text_is_known() -> None:
    paths = [
        *(ROOT / "shared/actions/texts").glob("*.py"),
        *(ROOT / "functions/incoming/webhooks/texts").glob("*.py"),
        ROOT / "shared/tools/appointments/codes.py",
    ]
    assert {each for path in paths for each in writers(path)} == STAFF | CUSTOMERS.keys()
    assert {kind for kinds in CUSTOMERS.values() for kind in kinds} == samples().keys()


def writers(path: Path) -> set[str]:
    """The functions of a module in which a text begins with the business's name."""
    found = set[str]()
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(each, ast.JoinedStr)
            and ast.unparse(each)[2:].startswith(
                ("{business.name}: ", "{self.context.business.name}: ")
            )
            for each in ast.walk(function)
        ):
            found.add(f"{path.stem}.{function.name}")
    return found


def test_no_text_invites_a_word_that_opts_out_of_more_than_texts() -> None:
    invited = re.compile(
        r"\b(?:reply|text|say)\s+(?:\w+\s+or\s+)?\"?(?:cancel|end|quit|yes)\b", re.I
    )
    assert [text for text in samples().values() if invited.search(text)] == []


if __name__ == "__main__":
    print("\n".join(rows()))
