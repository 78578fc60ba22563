"""What code decided, read from a journal."""

import json

from services.simulator.talk.acted import Acted, read


def entry(event: str, *do: tuple[str, dict[str, object]], **fields: object) -> str:
    return json.dumps({"event": event, "at_ms": 1200, **fields, "do": [list(each) for each in do]})


def test_a_moment_is_the_sentence_that_code_has_said() -> None:
    line = entry("ToolAnswered", ("Respond", {"request_id": "r1", "sentence": "It is $248."}))
    assert read(line) == [Acted(1200, "moment", "code has it said word for word: It is $248.")]


def test_a_cut_and_a_stopped_model_say_why() -> None:
    line = entry("CallerSpoke", ("ClearPlayback", {}), ("CancelResponse", {"response_id": "r"}))
    assert [each.what for each in read(line)] == ["cut", "guard"]
    assert all("the caller speaks" in each.text for each in read(line))


def test_a_danger_a_lost_model_and_an_unsure_claim_are_guards() -> None:
    lines = (
        entry("CallerSaid", hazard="gas"),
        entry("ModelLost", ("ReopenModel", {})),
        entry("MarkEchoed", ("NoteTurn", {"seq": 1, "unsure": "price"})),
    )
    told = [each for line in lines for each in read(line)]
    assert {each.what for each in told} == {"guard"}
    assert len(told) == 4


def test_the_call_s_stages_and_its_end_are_told() -> None:
    line = entry("MarkEchoed", ("NoteCall", {"stage": "disclosed"}), ("EndCall", {"reason": "bye"}))
    assert [each.text for each in read(line)] == [
        "the disclosure was heard to its end", "the call ends: bye",
    ]  # fmt: skip


def test_sound_and_what_is_no_entry_tell_nothing() -> None:
    for line in ("", "{", "[]", entry("AgentAudio", ("PlayAudio", {})), entry("CallerSaid")):
        assert read(line) == []
