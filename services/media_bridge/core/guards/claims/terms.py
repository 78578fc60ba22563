"""What an agent says of money beside amounts: that it is free, less, capped, taxed, or a sum."""

import re
from collections.abc import Iterator

from services.media_bridge.core.guards.claims import money_words as words
from services.media_bridge.core.guards.claims.claim import ClaimKind
from services.media_bridge.core.guards.claims.frames import NOT, REPORTED, denied, supposed
from services.media_bridge.core.guards.claims.sentences import PlainSentence

_FREE = re.compile(
    r" (?:for free|no (?:visit|trip|service|diagnostic|call out) (?:fee|charge)|do not worry "
    r"about the (?:fee|visit|"
    r"deposit|charge)|on me|(?:not|never) (?:going to )?(?:charge|be charging) you(?: for (?:it|"
    r"that|the visit|this))?|free of charge|no charge|no cost|at no (?:extra )?(?:charge|cost)|"
    r"(?:is|be|'s) on the house|"
    r"complimentary|"
    r"(?:is|are|be|'s|comes?|it|totally|completely|absolutely) (?:\w+ )?free|free (?:estimates?|"
    r"visits?|quotes?|"
    r"inspections?|diagnos\w+|of any charge)|(?:not|will not) (?:cost|be charged|charge|pay) "
    r"(?:you )?(?:anything|a thing|a dime|a penny)|"
    r"costs? (?:you )?nothing|(?:is|are|gets?|fee|been|be) waived|nothing to (?:pay|come out)|"
    r"nothing out of pocket|(?:do|will|would) not charge (?:you )?(?:anything )?for (?:coming|it|"
    r"that|this|the (?:visit|trip|call|look|drive)))(?= )"
)
_NOT_FREE = re.compile(
    r" (?:feel free|until|till|unless|toll free|free (?:at|on|up|to|then|in|right|now|slot|window|"
    r"time)|time|slot|windows?|"
    r"opening|calendar|schedule|"
    r"cancel\w*|reschedul\w+|mov(?:e|ing)|chang(?:e|ing)|call(?:ing)? us|to ask|hands free|"
    r"worry free|to talk|noon|oclock|"
    r"am|pm|morning|afternoon|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)(?= )"
)
_DISCOUNT = re.compile(
    r" (?:(?:take|knock|shave|cut|drop|give|get|got|took|knocked|gave|do|offer|add|added)(?: "
    r"\S+){0,4} (?:off|discount|break|deal)|"
    r"(?:apply|applied|applying|honor|honored|accept|use|used|put in)(?: \S+){0,4} (?:discount|"
    r"coupon|promo\w*|special|code|deal|rebate)|"
    r"waive[sd]?|waiving|(?:match|beat|matched)(?: \S+){0,3} (?:price|quote|that|it|them|offer)|"
    r"half off|half price|"
    r"(?:#\d+|a|an|the|your|our|that) (?:\w+ ){0,3}discount (?:is|applies|was|for|of|comes|will|"
    r"on|brings)|you (?:get|qualify for|have)(?: \w+){0,3} discount|"
    r"we (?:have|offer|give)(?: \S+){0,4} discounts?|#\d+ (?:off|discount)|discounted|"
    r"throw(?:ing)? in|comp (?:the|that|your)|on special|"
    r"(?:lower|drop|reduce|lowered|dropped|reduced|bring down|come down on) (?:the|that|your) "
    r"(?:price|fee|visit|deposit|cost|rate)|skip the (?:fee|deposit|charge))(?= )"
)
# The visit's fee is credited: no discount, however it is put.
_CREDITED = re.compile(
    r" (?:back off|(?:visit|call|fee|charge) (?:\w+ )?off) (?:of )?(?:the|your) "
    r"(?:repair|job|work|total|final|bill|estimate|price of)(?= )"
)
_CAP = re.compile(
    r" (?:(?:will |would |can |could |should )?(?:not|never) (?:be |cost |run |go |come to |pay "
    r"|get |take |end up )?(?:\w+ ){0,3}?(?:more|over|above|higher|past|exceed|a penny)"
    r"|no (?:more|higher) than|nothing (?:more|over|above) (?:than )?|at (?:the )?(?:very "
    r")?most|tops|maximum|max|worst case|capped?|"
    r"guaranteed?|i promise|not a penny more|(?:is|at|for) (?:a |the )?(?:firm|fixed|flat|"
    r"locked in) price|(?:stay|keep it|come in|remain) (?:under|below)|"
    r"ceiling|final price|all you will (?:pay|owe)|"
    r"the most (?:you|it|that) )"
)
_NOT_CAP = re.compile(
    r" (?:your (?:ceiling|max\w*|budget|limit)|(?:not|no|never) (?:\w+ )?(?:guarantee[sd]?|"
    r"promise|cap|worst case)|not a (?:cap|firm|fixed|final)|"
    r"more than (?:one|two|happy|welcome|glad|#\d+ (?:hours?|days?|minutes?|years?))|no more "
    r"than #\d+ (?:hours?|days?|minutes?|years?)|"
    r"over (?:the|here|there)|not (?:\w+ )?more (?:to|for|questions|that)|go over (?:the|your|"
    r"it|that|with|everything|all))(?= )"
)
_EXTRA = re.compile(
    r" (?:plus (?:\w+ ){0,2}tax(?:es)?|sales tax|tax(?:es)? (?:is|are|would be|comes|will be|of|"
    r"adds|on top)|#\d+ (?:\w+ ){0,2}(?:tax|surcharge)|"
    r"(?:processing|convenience|card|fuel|cancellation|booking|late|"
    r"administrative|admin|environmental|disposal|restocking|parts|weekend|holiday|mileage) "
    r"(?:fee|surcharge|charge)|surcharge|same price as|"
    r"(?:same|no different) (?:price|rate)|cards? carry)(?= )"
)
_DERIVED = re.compile(r" (?:half|a quarter|a third|one quarter|#\d+) of (?:that|it|the|what)(?= )")
_SUM = re.compile(
    r"#\d+ (?:[^#,]{0,40})?(?:plus|on top of|and then another|in addition to|added to) "
    r"(?:[^#]{0,30})#\d+"
)
_PRICE = re.compile(
    r" (?:cost|costs|price|pay|bill|charge|charged|owe|total|estimate|repair|visit|fee|deposit|"
    r"job)(?= )"
)


def terms(sentence: PlainSentence, *, caller_asks: bool, has_amount: bool) -> Iterator[ClaimKind]:
    """Which of free, discount, cap, extra and sum a sentence claims."""
    text = sentence.text
    if sentence.is_question:
        return
    free = _FREE.search(text)
    if (
        free
        and not re.search(r" (?:not|never) (?:\w+ )?free", free[0])
        and not _NOT_FREE.search(text)
        and (" not charge " in free[0] or _is_claimed(text, free.start()))
    ):
        yield ClaimKind.FREE
    cut = _DISCOUNT.search(text)
    if (
        cut
        and not NOT.search(f" {cut[0]} ")
        and not _negated(text, cut.start())
        and not REPORTED.search(text)
        and " if you have " not in text
        and not _CREDITED.search(text)
    ):
        yield ClaimKind.DISCOUNT
    cap = _CAP.search(text)
    speaks = has_amount or _PRICE.search(text) is not None or (caller_asks and " promise " in text)
    if cap and speaks and not _NOT_CAP.search(text):
        yield ClaimKind.CAP
    extra = _EXTRA.search(text)
    if extra and not _negated(text, extra.start()):
        yield ClaimKind.EXTRA
    if has_amount and _DERIVED.search(text) and words.ABOUT_ANY.search(text):
        yield ClaimKind.EXTRA
    total = _SUM.search(text)
    if total and has_amount and not NOT.search(text):
        yield ClaimKind.SUM


def _is_claimed(text: str, at: int) -> bool:
    return not _negated(text, at) and not supposed(text, at)


def is_fee(sentence: PlainSentence) -> bool:
    """Whether a tax or a fee is named, and not only a share of what was said."""
    return _EXTRA.search(sentence.text) is not None


def _negated(text: str, at: int) -> bool:
    return denied(text, at, at)
