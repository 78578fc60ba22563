"""What every `Texting` must do: opt-outs stand, the newest yes is kept, questions end."""

from datetime import timedelta

from shared.domain.models import OptOut, Talk, TextConsent
from tests.contracts.conftest import Store
from tests.examples import NOW

SHOP, CALLER = "coolcare_hvac", "+15551230000"
MONTH = timedelta(days=30)


def a_talk(**changes: object) -> Talk:
    fields = {
        "business_id": SHOP,
        "phone": CALLER,
        "about": "move",
        "step": "window",
        "jobs": ("job-1",),
        "until": NOW + timedelta(hours=1),
    }
    return Talk.model_validate(fields | changes)


def consent(at_days: int = 0, call: str = "CA1") -> TextConsent:
    at = NOW + timedelta(days=at_days)
    return TextConsent(at=at, wording="Book and text?", call_sid=call)


def test_the_first_opt_out_stands_until_they_want_texts_again(store: Store) -> None:
    first = OptOut(at=NOW, by="spoken")
    store.texting.opt_out(SHOP, CALLER, first)
    store.texting.opt_out(SHOP, CALLER, OptOut(at=NOW + MONTH, by="text"))
    assert store.texting.opted_out(SHOP, CALLER) == first
    assert store.texting.opted_out("night_owl", CALLER) is None

    store.texting.opt_in(SHOP, CALLER)
    store.texting.opt_in(SHOP, CALLER)
    assert store.texting.opted_out(SHOP, CALLER) is None


def test_the_newest_yes_to_texts_is_kept(store: Store) -> None:
    assert store.texting.consented(SHOP, CALLER) is None
    store.texting.consent(SHOP, CALLER, consent(1, "CA2"))
    store.texting.consent(SHOP, CALLER, consent(0, "CA1"))
    assert store.texting.consented(SHOP, CALLER) == consent(1, "CA2")


def test_who_said_yes_is_texted_back_once_in_thirty_days(store: Store) -> None:
    def text_back(days: int) -> bool:
        at = NOW + timedelta(days=days)
        return store.texting.text_back(SHOP, CALLER, at=at, since=at - MONTH)

    assert not text_back(0)
    store.texting.consent(SHOP, CALLER, consent())
    assert [text_back(days) for days in (0, 1, 29, 31, 32)] == [True, False, False, True, False]
    assert store.texting.consented(SHOP, CALLER) == consent()


def test_a_question_is_answered_once_and_expires(store: Store) -> None:
    first, second = a_talk(), a_talk(until=NOW + timedelta(hours=2))
    store.texting.ask(first)
    assert store.texting.talk(SHOP, CALLER, now=NOW) == first
    assert store.texting.talk(SHOP, CALLER, now=first.until) is None

    store.texting.ask(second)
    assert not store.texting.answered(first)
    assert store.texting.answered(second)
    assert not store.texting.answered(second)
    assert store.texting.talk(SHOP, CALLER, now=NOW) is None
