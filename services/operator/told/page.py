"""One call's story as a page to look at, and to hear where its recording is handed in."""

import io
import sys
import wave
from array import array
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from services.call_page import CallPage, Event, Record, Sound, build
from services.call_page.rows import events_of, record
from services.call_page.words import dollars
from services.operator.told import story
from services.operator.told.fit import Mask, clean
from services.operator.told.listing import length, time_of
from services.operator.where.rows import LeftRows, Row
from services.operator.where.trouble import CannotTell
from shared import schema

RATE = 8000
LANES = {"call": "phone", "job": "phone", "payment": "payment", "text": "text", "webhook": "phone"}


def page(
    left: LeftRows, zone: ZoneInfo, mask: Mask, told: list[story.Moment], sound: Sound | None
) -> str:
    """Return the page. `told` are the moments that are not of the turns.

    The recording begins with the disclosure, the first turn: so does the page's clock.
    """
    call = left.call or {}
    turns = [turn for turn in left.turns if time_of(turn.get("at"))]
    turns.sort(key=lambda turn: int(turn.get("seq") or 0))
    first = turns[0].get("at") if turns else call.get("started_at")
    base = time_of(first)

    def at(row: Row) -> int:
        moment = time_of(row.get("at"))
        return max(0, round((moment - base).total_seconds() * 1000)) if moment and base else 0

    events = list(events_of(turns, at, say=mask.text))
    for each in told:
        if base is not None and (lane := LANES.get(each.what)):
            ms = max(0, round((each.at - base).total_seconds() * 1000))
            events.append(Event(ms, lane, each.text))  # type: ignore[arg-type]
    outcome = str(call.get("outcome") or "not ended yet").replace("_", " ")
    failure = f"; what broke: {clean(call['failure'])}" if call.get("failure") else ""
    began = time_of(call.get("started_at"))
    return build(
        CallPage(
            title=f"Call {clean(call.get('call_sid'))}",
            facts=[
                ("business", clean(call.get("business_id"))),
                ("when", f"{began.astimezone(zone):%A, %Y-%m-%d %H:%M %Z}" if began else "?"),
                ("caller", mask.number(call.get("caller"))),
                ("length", length(call)),
                *(
                    (("quoted", dollars(int(call["quote_total"]))),)
                    if call.get("quote_total")
                    else ()
                ),
            ],
            result=f"Outcome: {clean(outcome)}{failure}",
            well=not call.get("failure") and call.get("outcome") != "failed",
            events=events,
            records=list(_records(left, zone, mask)),
            sound=sound,
            without_sound="Without its recording: --unmasked adds it, where there is one."
            if not mask.off
            else "There is no recording of this call.",
        )
    )


def sound_of(wav: bytes) -> Sound:
    """The two channels of a recording: the caller's first, as Twilio keeps them.

    Raises:
        CannotTell: it is no telephone sound in two channels.
    """
    try:
        with wave.open(io.BytesIO(wav)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = array("h", file.readframes(file.getnframes())) if form[1] == 2 else None
    except (wave.Error, EOFError) as exc:
        raise CannotTell("the recording is no WAV of 16-bit samples") from exc
    if samples is None or form != (2, 2, RATE):
        raise CannotTell("the recording is not of two channels of 16 bits at 8 kHz")
    if sys.byteorder == "big":
        samples.byteswap()
    return Sound(samples[0::2], samples[1::2])


def _records(left: LeftRows, zone: ZoneInfo, mask: Mask) -> Iterator[Record]:
    rows = [(schema.CALLS, left.call)] if left.call else []
    rows += [(schema.JOBS, row) for row in left.jobs]
    rows += [(schema.PAYMENTS, row) for row in left.payments]
    for table, row in rows:
        shown = {name: value for name, value in row.items() if name != "caller"}
        yield record(table, shown, zone, mask.text)
