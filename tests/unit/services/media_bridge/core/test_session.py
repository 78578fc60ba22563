"""A call as a whole: how it opens and ends, and whatever peers send in whatever order."""

from base64 import b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import Journal, replay
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.speaking.playback import BYTES_PER_MS, byte_length
from shared.domain.money import Cents, Figure, FigureRole
from shared.domain.outcomes import EndReason, Failure
from tests.moments import HANDING_OVER
from tests.scripted import DISCLOSURE, ScriptedCall, goodbye_said, some_setup, sound

CLIPS_MS = 5_000  # of the disclosure and the guidance


ids = st.sampled_from(["R1", "R2", "R3", ""])


items = st.sampled_from(["i1", "i2", "i3", "clip-disclosure", ""])


calls = st.sampled_from(["call_1", "call_2", "call_3"])


words = st.one_of(
    st.sampled_from(
        [
            "I smell gas",
            "no smoke at all",
            "4242 4242",
            "4242 4242 4242 4242",
            "Yes.",
            "555 123 0000",
            "123 Oak Street, right?",
            "bye bye",
            "It is $99.",
            "The visit is $206.",
            '{"visit_fee":248,"deposit":206}',
            "",
        ]
    ),
    st.text(max_size=40),
)


payloads = st.integers(0, 4000).map(lambda size: b64encode(b"\xff" * size).decode())


marks = st.one_of(
    st.text(max_size=12),
    st.builds("g{}:{}:{}".format, st.integers(0, 3), items, st.sampled_from([20, 200, 2000])),
)
arguments = st.sampled_from(
    [
        {},
        None,
        {"phone": "+15551230000", "address": "123 Oak St"},
        {"phone": 4, "address": [{"notes": ["4242 4242", "4242 4242"]}], "n": 4.5, "no": None},
    ]
)
figures = st.lists(
    st.builds(Figure, st.sampled_from(FigureRole), st.just(Cents(9900)), st.booleans()), max_size=2
).map(tuple)
tools = st.sampled_from(["book_appointment", "end_call", "escalate_to_human", "nonsense"])


def happenings() -> st.SearchStrategy[ev.Event]:
    at = st.just(0)
    return st.one_of(
        st.builds(ev.CallerAudio, at, payloads, st.integers(-5, 10_000)),
        st.builds(ev.MarkEchoed, at, marks),
        st.builds(ev.KeyPressed, at, st.sampled_from("0123456789*#xXq")),
        st.builds(ev.ModelOpened, at),
        st.builds(ev.ModelReady, at),
        st.builds(ev.CallerSpoke, at, items),
        st.builds(ev.CallerStopped, at, items),
        st.builds(ev.CallerQuiet, at),
        st.builds(ev.CallerSaid, at, items, words),
        st.builds(ev.CallerUnheard, at, items),
        st.builds(ev.ResponseStarted, at, ids, st.sampled_from([None, "r1", "r2", "r3"])),
        st.builds(ev.AgentAudio, at, ids, items, payloads),
        st.builds(ev.AgentSaid, at, ids, items, words),
        st.builds(ev.ToolCalled, at, ids, calls, tools, arguments),
        st.builds(
            ev.ToolAnswered,
            at,
            calls,
            words,
            st.just(5),
            timed_out=st.booleans(),
            figures=figures,
            hang_up=st.booleans(),
            hand_over=st.booleans(),
        ),
        st.builds(
            ev.ResponseEnded,
            at,
            ids,
            st.sampled_from(["completed", "cancelled", "failed", "incomplete", "?"]),
        ),
        st.builds(
            ev.ModelRefused,
            at,
            st.sampled_from(["conversation_already_has_active_response", "x"]),
            st.sampled_from(["", "Audio content of 70ms is already shorter than 90ms"]),
            st.sampled_from([None, "r1", "r2", "t3"]),
        ),
        st.builds(ev.Tick, at),
        st.builds(ev.TokenRedeemed, at, st.just(some_setup())),
    )


def endings() -> st.SearchStrategy[ev.Event]:
    at = st.just(0)
    return st.one_of(
        st.builds(ev.ModelLost, at, st.just("1006")),
        st.builds(ev.Draining, at),
        st.builds(ev.LineClosed, at, st.sampled_from(["hung_up", "dropped", "protocol"])),
        st.builds(ev.TokenRefused, at, st.sampled_from(["used", "unavailable"])),
    )


WITHOUT_CLIPS: dict[str, object] = {"disclosure_clip": None, "guidance_clips": {}}


def opening(**setup: object) -> list[ev.Event]:
    return [
        ev.LineOpened(0, "CA1", "MZ1", "tok"),
        ev.ModelOpened(0),
        ev.TokenRedeemed(0, some_setup(**setup)),
        ev.ModelReady(0),
        ev.CallerAudio(0, sound(20), 155),
        ev.MarkEchoed(0, "g1:clip-disclosure:2000"),
    ]


def timed(events: list[ev.Event], gaps: list[int]) -> list[ev.Event]:
    from msgspec.structs import replace

    at_ms, placed = 0, []
    for index, event in enumerate(events):
        at_ms += gaps[index % len(gaps)]
        placed.append(replace(event, at_ms=at_ms))
    return placed


class Checked:
    """A session whose commands are held to what is promised of them."""

    def __init__(self) -> None:
        self.session = CallSession()
        self.journal = Journal()
        self.lines = ""
        self.sent: dict[str, int] = {}
        self.roles: dict[int, tuple[str, str | None]] = {}
        self.asked = False  # for a response in the conversation
        self.over = False
        self.answered: list[str] = []

    def ring_until(self, at_ms: int) -> None:
        """What the shell does: a Tick at each deadline, also at those that ticks lead to."""
        while (due := self.session.deadline) is not None and due <= at_ms:
            self.feed(ev.Tick(due))
            later = self.session.deadline
            assert later is None or later > due  # else the shell would ring for ever

    def feed(self, event: ev.Event) -> list[do.Command]:
        self._model(event)
        commands = self.session.handle(event)
        self.lines += self.journal.entry(event, commands)
        assert not (self.over and commands)
        for index, command in enumerate(commands):
            assert not self.over
            self._check(command, commands[:index])
        assert self.over == (self.session.deadline is None and self.over)
        return commands

    def _model(self, event: ev.Event) -> None:
        if isinstance(event, ev.ResponseStarted | ev.ModelRefused):
            self.asked = False

    def _check(self, command: do.Command, before: list[do.Command]) -> None:
        match command:
            case do.PlaceMark():
                item, _, ms = command.name.partition(":")[2].rpartition(":")
                self.sent[item] = int(ms)
            case do.Truncate():
                assert command.heard_ms >= 1
                if command.item_id in self.sent and do.ClearPlayback() in before:
                    assert command.heard_ms <= self.sent[command.item_id]
                    assert before.index(do.ClearPlayback()) < len(before)
            case do.Respond():
                in_conversation = command.sentence is None
                assert not (self.asked and in_conversation)
                self.asked = self.asked or in_conversation
            case do.Measure(metric="ModelSessionFailed"):
                self.asked = False  # it never began, and was given up at its bound
            case do.NoteTurn():
                owner = (command.role, command.item_id or command.tool)
                assert self.roles.setdefault(command.seq, owner) == owner
                if command.heard_ms is not None and command.sent_ms is not None:
                    assert 0 <= command.heard_ms <= command.sent_ms
            case do.AnswerTool():
                assert command.call_id not in self.answered
                self.answered.append(command.call_id)
            case do.EndCall():
                self.over = True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(happenings(), max_size=60),
    st.lists(endings(), max_size=1),
    st.lists(st.sampled_from([0, 5, 20, 200, 1500, 3100, 9000]), min_size=1, max_size=8),
    st.booleans(),
)
def test_any_sequence_keeps_the_promises_and_replays(
    events: list[ev.Event], ends: list[ev.Event], gaps: list[int], opened: bool
) -> None:
    checked = Checked()
    for event in timed([*(opening() if opened else []), *events, *ends], gaps):
        checked.feed(event)
    checked.lines += checked.journal.rest()

    assert replay(checked.lines.splitlines()) == []


# The longest bound is that of a caller's turn, and our request after it waits 5 s more.
LONGEST_WAIT_MS = 35_000


# Asked whether somebody is there, or told goodbye: no more than a few of those follow each other.
LONGEST_END_MS = 180_000


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(happenings(), max_size=50),
    st.lists(st.sampled_from([0, 20, 200, 1500, 3100, 9000, 31_000]), min_size=1, max_size=8),
    st.sampled_from([[], opening(), opening(guidance_clips={}), opening(**WITHOUT_CLIPS)]),
)
def test_no_state_waits_for_a_peer_for_longer_than_35_seconds(
    events: list[ev.Event], gaps: list[int], opened: list[ev.Event]
) -> None:
    """After any events, each bound kept and passed, every peer falls silent for good.

    The call does something at least every 35 s, playing what was sent not counted, and ends.
    """
    checked = Checked()
    happened = timed([*opened, *events], gaps)
    for event in happened:
        checked.ring_until(event.at_ms)
        checked.feed(event)
    began = last = happened[-1].at_ms if happened else 0
    sounds = [event.payload for event in happened if isinstance(event, ev.AgentAudio)]
    sound_ms = sum(map(byte_length, sounds)) // BYTES_PER_MS + CLIPS_MS
    while not checked.over:
        due = checked.session.deadline
        assert due is not None and due - last <= LONGEST_WAIT_MS + sound_ms
        if checked.feed(ev.Tick(due)):
            last = due
        assert checked.session.deadline != due
    assert last - began <= LONGEST_END_MS + sound_ms


CLOSING = [do.CloseModel(), do.CloseLine()]


def test_a_caller_who_hangs_up_ends_the_call_and_what_was_not_heard_is_noted_so() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.agent_says("one two three four", 4000)
    call.wait(1000)
    commands = call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    (turn,) = [c for c in commands if isinstance(c, do.NoteTurn)]
    assert (turn.cut, turn.heard) == (True, "one")
    assert commands[-2:] == [do.CloseModel(), do.EndCall(EndReason.HUNG_UP)]
    assert call.feed(ev.CallerSpoke(call.at_ms, "u9")) == []


def test_a_caller_who_hangs_up_during_the_goodbye_ended_the_call_well() -> None:
    call = goodbye_said()
    call.wait(300)
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_a_frame_that_is_not_twilios_ends_the_call_as_a_failure() -> None:
    call = ScriptedCall().live()
    call.feed(ev.LineClosed(call.at_ms, "protocol"))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.PROTOCOL)


def test_a_draining_container_hands_over_after_a_sentence() -> None:
    call = ScriptedCall().live()
    call.feed(ev.Draining(call.at_ms))
    assert call.last[0] == do.NoteCall(call.at_ms, escalate=Failure.DRAINING)
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(1100)

    assert call.done[-3:] == [*CLOSING, do.EndCall(EndReason.DRAINING, Failure.DRAINING)]


def test_a_person_asked_for_in_the_last_saying_of_the_disclosure_ends_the_call_once() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    for _ in range(2):
        call.agent_says("Hey, it's Max!", 1000, asked=True)
        call.wait(1200)
    call.agent_says(DISCLOSURE, 3000, asked=True)
    call.wait(500)
    call.keys("0#")
    call.wait(10_000)

    assert call.all(do.EndCall) == [do.EndCall(EndReason.HANDED_OVER, Failure.DISCLOSURE_UNHEARD)]
    assert call.done[-1] == call.end()


TO_MODEL = (do.OpenSession, do.HearAudio, do.Respond, do.TellModel, do.TellSpoken, do.AnswerTool)


def names(commands: list[do.Command]) -> list[str]:
    return [type(command).__name__ for command in commands]


def test_an_opened_line_has_its_token_redeemed() -> None:
    session = CallSession()

    assert session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok")) == [
        do.RedeemToken("tok", "CA1", "MZ1")
    ]
    assert session.deadline == 2000
    assert session.phase is Phase.REDEEMING


def test_nothing_is_sent_to_the_model_before_the_token_was_redeemed() -> None:
    call = ScriptedCall()
    call.feed(ev.ModelOpened(0))
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    call.feed(ev.ModelReady(0))
    call.wait(1000)

    assert not [c for c in call.done if isinstance(c, TO_MODEL)]


@pytest.mark.parametrize("model_first", [True, False])
def test_the_disclosure_plays_at_once_and_the_session_opens_once_both_are_there(
    model_first: bool,
) -> None:
    call = ScriptedCall()
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    if model_first:
        call.feed(ev.ModelOpened(5))
    redeemed = call.feed(ev.TokenRedeemed(10, some_setup()))
    if not model_first:
        assert "OpenSession" not in names(redeemed)
        call.feed(ev.ModelOpened(15))

    assert redeemed[:3] == [
        do.Measure("FirstAudioMs", 10),
        do.PlayAudio(sound(900)),
        do.PlaceMark("g1:clip-disclosure:900"),
    ]
    assert sum(len(c.payload) for c in call.all(do.PlayAudio)) == len(sound(2000))
    (opened,) = call.all(do.OpenSession)
    assert opened == do.OpenSession(
        "You answer the phone.", some_setup().tools, "gpt-realtime-2.1", "marin"
    )


@pytest.mark.parametrize("reason", ["used", "expired", "forged"])
def test_a_refused_token_ends_the_call(reason: str) -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))

    assert session.handle(ev.TokenRefused(40, reason)) == [  # type: ignore[arg-type]
        do.CloseModel(),
        do.CloseLine(),
        do.EndCall(EndReason.REFUSED),
    ]


def test_a_redemption_that_our_side_cannot_do_sends_the_caller_to_a_human() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))

    assert session.handle(ev.TokenRefused(40, "unavailable")) == [
        do.NoteCall(40, escalate=Failure.REDEMPTION_UNAVAILABLE),
        do.CloseModel(),
        do.CloseLine(),
        do.EndCall(EndReason.FAILED, Failure.REDEMPTION_UNAVAILABLE),
    ]
