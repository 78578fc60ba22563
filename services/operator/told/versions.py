"""What is published, and what a file would change."""

import difflib
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.businesses import BadBusiness, parse
from shared.published import BusinessFile

MOST_TOLD = 10  # versions of one business


def listed(
    files: Sequence[BusinessFile], versions: dict[str, list[tuple[str, datetime]]]
) -> Iterator[str]:
    """Each business: what is in force, and what was kept before."""
    for file in sorted(files, key=lambda each: each.business_id):
        if not file.is_published:
            yield f"{file.business_id:<24}{file.version}  as deployed, never published"
            continue
        yield f"{file.business_id:<24}{file.version}  published{_fault(file)}"
        known = {version: mark for mark, version in _marks(file)}
        for version, at in versions.get(file.business_id, [])[:MOST_TOLD]:
            yield f"{'':<24}{version}  kept {at:%Y-%m-%d %H:%M} UTC{known.get(version, '')}"


def _marks(file: BusinessFile) -> Iterator[tuple[str, str]]:
    for mark, (version, _) in zip((", in force", ", the one before"), file.versions, strict=False):
        yield mark, version


def _fault(file: BusinessFile) -> str:
    try:
        parse(file.text, file.business_id)
    except BadBusiness:
        return ", but NO GOOD: the one before is in force"
    return ""


def differences(now: BusinessFile | None, text: str, stage: str, name: str) -> Iterator[str]:
    """What publishing the text would change, line by line."""
    before = now.text.splitlines() if now else []
    label = f"{stage}: {now.version}" if now else f"{stage}: nothing"
    found = list(difflib.unified_diff(before, text.splitlines(), label, name, lineterm=""))
    yield from found or [f"{name} is what is in force in {stage}"]
