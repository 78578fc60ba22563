"""Payment card numbers in one text, and the expiry and security code said beside them.

What counts as a number stands in `card_numbers`; here the words around it are read.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from shared.domain import card_numbers as numbers
from shared.domain import digits
from shared.domain.card_numbers import BEGUN, WORD, Edge, Line, dialable, joined, luhn

MASK = "[card number]"

Span = tuple[int, int]

_NAMED = re.compile(
    r"\b(?:card|visa|master ?card|amex|american express|discover|diners|maestro|union ?pay|jcb)\b",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(
    r"^[\s,.]*(?:(?:is|was|that's|that is|it's|that was|on|from|of) )?(?:the |my |a |our )?"
    r"(?:number )?(?:(?:on|of|from) )?(?:the |my |a |our )?(?:credit |debit |bank )?"
    r"(?:card|visa|master ?card|amex|american express|discover)\b",
    re.IGNORECASE,
)
# Numbers of other things: the nearest word before a number says what it is.
_OTHER = re.compile(
    r"\b(?:phones?|cells?|mobile|telephone|call|reach|text|zip|postal|address|street|road|avenue|"
    r"house|apartment|serial|model|tracking|shipment|accounts?|routing|order|confirmation|invoice|"
    r"reference|policy|member|gate|codes?|units?|parts?|meter|licen[cs]e|vin|reservation|ticket|"
    r"case|claim|warranty|pin|ending|ends)\b",
    re.IGNORECASE,
)
# "My card number is 4242 42…": nobody waits for the rest.
_ANNOUNCED = re.compile(
    r"\b(?:(?:(?:credit|debit|bank) )?card(?P<sure> number)?|visa|master ?card|amex|discover)"
    r"(?P<is> is|'s|:|,)?(?: (?:it's|it is|um|uh|is))?[ ,:.]*$",
    re.IGNORECASE,
)
_CVV = re.compile(
    r"\b(?:(?:cvv|cvc|c v v|c v c)2?|(?:security|verification) code (?:on|of|for|from) "
    r"(?:the|my) card|card(?:'s)? (?:security|verification) code|"
    r"(?:three|four|3|4)(?: digits?| numbers?|-digit code)? on the back|code on the back)\b",
    re.IGNORECASE,
)
# After a card these name its code and expiry; alone they may be the gate's, or a coupon's.
_DETAIL = re.compile(
    r"\b(?:cvv|cvc|c v v|c v c|security code|code on the back|on the back|"
    r"exp|expires|expiry|expiration|expiring|valid|good through|good thru)\b",
    re.IGNORECASE,
)
# Words that may stand between a card number and its expiry or security code.
_AFTER = frozenset(
    (
        "and", "the", "it", "its", "it's", "that", "that's", "is", "on", "of", "with", "a", "my",
        "exp", "expires", "expiry", "expiration", "expiring", "date", "valid", "through", "thru",
        "until", "cvv", "cvc", "c", "v", "security", "code", "number", "three", "four", "digit",
        "digits", "back", "front", "slash", "um", "uh", "then", "okay", "ok", "so", "are",
        "numbers", "card", "for", "good", "verification",
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    )
)  # fmt: skip
_WORDS = re.compile(r"[^\W\d_][^\W\d_']*")
_CODES = re.compile(r"\b(?:three|four|3|4)(?= (?:digits?|numbers?)?\b)", re.IGNORECASE)

# More words than these, or a word for another number, and a card number does not go on.
_MOST_WORDS = 12
_MOST_DIGITS = 60  # of one chain: three card numbers


# -- one text ------------------------------------------------------------------------------------


def contains_card(text: str) -> bool:
    return bool(cards_in(text))


def mask(text: str) -> str:
    """`text` without card numbers, nor the expiry and security code said right after one."""
    spans = [span for span, _ in cards_in(text)]
    return without(text, [*spans, *trailing(text, spans), *spoken_cvv(text)])


def cards_in(text: str, before: str = "") -> list[tuple[Span, str]]:
    """Where the card numbers of `text` stand, and which; `before` is what was said before it."""
    found = []
    for line in numbers.lines(text):
        if len(line) >= BEGUN:
            start, end = line[0].start, line[-1].end
            context = context_of(before, text[:start])
            named = is_named(context) or _named_after(text[end : end + 60], context)
            for first, stop, number in in_line(line, context, named=named):
                found.append(((line[first].start, line[stop - 1].end), number))
    return found


def in_line(line: Line, context: str, *, named: bool) -> list[tuple[int, int, str]]:
    found = numbers.find(line, named=named)
    if not found and _begun(joined(line), context, named=named):
        return [(0, len(line), joined(line))]
    return found


def context_of(before: str, text: str) -> str:
    """What was said before a number. A mask is no word of the caller's."""
    return f"{before[-80:]} {text}".replace(MASK, "#")[-80:]


def is_named(context: str) -> bool:
    """Whether the last thing named before a number is a card."""
    named = [match.end() for match in _NAMED.finditer(context)]
    return bool(named) and _OTHER.search(context, named[-1]) is None


def _named_after(text: str, context: str) -> bool:
    return _NAMED_AFTER.match(text) is not None and _OTHER.search(context) is None


def _begun(number: str, context: str, *, named: bool) -> bool:
    """Whether so few digits are the beginning of a card number, the rest still being unsaid."""
    size = len(number)
    announced = _ANNOUNCED.search(context)
    if size < BEGUN or size > numbers.LONGEST:
        return False
    if announced is not None:
        sure = announced["sure"] or announced["is"] in (" is", "'s")
        return bool(sure) or not dialable(number)
    return named and size in (8, 12) and numbers.may_begin(number)


def trailing(text: str, cards: list[Span]) -> Iterator[Span]:
    """Expiry and security code after a card number; a ZIP (five digits) is left alone."""
    for _, end in cards:
        reach = end
        for run in digits.runs(text[end : end + 160]):
            start, stop = run[0].start + end, run[-1].end + end
            if not _only_details(text[reach:start]) or len(digits.joined(run)) in (5, 9, 10, 11):
                break
            yield start, stop
            reach = stop


def _only_details(text: str) -> bool:
    return {word.lower() for word in _WORDS.findall(text)} <= _AFTER


def spoken_cvv(text: str) -> Iterator[Span]:
    for named in _CVV.finditer(text):
        for run in digits.runs(text[named.end() : named.end() + 60])[:1]:
            start = named.end() + run[0].start
            if _only_details(text[named.end() : start]) and len(digits.joined(run)) in (3, 4):
                yield start, named.end() + run[-1].end


def details(text: str) -> Iterator[Span]:
    """The expiry and the code in a turn soon after a card, where the words name them."""
    for line in numbers.lines(text):
        start, end = line[0].start, line[-1].end
        if len(line) in (5, 9) or len(line) > 8 or _CODES.fullmatch(text[start:end]):
            continue
        before = list(_DETAIL.finditer(text, max(0, start - 60), start))
        after = _DETAIL.search(text, end, end + 60)
        if (before and _only_details(text[before[-1].end() : start])) or (
            after and _only_details(text[end : after.start()])
        ):
            yield start, end


def without(text: str, spans: list[Span]) -> str:
    """`text` with each of `spans` masked; spans that touch or overlap are masked as one."""
    out: list[str] = []
    at, masked_to = 0, -1
    for start, end in sorted(spans):
        if start < at:
            at = max(at, end)
            continue
        gap = text[at:start]
        if masked_to < 0 or gap.strip(" ,./-") or not out:
            out += [gap, MASK]
        masked_to, at = end, max(at, end)
    return "".join([*out, text[at:]])


def parts(text: str) -> bool:
    """Whether these words end a number that was begun before them."""
    return len(WORD.findall(text)) > _MOST_WORDS or _OTHER.search(text) is not None


# -- over several turns --------------------------------------------------------------------------


def repeats(said: str, number: str) -> bool:
    """Whether digits are a part of a card number, or a slip that began like it."""
    if said in number or number in said:
        return True
    return said[:4] == number[:4] and len(said) not in (9, 10, 11) and len(said) <= numbers.LONGEST


def newest(line: Line) -> Line:
    """The end of a long chain, from the beginning of an item on."""
    at = max(len(line) - _MOST_DIGITS, 0)
    while 0 < at < len(line) and line[at].edge < Edge.ITEM:
        at += 1
    return line[at:]


def one_number(part: Line, number: str) -> bool:
    """Whether several turns make one number: by its check digit, or by what each of them is.

    Where only the word "card" came first, a ZIP or a phone number is no part of a card's.
    """
    if numbers.issued(number) and luhn(number):
        return True
    starts = [at for at, digit in enumerate(part) if digit.edge >= Edge.ITEM]
    sizes = [end - start for start, end in pairwise([*starts, len(part)])]
    return numbers.may_begin(number) and not {5, 7, 9, 10, 11} & set(sizes)
