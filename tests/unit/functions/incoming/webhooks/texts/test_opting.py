"""STOP and its kin are kept, a word that may mean the visit is told to the office, START clears."""

import pytest

from shared.actions.texts import outbox
from shared.domain.models import OptOut
from tests.examples import a_call
from tests.unit.functions.incoming.phone_company import NOW, OFFICE, ON_CALL
from tests.unit.functions.incoming.webhooks.texts.texter import SHOP, Texter


def is_out(sarah: Texter) -> bool:
    return sarah.phone.world.texting.opted_out(SHOP, sarah.number) is not None


@pytest.mark.parametrize("word", ["STOP", "stop.", "StopAll", "UNSUBSCRIBE", "REVOKE", "OPTOUT"])
def test_twilios_opt_out_words_are_kept_and_are_twilios_to_answer(sarah: Texter, word: str) -> None:
    assert sarah.says(word) is None
    assert is_out(sarah) and sarah.phone.world.texts.sent == []


@pytest.mark.parametrize("word", ["CANCEL", "End", "quit"])
def test_a_word_that_may_mean_the_visit_is_an_opt_out_and_opens_a_call_back(
    sarah: Texter, word: str
) -> None:
    sarah.phone.world.calls.open(a_call("CA1"))
    sarah.books()
    assert sarah.says(word, sid="SM" + "1" * 32) is None
    assert sarah.says(word, sid="SM" + "1" * 32) is None

    assert is_out(sarah) and sarah.job().status == "scheduled"
    (told,) = sarah.phone.world.texts.to(OFFICE)
    assert "CALL BACK 555-123-0000" in told and "Visit or texts?" in told
    assert "job job1" in told and "Sarah Miller" in told and "call back by" in told
    call = sarah.phone.world.calls.get("CA1")
    assert call is not None and call.callback is not None
    assert call.callback.phone == sarah.number  # listed until somebody has called


@pytest.mark.parametrize("words", ["Stop texting me", "please don't send me any more texts"])
def test_an_opt_out_in_words_of_their_own_is_kept_and_confirmed_once(
    sarah: Texter, words: str
) -> None:
    told = sarah.says(words)
    assert told == (
        "CoolCare HVAC: you will get no more texts from us. To get them again, text START."
    )
    assert is_out(sarah)
    assert sarah.says("Is Friday fine?") is None  # the office hears it; they get no text
    assert len(sarah.phone.world.texts.to(OFFICE)) == 1


@pytest.mark.parametrize("word", ["START", "unstop", "YES"])
def test_start_clears_it(sarah: Texter, word: str) -> None:
    sarah.says("STOP")
    assert sarah.says(word) is None
    assert not is_out(sarah) and sarah.phone.world.texts.sent == []


def test_start_is_heard_however_often_they_have_texted(sarah: Texter) -> None:
    sarah.says("STOP")
    for n in range(8):
        sarah.says(f"hello {n}")
    sarah.says("START")
    assert not is_out(sarah)


def test_an_old_stop_that_is_delivered_again_does_not_undo_a_start(sarah: Texter) -> None:
    sarah.says("STOP", sid="SM" + "1" * 32)
    sarah.says("START")
    sarah.says("STOP", sid="SM" + "1" * 32)
    assert not is_out(sarah)


def test_the_office_and_on_call_are_texted_whatever_they_said(sarah: Texter) -> None:
    world, business = sarah.phone.world, SHOP
    for staff in (OFFICE, ON_CALL):
        world.texting.opt_out(business, staff, OptOut(at=NOW, by="text"))
    sarah.says("Is Friday fine?")
    assert len(world.texts.to(OFFICE)) == 1


def test_no_text_is_answered_while_opt_outs_cannot_be_read(sarah: Texter) -> None:
    sarah.phone.world.texting.down = True
    assert sarah.says("Is Friday fine?") is None
    assert len(sarah.phone.world.texts.to(OFFICE)) == 1
    assert outbox.UNREAD not in outbox.HOPELESS
