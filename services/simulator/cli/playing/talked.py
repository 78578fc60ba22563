"""The page of a call that a person made from `make talk`: nothing was expected of it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from services.simulator.cli.ending import note
from services.simulator.cli.playing import pictured
from services.simulator.cli.playing.report import Report, phonebook
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios import businesses
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import Rows, meta, of_call, settled
from shared import schema

PAGE = Path("call.html")
TITLE = "A call from the page of make talk"


async def leave_page(
    stack: Stack, speech: Speech, call: CallRecord, before: Mapping[str, int]
) -> None:
    """Write it, the newest call's over the one before, and say where it is.

    `before` is how many values of each metric there were before the call.
    """

    async def rows_now() -> Rows:
        return of_call(await stack.rows(), call.sid, call.from_)

    rows = await settled(rows_now)
    row = next(iter(meta(rows, schema.CALLS)), {})
    business = str(row.get("business_id", ""))
    ids = {str(job.get("job_id")) for job in meta(rows, schema.JOBS)}
    texts = [
        text
        for text in stack.network.sms.taken
        if text.to == call.from_ or any(each in text.body for each in ids)
    ]
    report = Report(
        scenario="talk",
        mode=speech.mode,
        call=call,
        transcript=[],
        texts=texts,
        rows=rows,
        metrics=stack.logs.since(before),
        verdicts=[],
        wav="",
        time_zone=str(businesses.terms(business).get("time_zone", "UTC")),
        phonebook=phonebook(business, call.from_),
    )
    try:
        text = await asyncio.to_thread(_built, report, stack.journals)
        PAGE.write_text(text, "utf-8")
    except OSError as exc:  # a full disk must not cost the next call
        note(f"no page of the call: {PAGE}: {exc.strerror}")
        return
    note(f"look at the call: {PAGE}")


def _built(report: Report, journals: Path) -> str:
    written = [path.read_text("utf-8") for path in journals.rglob("*") if path.is_file()]
    mine = [text for text in written if report.call.sid in text]
    return pictured.page(report, title=TITLE, fixed=pictured.sentences_of(mine))
