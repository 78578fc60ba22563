"""The labelled utterances of this folder and the public ones, and how they are split.

A line of a .tsv has the class, what it only sounds like ("-": nothing), the situation it was told
of, and the words. A situation is in one fold only, so the folds tell how unseen situations are
understood, not how the wording of seen ones is. In callers.tsv the situation is its writer, none
of whom saw the code or the others' lines. What stands in `unseen` and in fresh.json never trains:
callers invented before the weights were made, who speak each in their own manner.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
LIST = "/list-"  # of no situation: short phrases by pattern, which only train


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    category: str  # a hazard's name, or "none"
    near: str = ""  # the hazard it only sounds like
    situation: str = ""
    also_ok: tuple[str, ...] = ()

    @property
    def spanish(self) -> bool:
        return re.search(r"(?:^|[/-])es", self.situation) is not None


def digest(text: str) -> int:
    """A number that is the same on every machine, unlike hash()."""
    return int.from_bytes(sha256(text.encode()).digest()[:8])


def own() -> list[Utterance]:
    """Every utterance of this folder that may train, in the files' order."""
    return _told(HERE)


def unseen() -> list[Utterance]:
    """The utterances of invented callers, a situation each; none of them trains."""
    return _told(HERE / "unseen")


def _told(folder: Path) -> list[Utterance]:
    found = []
    for path in sorted(folder.glob("*.tsv")):
        _, *lines = path.read_text("utf-8").splitlines()
        for line in lines:
            category, near, situation, text = line.split("\t")
            near = "" if near == "-" else near
            found.append(Utterance(text, category, near, f"{path.stem}/{situation}"))
    return found


def plain() -> list[Utterance]:
    """The utterances the patterns were made on; they train, and measure nothing new."""
    told = tomllib.loads((HERE.parent / "hazards.toml").read_text("utf-8"))
    return [
        Utterance(text, group if part == "danger" else "none", situation=f"{part}/{group}")
        for part, groups in told.items()
        for group, texts in groups.items()
        for text in texts
    ]


def labelled(path: Path) -> list[Utterance]:
    """A JSON list of objects with text, expected (a hazard's name or null), also_ok and near."""
    return [
        Utterance(
            case["text"],
            case["expected"] or "none",
            case.get("near") or "",
            also_ok=tuple(each or "none" for each in case.get("also_ok") or ()),
        )
        for case in json.loads(path.read_text("utf-8"))
    ]


def public(folder: Path) -> list[str]:
    """Ordinary speech of the public sets CLINC150, BANKING77, SLURP and NLU++, sorted."""
    return sorted(set(_public(folder)))


def for_training(text: str) -> bool:
    """Half of the public utterances may train; the others measure."""
    return digest(text) % 2 == 1


def _public(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("clinc*.json")):
        for part in json.loads(path.read_text("utf-8")).values():
            yield from (text for text, _ in part)
    for path in sorted(folder.glob("nlupp*.json")):
        yield from (case["text"] for case in json.loads(path.read_text("utf-8")))
    for path in sorted(folder.glob("banking77*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            yield from (row["text"] for row in csv.DictReader(lines))
    for path in sorted(folder.glob("slurp*.txt")):
        yield from filter(None, path.read_text("utf-8").splitlines())
