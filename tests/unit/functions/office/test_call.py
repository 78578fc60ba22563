"""One call: what came of it, and what was said, as words and nothing else."""

import pytest

from shared.domain.models import Callback
from tests.examples import NOW, a_call, a_turn
from tests.unit.functions.office.visitor import PUBLIC, Browser, Shop


def test_a_call_is_shown_with_its_words(shop: Shop, office: Browser) -> None:
    hostile = 'it is <script src="//x.test"></script> & broken'
    shop.world.turns.add([a_turn(1, role="user", text=hostile)])
    shown = office.get("/office/call/CA1")
    assert "555-123-0000" in shown
    assert "&lt;script" in shown
    assert "<script" not in shown


def test_what_the_caller_did_not_hear_is_not_shown_as_said(shop: Shop, office: Browser) -> None:
    shop.world.turns.add(
        [a_turn(1, role="assistant", text="Tonight the visit is $248.", cut=True, heard="Tonight")]
    )
    shown = office.get("/office/call/CA1")
    assert "Agent: Tonight …" in shown
    assert "$248" not in shown


def test_a_recording_is_behind_our_own_link(shop: Shop, office: Browser) -> None:
    shop.world.calls.note("CA1", recording_sid=f"RE{'0' * 32}", recording="kept")
    assert f'href="{PUBLIC}/voicemail/' in office.get("/office/call/CA1")


def test_who_is_to_be_called_back_is_marked_from_here(shop: Shop, office: Browser) -> None:
    shop.world.calls.note("CA1", callback=Callback(asked_at=NOW, due_at=NOW))
    assert "Called back" in office.get("/office/call/CA1")
    assert 'href="/office/call/CA1"' in office.does("called_back", call="CA1", **{"from": "call"})
    assert "Called back" not in office.get("/office/call/CA1")
    assert "marked before" in office.does("called_back", call="CA1")


@pytest.mark.parametrize("sid", ["CA404", "CX1", "CX2"])
def test_a_call_of_somebody_else_is_none(shop: Shop, office: Browser, sid: str) -> None:
    shop.world.calls.open(a_call("CX1", business_id="clearflow_plumbing"))
    shop.world.calls.open(a_call("CX2", synthetic=True))
    office.get(f"/office/call/{sid}")
    assert office.status == 404
    assert "There is no such call" in office.does("called_back", call=sid)
    assert office.status == 409
