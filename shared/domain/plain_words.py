"""Words of a caller's, made safe to stand in a text that bears the business's name."""

import re
import unicodedata

# A phone makes a link of a scheme, of a dotted name whose last part has letters, and of four
# numbers with dots. Browsers take the dots of other scripts for dots, too.
_DOTS = ".\u3002\uff0e\uff61\u2024"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}:[/\\]{2,}"
    r"|\b(?:https?|ftp|mailto|tel|sms|smsto|facetime|javascript|data|intent|market|whatsapp):(?=\S)",
    re.IGNORECASE,
)
_NAME_DOT = re.compile(rf"(?<=[^\s\[{_DOTS}])[{_DOTS}](?=[^\W\d_]{{2}})")
_ADDRESS = re.compile(rf"\b\d{{1,3}}(?:[{_DOTS}]\d{{1,3}}){{3}}\b")


def without_links(text: str) -> str:
    """`text` with nothing in it that a phone would open: "see evil.example/x" as "see
    evil[.]example/x", without "https://".

    Whoever reads it still sees what was said. Times ("8 a.m."), prices and numbers stay as they
    are; done twice it is as done once.
    """
    plain = _INVISIBLE.sub("", text)
    while (shorter := _SCHEME.sub("", plain)) != plain:
        plain = shorter
    plain = _ADDRESS.sub(lambda found: re.sub(rf"[{_DOTS}]", "[.]", found.group()), plain)
    return _NAME_DOT.sub("[.]", plain)


def one_line(text: str, longest: int) -> str:
    """`text` in one line of at most `longest` characters, without signs that are not seen."""
    seen = "".join(
        " " if sign.isspace() else "" if unicodedata.category(sign)[0] == "C" else sign
        for sign in unicodedata.normalize("NFKC", text)
    )
    plain = " ".join(seen.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 3].rstrip()}..."
