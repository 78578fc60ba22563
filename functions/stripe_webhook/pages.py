"""The few pages a payer may see: plain, fast, and without anything about the person."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from functions.stripe_webhook.reply import Reply

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;"
    "color:#1c2430;background:#fff}h1{font-size:1.5rem;margin:0 0 1rem}p{margin:.5rem 0}"
    "a{color:#0b57d0}h2{font-size:1.1rem;margin:1.5rem 0 .25rem}dl{margin:0}dt{color:#4a5568}"
    "dd{margin:0 0 .5rem}form{margin:.75rem 0}.do{display:block;box-sizing:border-box;width:100%;"
    "padding:.75rem 1rem;font:inherit;text-align:center;text-decoration:none;border-radius:.5rem;"
    "border:1px solid #0b57d0;color:#0b57d0;background:#fff;cursor:pointer}"
    "a.do{color:#fff;background:#0b57d0}main.long{margin-top:-8vh}"
    ".news{padding:.75rem 1rem;border-radius:.5rem;background:#e8f0fe}"
    "@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}a{color:#8ab4f8}"
    "dt{color:#aab4c3}.do{border-color:#8ab4f8;color:#8ab4f8;background:#14181f}"
    "a.do{color:#14181f;background:#8ab4f8}.news{background:#1f2a3d}}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

# No script, no frame, nothing from elsewhere; the link is a secret of a kind, so no referrer.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
PAGE = PRIVATE | {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
}
# One that asks for something, of us alone.
FORM = PAGE | {
    "Content-Security-Policy": PAGE["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and pairs of a name and what is so."""

    heading: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A way on: a link, or something that is asked for with a POST of `ask=value`."""

    words: str
    link: str = ""
    post: str = ""
    value: str = ""
    hidden: tuple[tuple[str, str], ...] = ()  # further fields of the form
    quiet: bool = False  # a link that is not the first thing to do


def document(
    status: int,
    title: str,
    sections: Sequence[Section],
    buttons: Sequence[Button],
    notes: Sequence[str],
    *,
    first: str | None = None,
) -> Reply:
    """A page of several parts, for reading and for asking; `first` is what has just happened."""
    inside = f'<p class="news" role="status">{escape(first)}</p>' if first else ""
    inside += "".join(_section(each) for each in sections)
    inside += "".join(_button(each) for each in buttons)
    inside += "".join(f"<p>{escape(text)}</p>" for text in notes)
    return _html(status, title, f'<main class="long"><h1>{escape(title)}</h1>{inside}</main>', FORM)


def _section(section: Section) -> str:
    facts = "".join(f"<dt>{escape(n)}</dt><dd>{escape(said)}</dd>" for n, said in section.facts)
    return f"<h2>{escape(section.heading)}</h2><dl>{facts}</dl>"


def _button(button: Button) -> str:
    words = escape(button.words)
    if button.link:
        kind = "" if button.quiet else ' class="do"'
        return f'<p><a{kind} href="{escape(button.link)}">{words}</a></p>'
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in button.hidden
    )
    return (
        f'<form method="post" action="{escape(button.post)}">{hidden}'
        f'<button class="do" name="ask" value="{escape(button.value)}">{words}</button></form>'
    )


def page(
    status: int,
    title: str,
    *paragraphs: str,
    link: tuple[str, str] | None = None,
    retry_after_s: int | None = None,
) -> Reply:
    """A page of `title` and `paragraphs`, with at most one `link` (address, words)."""
    lines = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    if link:
        lines += f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>'
    headers = PAGE if retry_after_s is None else PAGE | {"Retry-After": str(retry_after_s)}
    return _html(status, title, f"<main><h1>{escape(title)}</h1>{lines}</main>", headers)


def _html(status: int, title: str, body: str, headers: Mapping[str, str]) -> Reply:
    whole = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex,nofollow"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
    return Reply(status, whole, "text/html; charset=utf-8", headers)


def redirect(url: str) -> Reply:
    """303: the payer's browser goes on to `url` with a GET."""
    return Reply(303, "", "text/plain", PRIVATE | {"Location": url})
