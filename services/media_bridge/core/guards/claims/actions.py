"""What an agent says was done: booked, moved, texted, refunded; and promises no tool can keep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.media_bridge.core.guards.claims.frames import NOT, denied, supposed
from services.media_bridge.core.guards.claims.sentences import Sentence


class Act(StrEnum):
    """What was said to be done. The values are how the model is told what it said."""

    BOOKED = "that it is booked"
    ALL_SET = "that it is all done"
    MOVED = "that the visit was moved"
    CANCELED = "that the visit was canceled"
    REFUNDED = "that the money was given back"
    REFUND_ASKED = "that a refund was asked for"
    TEXTED = "that a text was sent"
    TEXTED_AGAIN = "that a text was sent again"
    NOTED = "that a note was saved"
    MESSAGE = "that a message was passed on"
    TRANSFER = "that the caller is being put through"
    ALERTED = "that somebody was told"
    CALLED_911 = "that 911 was called"
    ON_THE_WAY = "that somebody is on the way"
    PAID = "that a payment came in"
    OPTED_OUT = "that the number was taken off a list"
    PROMISE = "something nobody here can promise"
    HUMAN = "that you are a person"


@dataclass(frozen=True, slots=True)
class ActClaim:
    act: Act
    text: str  # the plain sentence


_I = r"(?:i|we) (?:have |just |already |have just |have already |have now |now |went ahead and |have gone ahead and |did |also |have also |had |am going ahead and |actually )*"
_DONE = r"(?: is| are| was| has been| have been| just| has| have| got| 's| 's been| being| all| already| now| now all)+"
_VISIT = r"(?:appointment|visit|slot|window|time|booking|reservation|spot|that|it|this|everything|service call|job|#\d+|" \
         r"today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|am|pm|oclock|they|both|visits|you)"
_PATTERNS: tuple[tuple[Act, tuple[str, ...]], ...] = (
    (Act.PROMISE, (r"(?:we|i|it|that|repairs?|work|parts?|everything)(?: \S+){0,4} (?:warrant(?:y|ied|ies)|guarantee[sd]?)(?! of)", r"(?:is|are|'s) covered(?: by)?(?: \S+){0,3} (?:warranty|guarantee|insurance|policy|plan)?", r"under warranty", r"(?:year|lifetime|day|month) warranty",
                   r"(?:he|she|they|technician|tech|someone|somebody|crew|office|manager|owner) will (?:\w+ )?(?:call|text|phone|ring|reach out|get back|be there|be out|arrive)(?: \S+){0,4} (?:within|in (?:about )?#\d+|in (?:a few|an|half an|the next)|half an|first thing|#\d+ minutes|before (?:he|she|they|coming|arriving|heading))",
                   r"(?:someone|somebody|technician|tech|he|she|they|crew|we|plumber|electrician)(?: \S+){0,5} (?:within (?:the|an|#\d+|half)|in (?:about )?(?:#\d+ (?:minutes|hours?)|an hour|half an hour|a few minutes)|right away|in no time)", r"within (?:the|an) hour", r"reminder call", r"money back guarantee", r"(?:crew|technician|tech|he|they) (?:has|have|already )+(?:confirmed|promised|agreed|said)",
                   r"(?:he|she|the technician|the tech|they) (?:will|is going to) (?:have|bring|fix|finish|replace)(?: \S+){0,3} (?:part|parts|it today|it tonight|on the truck|it the same day)", r"#\d+ minutes or less", r"i (?:promise|guarantee)", r"no matter what", r"i (?:set|scheduled) a reminder", r"first (?:stop|one on|on the list)", r"that is on us", r"(?:just )?(?:messaged|texted|called|told) me (?:that )?(?:he|she|they)", r"give you your money back")),
    (Act.CALLED_911, (rf"{_I}(?:called|dialed|contacted|phoned|alerted|notified) (?:the )?(?:#\d+|fire|police|ambulance|emergency|gas company|utility|paramedics)",
                      r"(?:fire department|ambulance|paramedics|police|gas company) (?:is|are|has been|have been) (?:on|coming|notified|called|alerted|dispatched)",
                      r"help is on (?:the|its) way")),
    (Act.HUMAN, (r"i am (?:a |an )?(?:real |actual |live |human |flesh and blood )*(?:person|human|human being|woman|man|lady|guy|receptionist)(?! (?:assistant|ai))",
                 r"(?:talking|speaking) (?:to|with) (?:a|an) (?:(?:real|actual|live) )*(?:human|person)(?: being)?",
                 r"i am (?:not|no) (?:a |an )?(?:\w+ )?(?:bot|robot|ai|machine|computer|recording|automated|assistant|virtual)", r"i am (?:very |quite |totally |completely |as )?(?:real|human)")),
    (Act.MOVED, (rf"{_I}(?:moved|rescheduled|switched|shifted|pushed|bumped|changed|swapped) (?:you|it|that|your|the (?:visit|appointment|time|booking)|everything|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
                 rf"{_VISIT}{_DONE} (?:moved|rescheduled|switched|shifted|pushed|bumped|changed over)", r"all (?:moved|rescheduled|switched)", r"you are (?:all )?(?:moved|rescheduled|switched)",
                 r"(?:is gone|is freed up|is released) (?:now|and)")),
    (Act.CANCELED, (rf"{_I}(?:canceled|scrapped|called off|removed|deleted) (?:\S+ ){{0,4}}?(?:visit|appointment|booking|it|that|one|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?! down)", rf"{_I}(?:took|taken|pulled|dropped|removed) (?:\S+ ){{0,4}}?off the (?:schedule|calendar|books)",
                    rf"{_VISIT}(?: \w+)?{_DONE} (?:canceled|called off|taken off|removed|scrapped|off the (?:schedule|calendar|books))", r"(?:consider it|all) canceled", r"you are (?:all )?canceled")),
    (Act.REFUND_ASKED, (rf"{_I}(?:asked|requested|put in|submitted|sent)(?: \S+){{0,6}} refund\w*", r"refund (?:has been|was|is) (?:requested|asked for|submitted)")),
    (Act.REFUNDED, (rf"{_I}(?:refunded|returned|reversed|credited back|issued|processed|pushed through|sent back)(?: \S+){{0,4}} (?:deposit|refund|money|it|that|payment|#\d+)(?: back)?",
                    r"(?:deposit|money|it|payment|#\d+)(?: has been| was| is| 's)+ (?:\w+ )?(?:refunded|returned|sent back|on its way back|back on your card)",
                    r"refund(?: has been| has| was| is| 's| went)(?: \w+)? (?:issued|processed|sent|gone|through|on (?:its|the) way|done|complete\w*|approved|posted|out)",
                    r"(?:get|got|getting) (?:you )?(?:your|the) (?:money|deposit) back", r"give you your money back", rf"{_I}got(?: \S+){{0,4}} (?:deposit|money|refund) back", r"will be refunded in full")),
    (Act.TEXTED_AGAIN, (rf"{_I}(?:resent|re sent|sent (?:\S+ ){{0,4}}(?:again|another|a second)|texted (?:\S+ ){{0,4}}again)", r"(?:another|second|new) (?:text|link)(?: is| has| was| just)+ (?:on|gone|been|went|sent)")),
    (Act.TEXTED, (rf"{_I}(?:texted|messaged|emailed|e mailed)", rf"{_I}(?:sent|shot|fired off|forwarded|dropped)(?: \S+){{0,5}} (?:link|text|message|confirmation|texts|info|details|quote|receipt|email|copy|it|that|invoice|reminder|address|over|phone)",
                  r"(?:text|link|confirmation|message|email|details|receipt|it)(?: just| has| is| was| should be| 's| been| have| already| now)+ (?:sent|gone out|went out|out|on (?:its|the) way|in your (?:messages|inbox|texts)|texted|headed|heading|delivered|going out|on your phone)",
                  r"(?:text|link|confirmation|message|email|time|details) (?:just )?went (?:out|to)", r"(?:link|text|confirmation)(?: \S+){0,5} is (?:in|on) your (?:messages|phone|texts|inbox)", r"you (?:should )?(?:just )?(?:got|have|received)(?: \S+)? (?:text|link) from us")),
    (Act.OPTED_OUT, (rf"{_I}(?:opted you out|taken you off|took you off|removed you|removed your (?:number|name)|unsubscribed|blocked|put you on the do not)", r"you (?:will not|are not going to) (?:get|receive|see)(?: \S+){0,2} (?:texts?|messages?|calls)",
                     r"you are (?:off (?:the|our)|unsubscribed|opted out|on the do not)", r"your number is off")),
    (Act.NOTED, (rf"{_I}(?:added|saved|noted|put|made|left|logged|jotted|updated|recorded|attached|entered|included|written|wrote|flagged|marked)(?: \S+){{0,6}} (?:notes?|job|file|account|ticket|order|record|profile|system|appointment|visit|technician|tech|crew|them)",
                 rf"{_I}(?:added|saved|attached) (?:that|it|those|this|the (?:\w+ )?(?:code|notes?|gate|dog|pet))", r"(?:that|it|code|note|notes|dog|gate|those)(?: \w+)?(?: is| are| has been| was| 's)+ (?:\w+ )?(?:saved|added|on (?:the|your) (?:job|file|ticket|account|order)|in (?:the|your) (?:job|notes?|file|system|account)|on there|attached|in there)")),
    (Act.MESSAGE, (rf"{_I}(?:passed|relayed|forwarded|sent|left|taken|took|given|gave|delivered|handed)(?: \S+){{0,4}} (?:message|on|along|down|office|team|manager|owner|word|them)(?: \w+)?",
                   rf"{_I}(?:told|informed|let) (?:the|our|your|them|my) (?:\w+ )?(?:office|team|technician|tech|crew|manager|owner|plumber|electrician|know|dispatch\w*|boss)", r"(?:message|it|that)(?: has been| is| was| 's| been)+ (?:\w+ )*(?:passed|sent to the office|delivered|with the office|in their|on their desk|on its way to the office)",
                   r"the office (?:has|got|knows) (?:your|the|it|about)")),
    (Act.ALERTED, (rf"{_I}(?:paged|alerted|notified|pinged|called|reached|contacted|spoke (?:to|with)|spoken (?:to|with)|talked (?:to|with)|checked with|messaged|reached out to)(?: \S+){{0,3}} (?:on call|technician|tech|crew|dispatch\w*|office|manager|owner|team|supervisor|boss|plumber|electrician|him|her)",
                   r"(?:on call|technician|tech|crew|team|office)(?: \w+)? (?:has been|have been|was|is) (?:paged|alerted|notified|told|informed|aware)")),
    (Act.TRANSFER, (r"(?:i am|we are|am|now)?(?: now| just)? ?(?:transferring|connecting|patching|putting|handing|sending) (?:you|your call|the (?:owner|manager|technician))(?: \S+){0,4}",
                    rf"{_I}(?:transferred|connected|patched|put) you (?:to|with|through|over)", r"you are (?:now |being )+(?:transferred|connected|put through)", r"(?:transferring|connecting) now", r"(?:got|have) (?:someone|him|her|a person|the \w+) (?:on|right here)")),
    (Act.ON_THE_WAY, (r"(?:he|she|technician|tech|someone|somebody|crew|plumber|electrician|team|truck|they|guy|help|driver|guys)(?: is| are| 's| has| have)* (?:already |just |now )?(?:on (?:his|her|their|the|its) way|en route|heading|headed|driving|around the corner|pulling up|parking|rolling|left|down the (?:street|road)|almost there|nearby|#\d+ minutes (?:away|out))",
                      r"(?:i am|we are) (?:sending|dispatching|getting)(?: \S+){1,3} (?:out|over|there|now|right away|to you|your way)", rf"{_I}(?:dispatched|sent) (?:someone|somebody|him|her|a|the|our|technician|crew|help)", r"(?:has been|been|is|'s) dispatched")),
    (Act.PAID, (r"(?:deposit|payment|card)(?: has| is| 's| was| just| already| been)* (?:(?:came|come|gone|went) (?:through|in)|cleared|posted|received|processed|settled|taken care of|covered|all paid|collected|paid(?! (?:by|through|with|when|out|before|at|on|over|for|after|once|online|from|to|toward|back|using|via)))",
                rf"{_I}(?:got|received|have|see|collected|charged|run|ran|taken|took)(?: \S+)? (?:deposit|payment|card)(?! link)", r"you (?:have |are )?(?:all |already )?paid(?: up)?", r"i (?:can )?see (?:the|your)(?: \S+){0,2} (?:deposit|payment)(?: \S+){0,5} (?:paid|came|went|cleared)")),
    (Act.BOOKED, (r"you(?: are| have been| are now| will be)(?: all| now| officially| \w+ly)* (?:booked|scheduled|confirmed|reserved|locked in|penciled in|on the (?:schedule|calendar|books|board)|down for|on for|set for|in for|signed up|on)(?! (?:hold|the line|speaker|with|a recorded|my|your|us|our|me))",
                  rf"{_I}(?:booked|scheduled|reserved|penciled|locked (?:in|you|that|it)|slotted|secured|confirmed|held|saved) (?:you|it|that|the|your|in|#\d+|today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
                  rf"{_I}(?:put|got|have|set|have got|get) (?:you|that|it) (?:all )?(?:down|in|on|booked|scheduled|set|confirmed|reserved|set up|locked)(?! (?:#\d+ )?(?:oak|file))", rf"{_I}(?:made|set up|finalized|completed) (?:the|your|that|an|a) (?:appointment|booking|visit|reservation)",
                  rf"{_VISIT}(?: \w+)?(?: is| are| has been| was| 's| been| now| all)+ (?:\w+ )?(?:booked|scheduled|confirmed|reserved|locked in|on the (?:schedule|calendar|books)|in the (?:books|system|schedule))", r"(?:booking|appointment|reservation|it)(?: just| has| is)* (?:went|gone|go|goes) through", r"(?:is|are) (?:all )?yours(?! to)",
                  r"(?:it|that) did go through", r"all (?:booked|scheduled|confirmed)", r"(?:i|we) (?:can )?see your (?:\w+ )?(?:booking|appointment|visit)", r"#\d+ it is(?: \S+)* (?:see you|done)", r"we will see you", r"see you (?:then|tomorrow|tonight|today|on|monday|tuesday|wednesday|thursday|friday|saturday|sunday|between|at)", r"(?:he|she|technician|tech|someone|crew|plumber|electrician|they) will (?:be there|arrive|be out|see you|come|be by|be at)")),
    (Act.ALL_SET, (r"you are (?:all )?(?:set|good to go|squared away|good|taken care of)(?! (?:for|to) (?:a|the|this|that|talk|start|go ahead))", r"all (?:set|done|taken care of)", r"everything is (?:\w+ )?(?:set|done|taken care of|in place|in order)", r"(?:it|that) is (?:all )?(?:done|set|taken care of)", r"(?:it|that) went through")),
)  # fmt: skip
_COMPILED = tuple(
    (act, re.compile(rf"(?<= )(?:{'|'.join(spelled)})(?= )")) for act, spelled in _PATTERNS
)
# No deed of anybody's: "the deposit is paid through a link", what was done before, or else.
_NO_DEED = re.compile(
    r" (?:would have|should have been|every|everyone|usually|typically|always|normally|texts to that|bookings take|ask you|"
    r"anybody|not (?:\w+ )?(?:yet|been)|looking at|last (?:time|year|month)|tune ups? (?:is|are)|takes|you booked|you said|"
    r"you put|caller|the rest of|so far|do not read|as (?:soon )?as|"
    r"you paid (?:last|before|them))(?= )"
)
_BY_DENIAL = frozenset((Act.HUMAN, Act.OPTED_OUT))  # "I am not a robot"


def acts(sentence: Sentence) -> Iterator[ActClaim]:
    """What a sentence says was done. A question, an offer, a plan or a denial says nothing."""
    text = sentence.text
    if sentence.is_question or _NO_DEED.search(text):
        return
    taken: list[tuple[int, int]] = []
    for act, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            if act not in _BY_DENIAL and (denied(text, found.start(), found.end()) or NOT.search(f" {found[0]} ")):
                continue
            if supposed(text, found.start()) and " money back" not in found[0]:
                continue
            taken.append(found.span())
            yield ActClaim(act, text)
            break
