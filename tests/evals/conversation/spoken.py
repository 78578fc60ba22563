"""Numbers, money and times as people say them: several ways for each, one chosen by chance."""

import re
from datetime import datetime
from random import Random

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINAL = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_WORD_DIGITS = {word: str(digit) for digit, word in enumerate(_DIGITS)} | {"oh": "0", "o": "0"}


def small(number: int) -> str:
    """0 to 99 in words."""
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return _TEENS[number - 10]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_DIGITS[ones]}" if ones else "")


def dollars(amount: float, chance: Random) -> str:
    """ "$248", "248 dollars" or "two forty-eight dollars"; always with its currency."""
    whole = round(amount)
    figures = f"${whole:,}"
    hundreds, rest = divmod(whole, 100)
    if not 1 <= hundreds <= 19 or chance.random() < 0.6:
        return figures
    if rest == 0:
        return f"{small(hundreds)} hundred dollars"
    short = f"{small(hundreds)} {'oh ' if rest < 10 else ''}{small(rest)}"
    long = f"{small(hundreds)} hundred {small(rest)} dollars"
    return chance.choice((f"{short} dollars", long, f"{whole} dollars"))


def figure(amount: int) -> str:
    """A pattern of so many dollars however said: "$248", "248 dollars", "two forty-eight"."""
    hundreds, rest = divmod(amount, 100)
    grouped = f"{amount:,}"
    ways = [rf"\${grouped}(?![\d,]*\d)", rf"\b{amount} dollars\b"]
    if grouped != str(amount):
        ways.append(rf"\${amount}\b")
    if 0 < hundreds < 20:
        tail = small(rest).replace("-", "[ -]") if rest else ""
        words = rf"(?:hundred (?:and )?)?(?:oh )?{tail}" if rest else "hundred"
        ways.append(rf"\b{small(hundreds)} {words}\b")
    elif amount < 100:
        ways.append(rf"\b{small(amount).replace('-', '[ -]')} dollars\b")
    return "|".join(ways)


def phone(e164: str, chance: Random) -> str:
    """The ten digits 3-3-4, in figures or in words."""
    digits = re.sub(r"\D", "", e164)[-10:]
    groups = digits[:3], digits[3:6], digits[6:]
    if chance.random() < 0.55:
        return chance.choice(("{}-{}-{}", "{}, {}, {}", "{} {} {}")).format(*groups)
    zero = chance.choice(("oh", "zero"))
    words = (" ".join(zero if d == "0" else _DIGITS[int(d)] for d in group) for group in groups)
    return ", ".join(words)


def numbers_in(text: str) -> list[str]:
    """Every run of digits said in `text`, in figures or one by one in words, as a phone number is:
    nothing but commas and dashes between them."""
    runs, run = [], ""
    for word in re.findall(r"[a-z']+|\d|[^\w\s,.-]", text.lower()):
        digit = _WORD_DIGITS.get(word, word if word.isdigit() else None)
        if digit is None:
            runs.append(run)
            run = ""
        else:
            run += digit
    return [each for each in (*runs, run) if each]


def house_number(address: str) -> str:
    """The number an address begins with; "" where it begins with none."""
    found = re.match(r"\s*(\d+)", address)
    return found[1] if found else ""


def in_words(number: str) -> str:
    """A house number as it is often said: "1410" fourteen ten, "312" three twelve, "42"."""
    if len(number) <= 2 and number:
        return small(int(number))
    if len(number) == 4 and number[2:] != "00" and number[1] != "0":
        return f"{small(int(number[:2]))} {_pair(number[2:])}"
    if len(number) == 3 and number[1:] != "00":
        return f"{_DIGITS[int(number[0])]} {_pair(number[1:])}"
    return " ".join(_DIGITS[int(digit)] for digit in number)


def _pair(digits: str) -> str:
    return f"oh {_DIGITS[int(digits[1])]}" if digits[0] == "0" else small(int(digits))


def window(start: datetime, end: datetime, now: datetime, chance: Random) -> str:
    """A window as an agent says it, the day as far away as it is: always true."""
    return f"{day(start, now, chance)} {hours(start, end, chance)}"


def day(start: datetime, now: datetime, chance: Random) -> str:
    local = start.astimezone(now.tzinfo)
    ahead = (local.date() - now.date()).days
    named = f"{local:%A}"
    dated = f"{named}, {local:%B} {local.day}{_ORDINAL.get(local.day, 'th')}"
    if ahead == 0:
        return "tonight" if local.hour >= 17 else chance.choice(("today", f"today, {named},"))
    if ahead == 1:
        return chance.choice(("tomorrow", f"tomorrow, {named},", f"tomorrow, {dated},"))
    if ahead < 6:
        return chance.choice((named, dated, f"this coming {named}"))
    return dated


def hours(start: datetime, end: datetime, chance: Random) -> str:
    first, last = start.hour % 12 or 12, end.hour % 12 or 12
    half = f"{end:%p}"
    ways = [
        f"{first} to {last} {half}"
        if f"{start:%p}" == half
        else f"{first} {start:%p} to {last} {half}"
    ]
    ways.append(f"between {small(first)} and {small(last)}")
    part = "in the morning" if end.hour <= 12 and start.hour < 12 else "in the afternoon"
    if start.hour >= 17:
        part = "in the evening"
    ways.append(f"from {small(first)} to {small(last)} {part}")
    return chance.choice(ways)
