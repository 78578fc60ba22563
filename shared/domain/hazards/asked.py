"""What the agent's last question asks of danger: whether a yes to it is one, and which."""

import re
from enum import Enum

from shared.domain.models import HazardCategory as C

_SENTENCE = re.compile(r"[^.!?]*[.!?]*")
PLAIN = re.compile(r"[^\w\s',]")


class Asks(Enum):
    """What a yes to a question says."""

    DANGER = "danger"  # "Do you smell gas?"
    NO_DANGER = "no danger"  # "Nobody smells gas, right?", "Is everybody safe?"


def any_of(spelled: str) -> re.Pattern[str]:
    """Any of the patterns, told apart by |; their lines are indented."""
    either = re.sub(r"\s*\n\s*", "", spelled).replace("<alarm>", _ALARM)
    return re.compile(rf"\b(?:{either})\b")


_ALARM = (
    r"(?:alarms?|detectors?|sirens?|monitor|co alarm)(?: \w+){0,3} (?:going|sounding|beeping|"
    r"ringing|blaring|screaming|off|on|active|goes|went|go)"
)
_OF_NOW: tuple[tuple[C, re.Pattern[str]], ...] = (
    (C.GAS_LEAK, any_of(r"""
        (?:smell\w*|odor|whiff|scent)(?: \w+){0,6} (?:gas|propane|eggs?|sulfur|sulphur)|
        (?:gas|propane|rotten eggs?|egg|sulfur)(?:[\s-]\w+)? (?:smell\w*|odor|leak\w*|
        scent)|hissing|smell (?:it|that|anything|something)(?! burn| smok)|
        gas(?: or (?:any )?smoke|, (?:or )?(?:any )?(?:smoke|carbon|burning)\w*)|
        smell\w*,? (?:any )?gas|(?:strange|funny|odd|unusual|weird) (?:smell|odor)s?|
        leaking gas
    """)),
    (C.CARBON_MONOXIDE, any_of(r"""
        carbon monoxide(?! (?:detector|alarm)s? (?:in|installed|at all))|
        \bco\b(?: \w+)? <alarm>|
        (?:feel\w*|getting|anyone|anybody|anybody's|somebody)(?: \w+){0,3} (?:dizzy|
        sick|light ?headed|nauseous|headaches?|ill|faint|unwell|drowsy)|
        (?:headaches?|dizziness|nausea)
    """)),
    (C.FIRE_SMOKE, any_of(r"""
        (?:see\w*|smell\w*|any|is there|there's|notice\w*|or)(?: \w+){0,4} (?:smoke|
        flames?|fire|burning|burnt)(?! (?:detector|alarm)s?(?! \w*(?:ing|off)))|
        (?:burning|burnt|smoky)(?: \w+)? (?:smell|odor)|on fire|smoking|<alarm>|
        (?:hear\w*|is there|any|an)(?: \w+){0,3} (?:alarms?|sirens?)|
        anything (?:burning|smoking)
    """)),
    (C.FLOOD_ELECTRICAL, any_of(r"""
        water(?: \w+){0,6} (?:outlets?|panel|breakers?|electric\w*|wires?|wiring|
        appliances?|fuse|box|plugs?)|standing in (?:the )?water
    """)),
    (C.ELECTRICAL_HAZARD, any_of(r"""
        spark\w*|shock(?:s|ed|ing)?|(?:tingl|buzz|arc)ing|hot to the touch|
        (?:outlet|panel|wires?|switch)(?: \w+){0,3} (?:hot|melt\w*|warm|scorched|
        discolou?red)|downed (?:line|wire)|bare wires?|melt(?:ed|ing)
    """)),
    (C.SEWAGE, any_of(r"""
        sewage|raw sewage|waste water|
        coming (?:back )?up (?:through|out of|in) (?:the )?(?:drains?|toilet|tub|shower)
    """)),
    (C.MAJOR_LEAK, any_of(r"""
        (?:still )?(?:flooding|gushing|pouring|spraying|flooded)|
        water(?: \w+){0,4} (?:everywhere|pouring|running|spreading|coming (?:in|through|
        down))|burst|(?:ceiling)(?: \w+){0,3} (?:sagging|bulging|leaking)|rising
    """)),
    (C.NO_HEAT_FREEZING, any_of(r"""
        (?:babies|baby|infants?|elderly|newborn|small children|anyone (?:older|elderly|
        vulnerable|over)|older (?:person|people|adults?))(?: \w+){0,5}|
        (?:below|under) (?:freezing|fifty|50|forty|40)|freezing inside|
        pipes (?:frozen|freezing)
    """)),
)  # fmt: skip
_IN_DANGER = any_of(r"""
        (?:in|any|immediate|a) (?:\w+ )?danger|
        (?:hurt|injured|unconscious|passed out|trouble breathing)|emergency|dangerous
    """)  # fmt: skip
SAFE = any_of(r"""
        somewhere safe|in a safe place|
        (?:everyone|everybody|you|all|y'all|family|kids|anyone|
        folks)(?: \w+){0,3} (?:safe|okay|ok|alright|all right|fine|out of the (?:house|
        building|home)|outside|out|unharmed|unhurt)|
        (?:is|are) (?:it|things?|everything) (?:\w+ )?(?:safe|okay|ok|under control)|
        you safe|safe (?:right now|where you are|to talk|at the moment)
    """)  # fmt: skip
# Of something else: what there is, what was, what is wanted, an alarm that wants a battery.
_INNOCENT = any_of(r"""
        batter(?:y|ies)|
        (?:detector|alarm)s? (?:\w+ )?(?:plugged|working|new|installed|old|wired|connected|
        nearby)|chirp\w*|still off|
        (?:shut|turned|switched|cut) (?:\w+ )?off(?! by itself)|off now|
        (?:gas|water|power|it)(?: \w+)? off|
        (?:do|does|did) (?:you|the \w+|your \w+|it|they)(?: \w+)? (?:have|own|use|
        run on|want|need|know where)(?! (?:any |a |an |the )?(?:\w+ )?(?:smell|smoke|
        odor|sparks?|flooding|sewage|water|leak|headaches?|emergency))|
        gas (?:furnace|heater|stove|range|fireplace|company|unit|meter|bill|line|dryer|
        boiler|water heater|grill|or electric|powered|valve|oven|logs|appliances?|
        service)(?! (?:\w+ )?(?:smell|leak|hissing))|
        (?:furnace|heater|stove|unit|system|range|dryer|boiler|it) (?:is |run on |use |
        on )?(?:natural )?gas|electric or gas|(?:natural )?gas or propane|propane or natural|
        (?:install|replac|upgrad|mov|servic|inspect|test|add|clean|sched|book|quot|
        chang)\w*|how (?:old|many|long|much|often|big)|
        (?:what|when|where|which|who|why)(?:'s)? (?:is|was|are|did|do|does|kind|time|
        brand|day|size|type|color)|
        already (?:\w+ ){0,3}(?:there|out|came|come|been|checked|called|gone|cleared)|
        (?:last|before$|previous|ago|used to|back then|in the past|yesterday|ever|
        history)|(?:fire|gas|police) (?:department|company|dept|men|fighters)|
        (?:cleared|gone|stopped|went away|aired)|smoke(?:d)? (?:test|alarm battery|free)|
        non smoking|brand of|hard ?wired|smart|spell\w*|security (?:alarm|system|code)|
        alarm (?:code|company|system|clock)|fire (?:place|pit|wood)|smoke ?house|smoker|
        water heater (?:in|gas|electric|tank)|hot water|
        water (?:bill|softener|filter|main|shut ?off|meter|
        heater)(?! (?:\w+ ){0,3}(?:flood|spray|gush|burst|leak))|know (?:where|how)|
        okay (?:if|to|with|for)|ok (?:if|to|with|for)|(?:fine|alright) (?:if|to|with|for)|
        safe to (?:call|text|leave)|would you|can (?:i|we)|should (?:i|we)|shall|
        for the visit
    """)  # fmt: skip
DENIES = re.compile(
    r"\b(?:nobody|no one|noone|none|not|no|without|nothing|never|zero|free of)\b|n't\b"
)
_OR = re.compile(r"\bor (?:is it|are you|just|did you|do you just|is this)\b")


# "Isn't there smoke?" is asked as "is there smoke?".
_ISNT = re.compile(
    r"^(?:and |so |okay |but )*(?:isn't|aren't|don't|doesn't|didn't|haven't|can't|won't) "
)


def asks(question: str) -> tuple[Asks, C] | None:
    """What the agent's last question is about, and the danger a yes or a no to it would be; None
    where it asks of none."""
    asked = last_question(question)
    if not asked or _INNOCENT.search(asked.rstrip("? ")) or _OR.search(asked):
        return None
    category = next((found for found, pattern in _OF_NOW if pattern.search(asked)), None)
    if category is None and _IN_DANGER.search(asked):
        category = C.GAS_LEAK
    if category is not None:
        return (Asks.NO_DANGER if _is_negative(asked) else Asks.DANGER), category
    return (Asks.NO_DANGER, C.GAS_LEAK) if SAFE.search(asked) else None


def last_question(text: str) -> str:
    plain = text.lower().replace("’", "'").replace("-", " ").strip()
    parts = [part.strip() for part in _SENTENCE.findall(plain) if part.strip()]
    if not parts or not parts[-1].endswith("?"):
        return ""
    asked = PLAIN.sub(" ", parts[-1])
    return " ".join(asked.split())


def _is_negative(asked: str) -> bool:
    """Whether a yes to it denies the danger: "nobody smells gas?" """
    bare = _ISNT.sub("", asked)
    bare = re.sub(r"\b(?:right|correct|no|or no|or not|not),?$", "", bare.strip())
    if DENIES.search(bare):
        return True
    return bool(SAFE.search(asked)) and not re.search(r"\bsmell|alarm|smoke", asked)
