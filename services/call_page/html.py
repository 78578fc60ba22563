"""The page itself. Whatever came from outside is escaped; a page loads and sends nothing."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from services.call_page import timeline
from services.call_page.page import CallPage, Event, Record
from services.call_page.sound import data_uri

_HERE = Path(__file__).parent


def build(page: CallPage) -> str:
    """Return the whole page as one HTML document without any reference to another file."""
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "media-src data:; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(page.title)}</title><style>{style}</style></head><body><main>",
            *_head(page),
            *_line(page),
            *_transcript(page),
            *_expected(page),
            *_records(page),
            *_metrics(page),
            f"</main><script>{script}</script></body></html>",
            "",
        ]
    )


def _head(page: CallPage) -> Iterator[str]:
    yield f"<h1>{escape(page.title)}</h1>"
    yield f'<p class="result {"well" if page.well else "ill"}">{escape(page.result)}</p>'
    yield _named(page.facts)
    yield from (f'<p class="note">{escape(note)}</p>' for note in page.notes)


def _line(page: CallPage) -> Iterator[str]:
    yield '<section><h2 id="line">The call</h2>'
    if page.sound:
        label = "The call: caller and agent together"
        uri = data_uri(page.sound)
        yield f'<audio controls preload="metadata" aria-label="{label}" src="{uri}"></audio>'
        yield '<p class="note">Click anywhere below to hear it from there.</p>'
    else:
        yield f'<p class="note">{escape(page.without_sound)}</p>'
    yield '<div class="line" tabindex="0" role="region" aria-labelledby="line">'
    yield timeline.svg(page) + "</div>"
    yield (
        '<p class="key"><span class="caller">caller</span> <span class="agent">agent, in its own '
        'words</span> <span class="fixed">agent, a sentence made by code</span> <span class="cut">'
        'cut off</span> <span class="unheard">never heard by the caller</span></p></section>'
    )


def _transcript(page: CallPage) -> Iterator[str]:
    yield "<section><h2>What happened</h2><ol class='script'>"
    for event in sorted(page.events, key=lambda event: event.at_ms):
        yield _entry(event, playable=page.sound is not None)
    yield "</ol></section>"


def _entry(event: Event, *, playable: bool) -> str:
    at = timeline.clock(event.at_ms)
    when = f"<time>{at}</time>"
    if playable:
        when = (
            f'<button data-at="{event.at_ms / 1000:.2f}" aria-label="hear from {at}">{at}</button>'
        )
    kinds = " ".join(
        [event.lane, *(name for name in ("cut", "unheard", "fixed") if getattr(event, name))]
    )
    detail = f'<span class="detail">{escape(event.detail)}</span>' if event.detail else ""
    extra = (
        f"<details><summary>whole</summary><pre>{escape(event.extra)}</pre></details>"
        if event.extra
        else ""
    )
    who = timeline.NAMES[event.lane]
    return (
        f'<li class="{kinds}">{when}<b>{who}</b><div><span class="said">{escape(event.text)}</span>'
        f"{detail}{extra}</div></li>"
    )


def _expected(page: CallPage) -> Iterator[str]:
    if not page.expected:
        return
    yield "<section><h2>Expected and found</h2><ul class='expected'>"
    for each in page.expected:
        word, kind = ("no", "ill") if each.instead else ("yes", "well")
        found = f'<span class="detail">{escape(each.instead)}</span>' if each.instead else ""
        yield f'<li><b class="{kind}">{word}</b><div>{escape(each.expected)}{found}</div></li>'
    yield "</ul></section>"


def _records(page: CallPage) -> Iterator[str]:
    if page.records:
        yield "<section><h2>What is kept</h2><div class='records'>"
        yield from (_record(each) for each in page.records)
        yield "</div></section>"


def _record(record: Record) -> str:
    return f"<article><h3>{escape(record.title)}</h3>{_named(record.fields)}</article>"


def _metrics(page: CallPage) -> Iterator[str]:
    if page.metrics:
        yield f"<section><h2>Measured</h2>{_named(page.metrics)}</section>"


def _named(fields: object) -> str:
    pairs = fields if isinstance(fields, list | tuple) else ()
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>"
