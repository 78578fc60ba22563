"""Spanish days, times and numbers as English ones, so that what was said in Spanish is held to the
same figures. Everything else stays as it is."""

import re
from collections.abc import Sequence

_DAYS = "lunes martes miércoles jueves viernes sábado domingo"
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_ENGLISH_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_ENGLISH_MONTHS = (
    "january february march april may june july august september october november december"
)
_ONES = "dos tres cuatro cinco seis siete ocho nueve"
_ENGLISH_ONES = "two three four five six seven eight nine"
_NUMBERS = {
    "uno": "one", "una": "one", "diez": "ten", "once": "eleven", "doce": "twelve",
    "trece": "thirteen", "catorce": "fourteen", "quince": "fifteen", "dieciséis": "sixteen",
    "diecisiete": "seventeen", "dieciocho": "eighteen", "diecinueve": "nineteen",
    "veinte": "twenty", "treinta": "thirty", "cuarenta": "forty", "cincuenta": "fifty",
    "sesenta": "sixty", "setenta": "seventy", "ochenta": "eighty", "noventa": "ninety",
    "cien": "one hundred", "ciento": "one hundred", "quinientos": "five hundred",
    "setecientos": "seven hundred", "novecientos": "nine hundred", "mil": "thousand",
    "veintiuno": "twenty one", "mediodía": "noon", "medianoche": "midnight",
}  # fmt: skip
_WORDS = {
    **dict(zip(_DAYS.split(), _ENGLISH_DAYS.split(), strict=True)),
    **dict(zip(_MONTHS.split(), _ENGLISH_MONTHS.split(), strict=True)),
    **dict(zip(_ONES.split(), _ENGLISH_ONES.split(), strict=True)),
    **_NUMBERS,
    "hoy": "today", "dólares": "dollars", "dólar": "dollars", "pesos": "dollars",
}  # fmt: skip
for _one, _english in zip(_ONES.split(), _ENGLISH_ONES.split(), strict=True):
    _WORDS.setdefault(f"{_one}cientos", f"{_english} hundred")
    _WORDS["veinti" + {"dos": "dós", "tres": "trés", "seis": "séis"}.get(_one, _one)] = (
        f"twenty {_english}"
    )
_COUNTS = frozenset(word for english in _WORDS.values() for word in english.split())
_MARKERS = (
    "el la los las de al para por que usted su sí claro está esta este es le lo se mañana hoy "
    "tarde noche pasado y señora señor con cuánto ya un una"
)
_SPANISH = frozenset(_MARKERS.split()) | (_WORDS.keys() - {"once"})  # that is English, too
_SHARE = 3  # one word in so many
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|\d[\d:]*)"
_DAY = rf"(?:(?:{_TENS}) )?(?:{_HOUR}|\w+teen)|{_TENS}"
_WEEK = _ENGLISH_DAYS.replace(" ", "|")
_PHRASES = tuple(
    (re.compile(spelled), by)
    for spelled, by in (
        (rf"\b({_WEEK}) a ({_WEEK})\b", r"\1 to \2"),
        (r"\bpasado mañana\b", "day after tomorrow"),
        (r"\b(?:en|por|de) la mañana\b", "in the morning"),
        (r"\b(?:en|por|de) la tarde\b", "in the afternoon"),
        (r"\b(?:en|por|de) la noche\b", "in the evening"),
        (r"\besta mañana\b", "this morning"),
        (r"\besta tarde\b", "this afternoon"),
        (r"\besta noche\b", "tonight"),
        (r"\bmañana\b", "tomorrow"),
        (rf"\b({_TENS}) y (?=one|two|three|four|five|six|seven|eight|nine)", r"\1 "),
        (
            rf"\b(?:de|desde) (?:las? )?({_HOUR}) (?:a|hasta) (?:las? )?(?={_HOUR}\b)",
            r"from \1 to ",
        ),
        (rf"\bentre (?:las? )?({_HOUR}) y (?:las? )?(?={_HOUR}\b)", r"between \1 and "),
        (rf"\ba las? (?={_HOUR}\b)", "at "),
        (rf"\b({_DAY}) de ({_ENGLISH_MONTHS.replace(' ', '|')})\b", r"\2 \1"),
    )
)


def in_english(tokens: Sequence[str]) -> list[str]:
    """The words of a text, with Spanish days, times and numbers in English where it is Spanish."""
    spanish = sum(token in _SPANISH for token in tokens)
    if spanish < 2 or spanish * _SHARE < len(tokens):
        return list(tokens)
    words = [_WORDS.get(token, token) for token in tokens]
    for at, word in enumerate(words):
        if word == "thousand" and (at == 0 or words[at - 1].split()[-1] not in _COUNTS):
            words[at] = "one thousand"
    text = " ".join(words)
    for pattern, by in _PHRASES:
        text = pattern.sub(by, text)
    return text.split()
