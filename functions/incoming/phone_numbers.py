"""Whose number was dialled, for the answer path: read without pydantic, which doubles a cold start.

The same texts as `shared.businesses`, which checks them before they are published or deployed;
here only what answering needs.
"""

import logging
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shared import published
from shared.domain.errors import PortError
from shared.published import BusinessFile, Files

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A business as far as a phone line needs it."""

    business_id: str
    name: str
    numbers: tuple[str, ...]
    on_call: tuple[str, ...]  # who is rung, in this order; the office where nobody is named
    office: str = ""
    by_topic: tuple[str, ...] = ()  # who is rung for something of their own
    mode: str = "ai"  # who answers, as its file says
    overflow_after_s: int = 15
    is_by_day: bool = False  # the office is rung before who is on call
    is_recorded: bool = False  # its calls are
    version: str = ""  # which text of its file says so
    is_published: bool = False  # another one may be in force before the call is over

    def with_the_office_first(self) -> "PhoneLine":
        """As it is rung by day."""
        rung = tuple(dict.fromkeys((self.office, *self.on_call)))
        return replace(self, on_call=rung, is_by_day=True)

    @property
    def rings_the_office(self) -> bool:
        """Nobody is named who would be on call: whoever is rung is the office."""
        return self.on_call == (self.office,)


@dataclass(slots=True)
class _LinesKept:
    files: Files | None = None
    lines: tuple[PhoneLine, ...] = field(default=())


_kept = _LinesKept()


def all_lines() -> tuple[PhoneLine, ...]:
    """Every business's line, as the files in force say."""
    files = published.files()
    if _kept.files is not files:
        _kept.lines = tuple(line for file in files.values() for line in _of(file))
        _kept.files = files
    return _kept.lines


def dialled(number: str) -> PhoneLine | None:
    """Whose `number` is; None when it is nobody's."""
    return next((line for line in all_lines() if number in line.numbers), None)


def of_business(business_id: str) -> PhoneLine | None:
    return next((line for line in all_lines() if line.business_id == business_id), None)


def as_of(line: PhoneLine | None, version: str) -> PhoneLine | None:
    """The same business's line as that version has it, where it is to be had: a call keeps the
    version it began with."""
    if line is None or not version or line.version == version:
        return line
    return of_version(line.business_id, version) or line


def of_version(business_id: str, version: str) -> PhoneLine | None:
    """A line as one version has it, in force or not; None where it is not to be had."""
    try:
        text = published.text_of(business_id, version)
    except PortError:
        return None
    return None if text is None else _line(tomllib.loads(text), version, is_published=True)


def is_ours(number: str) -> bool:
    """Whether it is a line, the office or an on-call phone of any of our businesses."""
    return any(
        number in (*line.numbers, line.office, *line.on_call, *line.by_topic)
        for line in all_lines()
    )


def _of(file: BusinessFile) -> Iterator[PhoneLine]:
    """Its line. A published text that is none gives way to the one before it."""
    if not file.is_published:
        yield _line(tomllib.loads(file.text), file.version)
        return
    for version, text in file.versions:
        with suppress(tomllib.TOMLDecodeError, KeyError):
            yield _line(tomllib.loads(text), version, is_published=True)
            return
        logger.error("a published version is unusable", extra={"business_id": file.business_id})


def _line(file: dict[str, object], version: str, *, is_published: bool = False) -> PhoneLine:
    on_call = tuple(map(str, _listed(file.get("on_call"))))
    return PhoneLine(
        business_id=str(file["id"]),
        name=str(file["name"]),
        numbers=tuple(map(str, _listed(file["numbers"]))),
        on_call=on_call or (str(file["office"]),),
        office=str(file["office"]),
        by_topic=tuple(_by_topic(file.get("topics"))),
        mode=str(file.get("mode", "ai")),
        overflow_after_s=int(str(file.get("overflow_after_s", 15))),
        is_recorded="recording" in file,
        version=version,
        is_published=is_published,
    )


def _by_topic(topics: object) -> Iterator[str]:
    for topic in topics.values() if isinstance(topics, dict) else ():
        yield from map(str, _listed(topic.get("numbers")) if isinstance(topic, dict) else ())


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
