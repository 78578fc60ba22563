"""The words that tell what an amount is, as patterns over a `PlainSentence`'s plain text."""

import re

from shared.domain.money import FigureRole


def _any(*spelled: str) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(spelled)})(?= )")


DEPOSIT = _any(
    r"deposits?", r"(?:put|putting|pay|paid) (?:\S+ )?down", r"down payment", r"up ?front",
    r"(?:hold|holds|held|holding|reserves?|reserved|secures?|lock(?:s|ed)?(?: \S+)? in|locks?)",
    r"confirms?", r"(?:due|pay|owe|paying|paid) (?:right )?now", r"due today", r"now you pay",
    r"(?:through|with|by|on|for) the (?:text|link)", r"the link", r"payment link",
    r"you (?:have |had )?(?:already |just )?paid",
    r"(?:get|put) you on the (?:schedule|calendar|books)", r"to get you (?:in|down|booked)",
)  # fmt: skip
VISIT = _any(
    r"visits?", r"service (?:call|fee|charge)s?", r"(?:trip|call out|callout|dispatch|diagnostic|"
    r"emergency|travel|house call|after hours)(?: (?:fee|charge|cost|call|rate|visit))?",
    r"(?:come|comes|coming|go|going|get|run|send|sending|have|having)(?: \w+){0,4} out(?: there|"
    r" to you)?",
    r"(?:have|having) (?:him|her|them|someone|somebody|a \w+) (?:come|there|over|by|look)(?: by|"
    r" over| out)?",
    r"(?:take|taking) a look", r"(?:show|showing) up", r"(?:technician|tech|plumber|"
                                        r"electrician) out",
    r"the fee", r"(?:come|comes|coming) (?:by|over|to you)",
)  # fmt: skip
ESTIMATE = _any(
    r"estimates?", r"estimated", r"repairs?", r"(?:the|that|whole|full|entire) (?:job|work|line|"
                                        r"fix|"
    r"thing|repair|installation|install|replacement|panel)", r"fix(?:ing)?(?: \w+)?", r"totals?",
    r"all in", r"altogether", r"all together", r"in all", r"ballpark", r"all told", r"work",
    r"midpoint", r"middle", r"tune ups?", r"maintenance", r"replacement", r"cleaning", r"upgrade",
    r"clearing", r"installation", r"quoted?",
)  # fmt: skip
# "Part of the total", "off the bill", "toward the repair": another amount is called so.
OF_ANOTHER = re.compile(
    r" (?:part of|(?:half|quarter|third|percent|#\d+) of|"
    r"towards?|off|along with|from|against|into|on top of|out of|included in|applied to|"
    r"credited (?:to|toward)|goes to) "
    r"(?:the|your|that|whatever the) (?:\w+ )?(?:total|bill|repairs?|estimate|price|cost|work|"
    r"visit|job|invoice)(?= )"
)
LOW = _any(r"(?:low|lower|bottom) end", r"starts? (?:at|from|around)", r"as low as", r"at least",
           r"cheapest", r"on the low(?: side)?", r"(?<=from )#\d+")  # fmt: skip
HIGH = _any(r"(?:high|higher|top|upper) end", r"up to", r"all the way (?:up )?to", r"as (?:high|"
                                        r"much) as",
            r"on the high(?: side)?", r"dearest")  # fmt: skip
ROLES: tuple[tuple[FigureRole, re.Pattern[str]], ...] = (
    (FigureRole.DEPOSIT, DEPOSIT),
    (FigureRole.VISIT, VISIT),
    (FigureRole.ESTIMATE, ESTIMATE),
    (FigureRole.LOW, LOW),
    (FigureRole.HIGH, HIGH),
)
# Whoever says these speaks of money.
MONEY = _any(
    r"costs?", r"prices?", r"priced", r"pricing", r"charges?", r"charged", r"fees?",
    r"pay(?:ing|s)?",
    r"paid", r"owe", r"owed", r"how much", r"dollars?", r"bucks?", r"expensive",
    r"cheap(?:er|est)?",
    r"rates?", r"runs?", r"quotes?", r"quoted", r"deal", r"discount", r"bill", r"balance", r"steep",
    r"money", r"penn(?:y|ies)", r"range", r"limit", r"worst case", r"roughly", r"(?:what|which) "
                                        r"number",
    r"spend",
    r"budget", r"afford",
    r"credited", r"refund(?:ed)?", r"half off", r"lower", r"less", r"better deal", r"do better",
    r"come down", r"budge", r"negotiate", r"a break", r"knock", r"waive", r"upfront",
)  # fmt: skip
NOT_MONEY_AFTER = re.compile(
    r"(?:[a-z]+ ){0,3}(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|"
    r"place|way|circle|terrace|trail|parkway|highway|elm|oak|maple|main)\b|"
    r"(?:and a half |amps?|amperes?|volts?|degrees?|years?|yr|months?|weeks?|days?|hours?|hrs?|"
    r"minutes?|mins?|seconds?|times?|people|btus?|seer|tons?|gallons?|feet|foot|inch(?:es)?|"
    r"square|psi|stars?|zip|beeps?|miles?|filters?|units?|windows?|slots?|openings?|options?|"
    r"technicians?|techs?|trucks?|vents?|outlets?|bedrooms?|bathrooms?|stories|story|watts?|"
    r"numbers?|things?|more after|business days|models?|calls?|texts?|digits|of (?:us|them|you)|"
    r"for the (?:lockbox|gate|code|door)|in the (?:house|home)|inside|outside|amp)\b"
)
NOT_MONEY_BEFORE = re.compile(
    r"(?:codes?|gate|lockbox|numbers?|zip|units?|apt|apartment|suite|invoice|model|merv|carrier|"
    r"ending in|ends in|box|room|highway|route|extension|case|ticket|order|account|job|"
    r"thermostat (?:at|to|on)|set (?:at|to)|reads|call|dial|press|door|floor|lot|since|in|"
    r"temperature is|still|street|number is|address is|codes? (?:is|are)|live at|you at|"
    r"(?:house|home) at|over at|out to) (?:the )?$"
)
ABOUT = re.compile(
    r"(?: about| around| roughly| approximately| approx| close to| near| nearly| almost|"
    r" somewhere (?:around|near|in the (?:neighborhood|range) of|about)| in the (?:neighborhood|"
    r"area|range) of| right around| just about| ballpark(?: of)?| give or take| or so| ish|"
    r" maybe| more or less| circa) (?:a |an )?$"
)
UNDER = re.compile(r" (?:(?:just |a (?:bit|little|hair|touch) |slightly |a little bit "
                   r")?(?:under|below|"
                   r"shy of|less than|short of))(?: an?)? $")  # fmt: skip
OVER = re.compile(r" (?:(?:just |a (?:bit|little|hair|touch) |slightly |a little bit )?(?:over|"
                  r"above|"
                  r"more than|north of))(?: an?)? $")  # fmt: skip
ABOUT_ANY = re.compile(r" (?:about|around|roughly|say) #")
ABOUT_AFTER = re.compile(r" ?,? ?(?:or so|give or take|ish|or thereabouts|more or less|roughly)\b")
# Prices that may change; a visit fee and a deposit do not.
OPEN_ENDED = frozenset((FigureRole.ESTIMATE, FigureRole.LOW, FigureRole.HIGH))
# What may stand between an amount and the word for what it is.
LINKS = (
    r"(?: (?:is|are|was|be|of|at|to|it|that|costs?|runs?|comes?|would|will|around|about|just|only|"
    r"for|the|a|an|your|our|today|tonight|roughly|'s|,|as|fee|charge|itself|in))*"
)
