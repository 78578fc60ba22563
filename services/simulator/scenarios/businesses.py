"""The businesses that can be rung: as their files say, in this repository or in BUSINESSES_DIR.

Read without the product's own reader: two independent readings meet on the wire.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.command_line import meant

# Who rings in a smoke call: one of Twilio's test numbers, nobody else can ever call from it.
SMOKE_CALLER = "+15005550006"
FOLDER = Path(__file__).parents[3] / "shared" / "businesses"


class BadBusinessFile(ValueError):
    """A business file cannot be read; the message names file and reason."""


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the files are."""
    return Path(environ.get("BUSINESSES_DIR", "").strip() or FOLDER)


def ids(where: Path | None = None) -> tuple[str, ...]:
    """The businesses there are, by name."""
    return tuple(sorted(path.stem for path in (where or folder()).glob("*.toml")))


def terms(business: str, where: Path | None = None) -> dict[str, Any]:
    """What one file says; nothing where there is no such business.

    Raises:
        BadBusinessFile: it is no TOML.
    """
    path = (where or folder()) / f"{business}.toml"
    if business not in ids(where):
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadBusinessFile(f"{path.name}: not TOML: {exc}") from exc


@contextmanager
def rung(named: str) -> Iterator[str]:
    """The id of the business of that id or file; inside the block a file is all there is.

    Raises:
        BadBusinessFile: there is none, it is no TOML, or has no id.
    """
    path = Path(named)
    if path.suffix != ".toml":
        if named not in ids():
            near = meant(named, ids())
            raise BadBusinessFile(f"no business {named!r}{near}; there are: {', '.join(ids())}")
        yield named
        return
    try:
        text = path.read_text("utf-8-sig")
        business = tomllib.loads(text).get("id")
    except OSError as exc:
        raise BadBusinessFile(f"{path.name}: cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadBusinessFile(f"{path.name}: not TOML: {exc}") from exc
    if not isinstance(business, str) or not re.fullmatch(r"\w+", business):
        raise BadBusinessFile(f"{path.name}: id is missing")
    with tempfile.TemporaryDirectory() as alone:
        (Path(alone) / f"{business}.toml").write_text(text, "utf-8")
        with files_of(Path(alone)):
            yield business


@contextmanager
def files_of(where: Path | None) -> Iterator[None]:
    """Inside the block the files are those of `where`, for the processes of a stack as for us;
    of None the same as outside."""
    before = os.environ.get("BUSINESSES_DIR")
    if where is not None:
        os.environ["BUSINESSES_DIR"] = str(where)
    try:
        yield
    finally:
        if where is not None:
            os.environ.pop("BUSINESSES_DIR")
            if before is not None:
                os.environ["BUSINESSES_DIR"] = before


def number(business: str, where: Path | None = None) -> str | None:
    """The number its customers dial; None where there is no such business, or it has none.

    Raises:
        BadBusinessFile: its file is no TOML.
    """
    numbers = terms(business, where).get("numbers")
    return str(numbers[0]) if isinstance(numbers, list) and numbers else None
