"""The words that tell whose time a time is, as patterns over a `PlainSentence`'s plain text."""

import re

PART = re.compile(
    r" (?:in the |first thing (?:in the )?|(?:early|late|mid) )?(?P<part>morning|afternoon|"
    r"evening|night)s?(?= )"
)
OTHER = re.compile(
    r" (?:office|hours are|we open|we close|opens|we are open|are you open|closes?|closed|after "
    r"hours|business hours|regular hours|"
    r"normal hours|open (?:until|till|from|at|monday|every|seven|24)|takes?|lasts|long|last "
    r"(?:week|month|year|time|night|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)|ago|yesterday|was there|came|were there|"
    r"started|since (?:monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|last)|hours ahead|hours before|in advance|"
    r"notice|call (?:us|back|you|me)|refundable|"
    r"look(?:ing)? (?:at|for|into)|check(?:ing)?|see (?:if|what|about|whether)|find|would you|"
    r"which|if you (?!would rather|rather|would prefer|prefer|like)|"
    r"try(?:ing)?|same price|cheaper|rate is|every|each day|usually open|hang on|hold on|one "
    r"moment|"
    r"want(?:ed)?|prefer|asked (?:for|about)|works for you|need to check|ask(?:ing)? for|requested|"
    r"you said|you would like|let me|beeps?|chirps?|reads?|stay (?:on|outside)|keep|"
    r"today is|it is a little past|filter|ends? in|code|number|zip|apartment|suite|gate|"
    r"invoice)(?= )"
)
ABSENT = re.compile(
    r" (?:nothing|no (?:other )?(?:openings?|windows?|slots?|times?|availability|appointments?|"
    r"room|one)|not have (?:anything|any|a thing)|"
    r"(?:fully|all|completely) booked|booked (?:up|solid|full)|full up|not (?:anything|any)|"
    r"(?:is|are|'s) full|not available|not open)(?= )"
)
FIRST = re.compile(
    r" (?:earliest|soonest|first (?:i|one|opening|available|slot|window|we|thing i)|next (?:day|"
    r"available|opening|one|slot|window|time)(?: i| we| is| available)?|the first)(?= )"
)
BOOKED = re.compile(
    r" (?:booked|scheduled|set for|all set|on for|down for|see you|you are (?:in|on)|have you|"
    r"got you|put you|be there|"
    r"arriv\w+|will come|coming|comes|technician|tech|he is|she is|visit is|appointment|"
    r"reserved|confirmed|moved|"
    r"rescheduled|it is|that is|still|someone will|crew|expect)(?= )"
)
FRAME = re.compile(
    r" (?:there (?:at|by|between)|booked|scheduled|set|on for|down for|see you|you are (?:in|on|"
    r"now)|have you|got you|"
    r"put you|be there|arriv\w+|"
    r"will come|coming|comes|technician|tech|he is|she is|visit|appointment|reserved|confirmed|"
    r"moved|rescheduled|someone|somebody|"
    r"crew|expect|i have|i can|we can|i could|we could|we have|could do|can do|available|open|"
    r"openings?|free|works|nothing|no|"
    r"i have got|we have got|squeeze|fit you|plenty|wide|earliest|soonest|latest|first|last one|"
    r"next|"
    r"yours|window|slot|come out|out there|"
    r"it is|that is|still|is fine|sounds good|good|he will|she will|they will|we will)(?= )"
)
# Of a clause: a time that is gone, past, supposed or the caller's own; what clock or calendar
# shows; when the office is there.
ELSEWHERE = re.compile(
    r" (?:(?:grabbed|took|snagged|snapped up|claimed|picked up|beat you to)(?: \w+)? "
    r"(?:the|that|it|your|#\d+)|(?:is|are|was|were|just|got|has been|been) (?:just )?"
    r"(?:taken|gone|snapped up|filled|grabbed)|you (?:were|had been|used to be)|it was|that was|"
    r"was (?:set|booked|down|on)|(?:today|tomorrow) (?:is|'s) (?:(?:a )?\w+day|the #\d+)|"
    r"it is #\d+ (?:now|here|already)|(?:already )?(?:a (?:quarter|little|bit) )?past #\d+|"
    r"they are (?:there|here|in|back|around|at)|back in|in the office|"
    r"(?:at|by) (?:their|the) (?:desks?|phones?)|staffed|phones are|(?:give|reach) (?:us|them)|"
    r"call(?:ing)? (?:in|them)|#\d+ (?:hours|days|minutes|weeks)|"
    r"(?:if|when|since|because) (?:you|your \w+|he|she|they) (?:are|is|'s|get|gets|work|works)|"
    r"you (?:work|are at work|get (?:home|off|back)|are (?:home|back|off|busy|out)))(?= )"
)
TODAY = re.compile(r" it is (?:already |only |now |still )?(?:a )?\w+day(?= )")
OFFICE_HOURS = re.compile(
    r" (?:(?:are|is) (?:you|it|the office|they|anybody|anyone|somebody) (?:guys )?(?:open|closed|"
    r"in|there)|your hours|the hours|(?:can|should|could) i call|(?:do|does) (?:you|they|the "
    r"office) (?:guys )?(?:open|close))(?= )"
)
SCOPES = re.compile(r" (?:[,;:]|but|because|while|since) ")
WHEN = re.compile(
    r" (?:when|what time|what day|which day|how soon|the date|date|exactly|earliest|latest|soonest|"
    r"last one|what day|day and time|time again)(?= )"
)
# That somebody comes, or could, in so many words.
SAYS = re.compile(
    r" (?:booked|scheduled|set for|on for|down for|see you|have you|got you|put you|(?:he|she|they|"
    r"technician|tech|someone|somebody|crew|plumber|electrician|visit|appointment|window|slot)"
    r"(?: \w+){0,2} (?:is|are|will|comes?|arrives?|'s)|i have|i can|we can|i could|we could|we "
    r"have|got|open|openings?|available|reserved|confirmed|moved|rescheduled|earliest|soonest|"
    r"first|latest|yours|squeeze|fit you|it is|that is|come out|out there|coming|nothing|works)"
    r"(?= )"
)
BARE = 5  # words beside a day and a time that make no sentence of their own
OFFERS = re.compile(r" (?:i have|i can|we can|i could|we have|could do|can do|available|open|"
                     r"openings?|free|works|got .{0,12}open|nothing|no|"
                     r"i have got|we have got|get (?:someone|you|a \w+)|have someone|plenty|"
                     r"would be|wide)(?= )")  # fmt: skip
STOPS = re.compile(r" (?:[,;:]|but|and|so) ")
EXACT = re.compile(r" (?:exactly|sharp|on the dot|right at|promptly|precisely)(?= )")
