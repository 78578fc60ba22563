"""The moments of a call that matter, as one table: what is said then by code, and what answers it.

A moment is a sentence of code's, said word for word: from a clip, or recited beside the
conversation. Its wordings stand by language (`english.py`, `spanish.py`); between moments the model
talks in its own words. docs/calls.md shows this table, made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CallMoment(StrEnum):
    DISCLOSURE = "disclosure"
    CUT_OFF = '"We were cut off"'
    SPANISH = "met in Spanish"
    DANGER_QUESTION = "danger question"
    IN_DANGER = "in danger?"
    GUIDANCE = "guidance"
    PRICE = "price"
    COVERED = "price, of a covered visit"
    WINDOWS = "windows"
    READ_BACK = "read-back"
    TERMS = "terms"
    MOVE = "terms of a move"
    CALL_OFF = "terms of a cancellation"
    BOOKED = "confirmation"
    MOVED = "confirmation of a move"
    CALLED_OFF = "confirmation of a cancellation"
    OUT_OF_AREA = "refusal: out of area"
    NO_CARDS = "refusal: card"
    RECORDING_OFF = "recording turned off"
    AN_AI = '"Am I talking to a person?"'
    SAY_AGAIN = "not noticed"
    STILL_THERE = "silence"
    WAITING = "a wait"
    HAND_OVER = "hand-over"
    NOBODY = "hand-over, nobody there"
    CALL_BACK = "the same, in Spanish"
    MESSAGE = "message taken"
    GOODBYE = "goodbye"


class By(StrEnum):
    """What says it."""

    CLIP = "clip, else voice"  # rendered beforehand; the model says it where none was
    VOICE = "voice"  # recited by the model


class TalkedOver(StrEnum):
    """Whether the caller's voice stops it."""

    NO = "no: heard to its end"
    AFTER_FIRST = "its first sentence is not"
    YES = "yes"


class ReadAs(StrEnum):
    """How the caller's words to it are read by code."""

    NONE = ""  # they are the model's to understand
    RIGHT = "is that right?"
    GO_AHEAD = "shall I?"  # "please do" is a yes, too
    DANGER = "any danger?"


class Leads(StrEnum):
    """What an answer comes to."""

    MODEL = ""  # the model answers
    CONFIRMED = "those parts are confirmed"
    TAKEN_BACK = "taken back"
    UNCONFIRMED = "asked again, unconfirmed after three"
    DONE = "it is done"
    NOT_DONE = "it is not done"
    DANGER = "that danger"
    QUALIFIED = "qualified"
    UNQUALIFIED = "not qualified; on-call hears nothing"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened, by anything but a goodbye"
    AGAIN = "again, twice; then a person"
    ASKED = "asked twice, then goodbye"


@dataclass(frozen=True, slots=True)
class Row:
    """One moment. `when` and `then` are for who reads the table, the rest is what code goes by."""

    when: str
    then: str
    by: By = By.VOICE
    talked_over: TalkedOver = TalkedOver.YES
    urgent: bool = False  # before all else, though a tool runs
    answer: ReadAs = ReadAs.NONE
    yes: Leads = Leads.MODEL
    no: Leads = Leads.MODEL
    other: Leads = Leads.MODEL  # neither, or silence


def _asks_whether_to(when: str) -> Row:
    """What is done after a yes alone."""
    return Row(
        when,
        "the tool, called again",
        answer=ReadAs.GO_AHEAD,
        yes=Leads.DONE,
        no=Leads.NOT_DONE,
        other=Leads.NOT_DONE,
    )


M = CallMoment
MOMENTS: Final[Mapping[CallMoment, Row]] = {
    M.DISCLOSURE: Row(
        "the token is good", "the caller speaks", By.CLIP, TalkedOver.NO, True, other=Leads.AGAIN
    ),
    M.CUT_OFF: Row(
        "a call of a moment ago broke off; in place of the disclosure",
        "who they are, `resume_call`", By.CLIP, TalkedOver.NO, True, other=Leads.AGAIN,
    ),
    M.SPANISH: Row(
        "the first words in Spanish that tell of no danger, once",
        "`escalate_to_human`, by code: hand-over or call-back, in Spanish", urgent=True,
    ),
    M.DANGER_QUESTION: Row(
        "the first words about something broken, once; else before a price, windows or a read-back",
        "the tool that waited", answer=ReadAs.DANGER,
        yes=Leads.DANGER, no=Leads.QUALIFIED, other=Leads.UNQUALIFIED,
    ),
    M.IN_DANGER: Row(
        "`report_danger` with words the caller did not say", "guidance, or on where it was",
        answer=ReadAs.DANGER, yes=Leads.DANGER, no=Leads.QUALIFIED, other=Leads.UNQUALIFIED,
    ),
    M.GUIDANCE: Row(
        "a danger is heard, once for each kind", '"are you safe?", by the model', By.CLIP,
        TalkedOver.AFTER_FIRST, True, ReadAs.DANGER, no=Leads.WITHDRAWN,
    ),
    M.PRICE: Row("get_pricing_quote has answered", "windows, or goodbye"),
    M.COVERED: Row("the same, of a member, a warranty, a visit just made", "windows"),
    M.WINDOWS: Row(
        "check_availability has answered; one picked by name counts at once", "terms"
    ),
    M.READ_BACK: Row(
        "`confirm_details`", "what was corrected, alone", answer=ReadAs.RIGHT,
        yes=Leads.CONFIRMED, no=Leads.TAKEN_BACK, other=Leads.UNCONFIRMED,
    ),
    M.TERMS: _asks_whether_to("book_appointment without a yes; with what was not read, if short"),
    M.MOVE: _asks_whether_to("reschedule_appointment without a yes"),
    M.CALL_OFF: _asks_whether_to("cancel_appointment without a yes"),
    M.BOOKED: Row("it was booked", "a note, anything else"),
    M.MOVED: Row("it was moved, or put right", "a note, anything else"),
    M.CALLED_OFF: Row("it was called off", "anything else"),
    M.OUT_OF_AREA: Row("a booking where we do not go", "another address, or goodbye"),
    M.NO_CARDS: Row("a card number is read out or keyed", "on where it was"),
    M.RECORDING_OFF: Row("they do not want to be recorded", "on, or a call-back"),
    M.AN_AI: Row("they ask whether they talk to a person", "on where it was, or a person"),
    M.SAY_AGAIN: Row("they spoke and the model did not notice, twice", "they say it again"),
    M.STILL_THERE: Row(
        "20 s of silence, 8 s before their first word", "on where it was", other=Leads.ASKED
    ),
    M.WAITING: Row("they are owed an answer and hear nothing for 3.5 s", "it comes", By.CLIP),
    M.HAND_OVER: Row(
        "escalate_to_human, key 0, or code", "a person, then voicemail; after 8 s said or not",
        urgent=True,
    ),
    M.NOBODY: Row(
        "escalate_to_human, and nobody is there; a time only where the policy says one",
        "the message",
    ),
    M.CALL_BACK: Row(
        "a Spanish caller, and nobody to ring", "the office is told, the line closes", urgent=True
    ),
    M.MESSAGE: Row("take_message; a time only where the policy says one", "anything else"),
    M.GOODBYE: Row(
        "end_call without a goodbye of the model's, silence, the longest call",
        "the line closes", urgent=True, other=Leads.REOPENED,
    ),
}  # fmt: skip
