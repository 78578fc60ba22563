"""What was expected, as a sentence: patterns are for developers, this is for everybody."""

import re

from services.call_page.words import dollars, named
from services.simulator.cli.playing.expecting import Verdict

_MONEY = frozenset({"quote_total", "estimate", "visit_fee", "deposit", "amount"})
_WHERE = {"call": "The call's", "job": "The visit's"}
_LOOK = re.compile(r"\(\?=(?:\.\*)?((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)")


def sentence(verdict: Verdict) -> str:
    """Say what was expected without a pattern in it, as far as that goes."""
    what = verdict.what
    if found := re.fullmatch(r"(call|job)\.([\w.]+) (=|~) (.*)", what):
        where, name, _, wanted = found.groups()
        return f"{_WHERE[where]} {named(name.replace('.', ' '))} is {_wanted(name, wanted)}"
    if found := re.fullmatch(r"(outcome|hazard) ~ (.*)", what):
        return f"The {found[1]} is {plain(found[2])}"
    if found := re.fullmatch(r"text to (\S+): (.*)", what, re.DOTALL):
        return f"A text to {found[1]} says {plain(found[2])}"
    if found := re.fullmatch(r"(spoken|never spoken|never stored|kept): (.*)", what, re.DOTALL):
        head = {"spoken": "It is said, in this order", "never spoken": "It is never said",
                "never stored": "It is stored nowhere",
                "kept": "A row is kept under"}[found[1]]  # fmt: skip
        return f"{head}: {plain(found[2])}"
    if found := re.fullmatch(r"(\w+): (\d+) rows?", what):
        return f"The table {found[1]} has {found[2]} row{'' if found[2] == '1' else 's'}"
    if found := re.fullmatch(r"turn (\d+): heard within (\d+) ms .*", what):
        return f"What the caller heard of the cut turn {found[1]} is known to {found[2]} ms"
    return what[:1].upper() + what[1:]


def plain(pattern: str) -> str:
    """A pattern in words: its alternatives, and what all must be in it."""
    said = pattern.strip("^$")
    if must := _LOOK.findall(said):
        return ", ".join(plain(each) for each in must)
    said = re.sub(r"\\[bB]|\(\?i\)|\(\?<?[!=][^)]*\)|[?*+](?=[)\s]|$)", "", said)
    said = re.sub(r"\.\{[\d,]+\}|\.[*+]", " … ", said)
    said = re.sub(r"\\[WSsw][*+]?", " ", said)
    said = re.sub(r"\\d[*+]?(\{\d+\})?", "#", said)
    said = re.sub(r"\[[^\]]*\](\{[\d,]+\}|[*+])?", "#", said)
    said = re.sub(r"\\(.)\??", r"\1", said)
    said = re.sub(r"\(\?:|[()?]", "", said).replace("|", " or ")
    return "“" + " ".join(said.split()) + "”"


def _wanted(name: str, wanted: str) -> str:
    if wanted in ("true", "false"):
        return "yes" if wanted == "true" else "no"
    if name in _MONEY and wanted.isdigit():
        return dollars(int(wanted))
    return wanted if wanted.isdigit() else plain(wanted)
