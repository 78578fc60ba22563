"""Which stack a person wants to talk to: whose businesses, and what time it is there."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.simulator.scenarios import businesses
from services.simulator.talk.desk import NotDone


@dataclass(frozen=True, slots=True)
class WantedStack:
    """`business` is rung first: an id; `folder` has the files, None those the command found."""

    at: datetime
    business: str = ""
    folder: Path | None = None


def wanted(asked: Mapping[str, Any], before: WantedStack, drafts: Path, home: Path) -> WantedStack:
    """Return what a page asks for: an id or a file of one's own, and a time of the business.

    `home` has the files there were before any draft.

    Raises:
        NotDone: there is no such business, the file is none, or the time cannot be read.
    """
    name = str(asked.get("business", "")).strip()
    folder, business = before.folder, name
    if name and name in businesses.ids(home):
        folder = None
    elif name and name not in businesses.ids(folder or home):
        folder = draft(Path(name).expanduser(), drafts)
        business = businesses.ids(folder)[0]
    return WantedStack(_time(str(asked.get("at", "")), business, folder or home), business, folder)


def draft(path: Path, drafts: Path) -> Path:
    """Return a folder below `drafts` that has a copy of this one business file, and no other.

    Raises:
        NotDone: it cannot be read, or is no business's file.
    """
    try:
        text = path.read_text("utf-8")
        terms = tomllib.loads(text)
    except OSError as exc:
        raise NotDone(f"{path}: neither a business here nor a file ({exc.strerror})") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise NotDone(f"{path.name}: not TOML: {exc}") from exc
    name = str(terms.get("id", ""))
    if not name.isidentifier() or not terms.get("numbers"):
        raise NotDone(f"{path.name}: a business has an id and at least one of numbers")
    folder = drafts / str(len(list(drafts.iterdir())))
    folder.mkdir()
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def _time(text: str, business: str, folder: Path) -> datetime:
    if text in ("", "now"):
        return datetime.now(UTC)
    zone = str(businesses.terms(business, folder).get("time_zone", "UTC"))
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError) as exc:
        raise NotDone(f"{text!r} is no time like 2025-08-28T19:12") from exc
