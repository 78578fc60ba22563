"""A stranger's words, fit to stand in a text of ours: no link of theirs becomes one of ours."""

import re
import unicodedata

LINK = "(link)"
# Full-width and ideographic dots lead to addresses, too; those NFKC leaves are named here.
_DOTS = str.maketrans({"\u3002": ".", "\u2024": ".", "\u00b7": "."})
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}:/{1,3}\S+"  # whatever has a scheme
    r"|\bwww\.\S+"
    r"|(?<![\w@])(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?/\S*"  # a host and a path
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\S*)?"  # an address in numbers
    r"|(?<![\w@])(?:[\w-]+\.)+(?:com|net|org|info|biz|io|co|us|me|ly|gl|gd|app|dev|xyz|top|link|"
    r"site|online|shop|store|club|live|icu|ru|cn|uk|ca|de|to|cc|tv|ai|page|click|support)\b",
    re.IGNORECASE,
)
# What is left with a dot inside is most often a missing space: "Friday.Thanks".
_JOINED = re.compile(r"(?<=\w)\.(?=[^\W\d_])")


def without_links(text: str, longest: int) -> str:
    """`text` in one line of at most `longest` characters, its links named and not shown."""
    shown = unicodedata.normalize("NFKC", text).translate(_DOTS)
    # Signs that are not seen would break a link up for us and not for a phone.
    seen = "".join(
        " " if sign.isspace() else "" if unicodedata.category(sign)[0] == "C" else sign
        for sign in shown
    )
    plain = " ".join(_JOINED.sub(". ", _ADDRESS.sub(LINK, seen)).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 3].rstrip()}..."
