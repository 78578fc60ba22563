"""The deeds that an agent may say were done."""

from enum import StrEnum


class Act(StrEnum):
    """What was said to be done. The values are how the model is told what it said."""

    BOOKED = "that it is booked"
    ALL_SET = "that it is all done"
    MOVED = "that the visit was moved"
    CANCELED = "that the visit was canceled"
    REFUNDED = "that the money was given back"
    REFUND_ASKED = "that a refund was asked for"
    TEXTED = "that a text was sent"
    TEXTED_AGAIN = "that a text was sent again"
    NOTED = "that a note was saved"
    MESSAGE = "that a message was passed on"
    TRANSFER = "that the caller is being put through"
    ALERTED = "that somebody was told"
    CALLED_911 = "that 911 was called"
    ON_THE_WAY = "that somebody is on the way"
    PAID = "that a payment came in"
    OTHER = "that something was done"
    OPTED_OUT = "that the number was taken off a list"
    PROMISE = "something nobody here can promise"
    HUMAN = "that you are a person"
