"""The few pages a payer may see: plain, fast, and without anything about the person."""

import base64
import hashlib
from html import escape

from functions.stripe_webhook.reply import Reply

STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;"
    "color:#1c2430;background:#fff}h1{font-size:1.5rem;margin:0 0 1rem}p{margin:.5rem 0}"
    "a{color:#0b57d0}"
    "@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}a{color:#8ab4f8}}"
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
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex,nofollow"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{lines}</body></html>"
    )
    headers = PAGE if retry_after_s is None else PAGE | {"Retry-After": str(retry_after_s)}
    return Reply(status, body, "text/html; charset=utf-8", headers)


def redirect(url: str) -> Reply:
    """303: the payer's browser goes on to `url` with a GET."""
    return Reply(303, "", "text/plain", PRIVATE | {"Location": url})
