"""The bridge's fixed sentences, kept from one run to the next as a table outlives a task."""

import hashlib
import json
from pathlib import Path
from typing import Any

from shared import schema

_CLIP = "CLIP#"
_SPEECH = Path(__file__).parents[1] / "speech"
Row = dict[str, Any]


class ClipFile:
    """One file in `folder`, good for as long as the voice that rendered it is the same."""

    def __init__(self, folder: Path) -> None:
        digest = hashlib.sha256()
        for source in sorted(_SPEECH.rglob("*.py")):
            digest.update(source.read_bytes())
        self._file = folder / f"clips-{digest.hexdigest()[:12]}.json"

    def kept(self) -> list[Row]:
        """Return the clips of an earlier run; none when there was none, or its file is broken."""
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def keep(self, rows: list[Row]) -> None:
        """Keep the clips among the rows of `calls`."""
        clips = clips_in(rows)
        if clips and clips != self.kept():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            half = self._file.with_suffix(".part")
            half.write_text(json.dumps(clips), encoding="utf-8")
            half.replace(self._file)


def clips_in(rows: list[Row]) -> list[Row]:
    """Return the rows that are clips."""
    return [row for row in rows if str(row[schema.PK]).startswith(_CLIP)]
