"""A file that is no TOML, in the words of whoever wrote it: what the reader stumbled over."""

import re
from tomllib import TOMLDecodeError

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CURLY = re.compile("[\u201c\u201d\u2018\u2019\u201e]")
_BARE = re.compile(r'=\s*[^\s"\'\[{\d+-]')
_DATE = re.compile(  # no such month, no such day, or written 12/25/2026
    r"\d{4}-(?:1[3-9]|[2-9]\d|00)-|\d{4}-\d\d-(?:3[2-9]|[4-9]\d|00)|\d{1,2}/\d{1,2}/\d{2}"
)
_CLOCK = re.compile(r"=.*[^\"\w]\d{1,2}:\d\d(?!:\d)")


def fault(error: TOMLDecodeError, text: str) -> str:
    """One line: `line 12: this name stands twice`."""
    found = _AT.search(str(error))
    lines = text.splitlines()
    number = int(found[1]) if found and found[1] else len(lines)
    # What is not closed is noticed where the next thing begins.
    told = str(error)[: found.start()] if found else str(error)
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return f"line {number}: {_words(told, line)}"


def _words(told: str, line: str) -> str:
    if _CURLY.search(line):
        return 'these are the quotes of a text program; write plain ones: "…"'
    if told == "Cannot overwrite a value":
        return "this name stands twice"
    if told.startswith("Cannot declare"):
        names = ".".join(re.findall(r"'([^']*)'", told))
        return f"[{names}] stands twice; each of a list has two brackets: [[{names}]]"
    if told == "Expected '=' after a key in a key/value pair":
        return "a name, = and a value are wanted: max_slots = 3"
    if told == "Invalid date or datetime" or (told.startswith("Unc") and _DATE.search(line)):
        return "there is no such date; one is written 2026-12-25"
    if told.startswith("Unclosed array"):
        if _CLOCK.search(line):
            return 'a time stands in quotes: ["08:00", "18:00"]'
        return "a list is not closed by ], or lacks a comma or a quote"
    if told == "Invalid value" and _BARE.search(line):
        return 'words stand in quotes: name = "CoolCare HVAC"'
    if told.startswith(("Expected ']'", "Invalid initial character for a key part")):
        return 'a name has letters A to Z, digits, - and _; any other stands in quotes: ["José"]'
    if told.startswith(("Unterminated string", "Illegal character", "Expected newline")):
        return f"a quote is missing, or something is left over: {told[:1].lower()}{told[1:]}"
    return f"this is not TOML: {told[:1].lower()}{told[1:]}"
