"""What code says first at each moment, by the names that tests know it by."""

from shared.domain.moments import CallMoment, first, wordings_of

CUT_OFF = first(CallMoment.CUT_OFF)
GOODBYE = first(CallMoment.GOODBYE)
HANDING_OVER = first(CallMoment.HAND_OVER)
IN_DANGER = first(CallMoment.IN_DANGER)
NO_CARDS = first(CallMoment.NO_CARDS)
RECORDING_OFF = first(CallMoment.RECORDING_OFF)
SAY_AGAIN = first(CallMoment.SAY_AGAIN)
STILL_THERE = first(CallMoment.STILL_THERE)
WAITING = wordings_of(CallMoment.WAITING)
