"""Pages of templates/, which escape what is put into them; and what a browser may do with them.

No script, no frame, nothing from elsewhere, nothing kept. `same-origin`: a form that is sent says
where it comes from, and no other site learns an address of ours.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "style.css").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGES = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class PageReply:
    """One HTTP answer."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    cookies: tuple[str, ...] = ()


def page(status: int, template: str, **values: object) -> PageReply:
    """The page of `templates/<template>.html`."""
    body = _PAGES.get_template(f"{template}.html").render(style=_STYLE, **values)
    return PageReply(status, body)


def go_to(path: str, *cookies: str) -> PageReply:
    """303: the browser goes on to `path` with a GET."""
    return PageReply(303, "", {**HEADERS, "Location": path}, cookies)
