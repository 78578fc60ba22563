"""The words that say a deed was done, as patterns over a `PlainSentence`'s text."""

import re

from services.media_bridge.core.guards.claims.act import Act

# <i>, <is> and <visit> in the patterns: who did it, that it was done, and what to.
_I = (
    r"(?:i|we) (?:have |just |already |have just |have already |have now |now |went ahead and |"
    r"have gone ahead and |did |also |have also |had |am going ahead and |actually )*"
)
_DONE = (
    r"(?: is| are| was| has been| have been| just| has| have| got| 's| 's been| being| all|"
    r" already| now| now all| been)+"
)
_VISIT = (
    r"(?:appointment|visit|slot|window|time|booking|reservation|spot|that|it|this|everything|"
    r"service call|job|#\d+|today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|morning|afternoon|am|pm|oclock|they|both|visits|you)"
)
# A pattern a line; one that ends with | goes on in the next.
PATTERNS: dict[Act, str] = {
    Act.PROMISE: r"""
        (?:we|i|it|that|repairs?|work|parts?|everything)(?: \S+){0,4} (?:warrant(?:y|ied|
            ies)|guarantee[sd]?)(?! of)
        (?:is|are|'s) covered(?: by)?(?: \S+){0,3} (?:warranty|guarantee|insurance|policy|plan)?
        under warranty
        (?:year|lifetime|day|month) warranty
        (?:he|she|they|technician|tech|someone|somebody|crew|office|manager|
            owner) will (?:\w+ )?(?:call|text|phone|ring|reach out|get back|be there|be out|
            arrive)(?: \S+){0,4} (?:within|in (?:about )?#\d+|in (?:a few|an|half an|the next)|
            half an|first thing|#\d+ minutes|before (?:he|she|they|coming|arriving|heading))
        (?:someone|somebody|technician|tech|he|she|they|crew|we|plumber|
            electrician)(?: \S+){0,5} (?:there|out|over|here|to you|
            with you)(?: \S+){0,2} (?:within (?:the|an|#\d+|half)|
            in (?:about )?(?:#\d+ (?:minutes|hours?)|an hour|half an hour|a few minutes)|
            right away|in no time)
        within (?:the|an) hour
        (?:they|someone|somebody|office|manager|owner) will (?:call|ring|phone|
            text)(?: \w+){0,2}? at #\d+
        on the dot
        reminder call
        money back guarantee
        (?:crew|technician|tech|he|they) (?:has|have|already )+(?:confirmed|promised|agreed|said)
        (?:he|she|the technician|the tech|they) (?:will|is going to) (?:have|bring|fix|
            finish|replace)(?: \S+){0,3} (?:part|parts|it today|it tonight|on the truck|
            it the same day)
        #\d+ minutes or less
        i guarantee
        no matter what
        i (?:set|scheduled) a reminder
        first (?:stop|one on|on the list)
        that is on us
        (?:just )?(?:messaged|texted|called|told) me (?:that )?(?:he|she|they)
        give you your money back
    """,
    Act.CALLED_911: r"""
        <i>(?:called|dialed|contacted|phoned|alerted|notified) (?:the )?(?:#\d+|fire|police|
            ambulance|emergency|gas company|utility|paramedics)
        (?:fire department|ambulance|paramedics|police|gas company) (?:is|are|has been|
            have been) (?:on|coming|notified|called|alerted|dispatched)
        help is on (?:the|its) way
    """,
    Act.HUMAN: r"""
        i am (?:a |an )?(?:real |actual |live |human |flesh and blood )*(?:person|human|
            human being|woman|man|lady|guy|receptionist)(?! (?:assistant|ai))
        (?:talking|speaking) (?:to|with) (?:a|an) (?:(?:real|actual|live) )*(?:human|
            person)(?: being)?
        i am (?:not|no) (?:a |an )?(?:\w+ )?(?:bot|robot|ai|machine|computer|recording|
            automated|assistant|virtual)
        i am (?:very |quite |totally |completely |as )?(?:real|human)
    """,
    Act.MOVED: r"""
        <i>(?:moved|rescheduled|switched|shifted|pushed|bumped|changed|swapped) (?:you|it|
            that|your|the (?:visit|appointment|time|booking)|everything|(?:mon|tues|wednes|
            thurs|fri|satur|sun)day)
        <visit><is> (?:moved|rescheduled|switched|shifted|pushed|bumped|changed over)
        all (?:moved|rescheduled|switched)
        you are (?:all )?(?:moved|rescheduled|switched)
        (?:is gone|is freed up|is released) (?:now|and)
    """,
    Act.CANCELED: r"""
        (?:quedó|quedo|está|esta|fue) cancelad\w+
        <i>(?:canceled|scrapped|called off|removed|deleted) (?:\S+ ){0,4}?(?:visit|
            appointment|booking|it|that|one|monday|tuesday|wednesday|thursday|friday|saturday|
            sunday)(?! down)
        <i>(?:took|taken|pulled|dropped|removed) (?:\S+ ){0,4}?off the (?:schedule|calendar|books)
        <visit>(?: \w+)?<is> (?:canceled|called off|taken off|removed|scrapped|
            off the (?:schedule|calendar|books))
        <visit><is> (?:wiped|erased|pulled|struck|
            dropped|cleared) (?:from|off)
        (?:visit|appointment|tune up|repair|booking|one) (?:is|'s) off(?= (?:and|now|,|$))
        (?:consider it|all) canceled
        you are (?:all )?canceled
    """,
    Act.REFUND_ASKED: r"""
        <i>(?:asked|requested|put in|submitted|sent)(?: \S+){0,6} refund\w*
        refund (?:has been|was|is) (?:requested|asked for|submitted)
    """,
    Act.REFUNDED: r"""
        <i>refunded (?:you|all|everything|your|the)
        <i>(?:refunded|returned|reversed|credited back|issued|processed|pushed through|
            sent back)(?: \S+){0,4} (?:deposit|refund|money|it|that|payment|#\d+)(?: back)?
        (?:deposit|money|it|payment|#\d+)(?: has been| was| is| 's)+ (?:\w+ )?(?:refunded|
            returned|sent back|on its way back|back on your card)
        refund(?: has been| has| was| is| 's| went)(?: \w+)? (?:issued|processed|sent|gone|
            through|on (?:its|the) way|done|complete\w*|approved|posted|out)
        (?:get|got|getting) (?:you )?(?:your|the) (?:money|deposit) back
        give you your money back
        <i>got(?: \S+){0,4} (?:deposit|money|refund) back
        <i>(?:sent|put|credited|dropped)(?: \S+){0,4} (?:back (?:to|on|onto) your|on your) (?:card|
            account|bank)
        (?:back|again) (?:in|on) your (?:card|account|bank)
        already (?:sitting )?(?:in|on) your (?:card|account|bank)
        will be refunded in full
    """,
    Act.TEXTED_AGAIN: r"""
        <i>(?:texted|sent|messaged)(?: \S+){0,3} (?:him|her|them|your (?:husband|wife|son|
            daughter|tenant|landlord|mom|dad|office))(?: too| as well| also)?
        <i>(?:resent|re sent|sent (?:\S+ ){0,4}(?:again|another|a second)|
            texted (?:\S+ ){0,4}again)
        (?:another|second|new) (?:text|link)(?: is| has| was| just)+ (?:on|gone|been|went|sent)
    """,
    Act.TEXTED: r"""
        (?:ya )?(?:le|te) (?:mandé|mande|envié|envie)
        it (?:just )?(?:went|has gone|is gone|is already) out
        you should (?:see|have|get|be getting)(?: \S+){0,4} (?:now|any (?:second|minute|
            moment)|already|by now)
        (?:sitting|waiting|find it|be) (?:\w+ )?(?:in your (?:text )?(?:messages|texts|
            inbox)|on your (?:screen|phone))
        check your (?:phone|texts|messages)
        <i>(?:texted|messaged|emailed|e mailed)
        <i>(?:sent|shot|fired off|forwarded|dropped)(?: \S+){0,5} (?:link|text|message|
            confirmation|texts|info|details|quote|receipt|email|copy|it|that|invoice|reminder|
            address|over|phone)(?! (?:\S+ ){0,2}(?:to|with|for) (?:the|our) (?:office|team|manager|
            owner|staff|dispatch\w*|technician|tech|crew|boss))
        (?:text|link|confirmation|message|email|details|receipt|
            it)(?: just| has| is| was| should be| 's| been| have| already| now)+ (?:sent|
            gone out|went out|out|on (?:its|the) way|in your (?:messages|inbox|texts)|texted|
            headed|heading|delivered|going out|on your phone)
        (?:text|link|confirmation|message|email|time|details) (?:just )?went (?:out|to)
        (?:link|text|confirmation)(?: \S+){0,5} is (?:in|on) your (?:messages|phone|texts|inbox)
        you (?:should )?(?:just )?(?:got|have|received)(?: \S+)? (?:text|link) from us
    """,
    Act.OPTED_OUT: r"""
        <i>(?:opted you out|taken you off|took you off|removed you|removed your (?:number|
            name)|unsubscribed|blocked|put you on the do not)
        you (?:will not|are not going to) (?:get|receive|see)(?: \S+){0,2} (?:texts?|
            messages?|calls)
        you are (?:off (?:the|our)|unsubscribed|opted out|on the do not)
        your number is off
    """,
    Act.NOTED: r"""
        <i>(?:added|saved|noted|put|made|left|logged|jotted|updated|recorded|attached|
            entered|included|written|wrote|flagged|marked)(?: \S+){0,6} (?:notes?|job|file|
            account|ticket|order|record|profile|system|appointment|visit|technician|tech|crew|
            them)
        <i>(?:added|saved|attached) (?:that|it|those|this|the (?:\w+ )?(?:code|notes?|gate|
            dog|pet))
        (?:that|it|code|note|notes|dog|gate|
            those)(?: \w+)?(?: is| are| has been| was| 's)+ (?:\w+ )?(?:saved|added|on (?:the|
            your) (?:job|file|ticket|account|order)|in (?:the|your) (?:job|notes?|file|system|
            account)|on there|attached|in there)
    """,
    Act.MESSAGE: r"""
        <i>(?:passed|relayed|forwarded)(?: \S+){0,4} (?:on|along|to)
        <i>(?:sent|left|taken|took|given|gave|delivered|handed)(?: \S+){0,4} (?:message|
            office|team|manager|owner|word|them)
        <i>(?:taken|took) (?:that|it|this) down (?:for|and)
        <i>(?:told|informed|let) (?:the|our|your|them|my) (?:\w+ )?(?:office|team|
            technician|tech|crew|manager|owner|plumber|electrician|know|dispatch\w*|boss)
        (?:message|it|that)(?: has been| is| was| 's| been)+ (?:\w+ )*(?:passed|
            sent to the office|delivered|with the office|in their|on their desk|
            on its way to the office)
        the office (?:has|got|knows) (?:your|the|it|about)
    """,
    Act.ALERTED: r"""
        <i>(?:paged|alerted|notified|pinged|called|reached|contacted|spoke (?:to|with)|
            spoken (?:to|with)|talked (?:to|with)|checked with|messaged|
            reached out to)(?: \S+){0,3} (?:on call|technician|tech|crew|dispatch\w*|office|
            manager|owner|team|supervisor|boss|plumber|electrician|him|her)
        (?:on call|technician|tech|crew|team|office)(?: \w+)? (?:has been|have been|was|
            is) (?:paged|alerted|notified|told|informed|aware)
    """,
    Act.TRANSFER: r"""
        (?:lo|la|le|te) estoy (?:transfiriendo|comunicando|pasando|conectando)
        (?:transferring|connecting|patching) (?:you|your call|the call)(?: \S+){0,4}
        (?:putting|handing|sending|getting|switching) (?:you|your call|the (?:owner|manager|
            technician|office))(?: \S+)? (?:through|over|on the line|to (?:a|the|our|someone|
            somebody|him|her))(?! \w+ (?:link|text))
        <i>(?:transferred|connected|patched|put) you (?:to|with|through|over)
        you are (?:now |being )+(?:transferred|connected|put through)
        (?:transferring|connecting) now
        (?:got|have) (?:someone|him|her|a person|the (?:manager|owner|technician|
            office)) (?:on the|right here|with me)
    """,
    Act.ON_THE_WAY: r"""
        (?:he|she|technician|tech|someone|somebody|crew|plumber|electrician|team|truck|they|
            guy|help|driver|guys)(?: is| are| 's| has| have)* (?:already |just |
            now )?(?:on (?:his|her|their|the|its) way|en route|heading|headed|driving|
            around the corner|pulling up|parking|rolling|left|down the (?:street|road)|
            almost there|nearby|#\d+ minutes (?:away|out))
        (?:i am|we are) (?:sending|dispatching|getting) (?:someone|somebody|a \w+|him|her|
            help|the \w+|our \w+)(?: \S+){0,2} (?:out|over|there|now|right away|to you|your way)
        <i>(?:dispatched|sent) (?:someone|somebody|him|her|help|(?:(?:a|the|our) )?(?:\w+ )?
            (?:technician|tech|crew|plumber|electrician|team|truck|guys?|man|driver))
        (?:has been|been|is|'s) dispatched
        (?:he|she|they|technician|tech|crew|truck|driver)(?: is| are| 's| has| have| just| now|
            about| maybe| only| already)* (?:#\d+ minutes? (?:away|out|from|off)|
            turn(?:ed|ing) (?:on|onto|into|in|off)|pull(?:ed|ing) (?:in|up|out)|stepping on it|
            minutes away|on the road|close by|in your (?:area|neighborhood|street))
        truck in your (?:area|neighborhood)
    """,
    Act.PAID: r"""
        (?:we|i) (?:did|have) get it
        (?:all|both|fully) paid(?: up)?(?! by)
        paid (?:up|in full)
        we did , the (?:deposit|payment)
        (?:deposit|payment|card)(?: has| is| 's| was| just| already| been)* (?:(?:came|come|
            gone|went) (?:through|in)|cleared|posted|received|processed|settled|taken care of|
            covered|all paid|collected|paid(?! (?:by|through|with|when|out|before|at|on|over|
            for|after|once|online|from|to|toward|back|using|via)))
        <i>(?:got|received|collected|charged|run|ran|taken|took)(?: \S+)? (?:deposit|
            payment|card)(?! link)
        (?:i (?:can )?see|shows?|showing|looks like)(?: \S+){0,3} paid
        you (?:have |are )?(?:all |already )?paid(?: up)?
        i (?:can )?see (?:the|your)(?: \S+){0,2} (?:deposit|payment)(?: \S+){0,5} (?:paid|
            came|went|cleared)
    """,
    Act.BOOKED: r"""
        (?:ya )?(?:quedó|quedo|está|esta) (?:ya )?(?:agendad|reservad|confirmad|programad)\w+
        consider it (?:done|booked|handled|taken care of)
        (?:spot|slot|time|window|place) is (?:saved|held|reserved|secured|locked(?: in)?|
            set aside)
        <i>(?:locked|saved|held|grabbed|claimed|set aside) (?:that|it|the|your|this|a)
        (?:it|that|this|you) (?:is|are) (?:all )?(?:in the (?:system|books)|official|
            on (?:my|our|the) (?:calendar|schedule|books))
        (?:technician|tech|someone|plumber|electrician|he|she|crew) is (?:\w+ )?(?:coming|
            scheduled|set|booked|assigned)(?: out)?(?: \w+)? (?:tomorrow|tonight|today|at|
            between|on|monday|tuesday|wednesday|thursday|friday|saturday|sunday|for)
        (?:have|get) (?:him|her|someone|somebody|them|a \w+) (?:there|out there) (?:at|by|for)
        you(?: are| have been| are now| will be)(?: all| now| officially| \w+ly)* (?:booked|
            scheduled|confirmed|reserved|locked in|penciled in|on the (?:schedule|calendar|
            books|board)|down for|on for|set for|in for|signed up|on(?= (?:for|between|tomorrow|
            tonight|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday)))
        <i>(?:booked|scheduled|reserved|penciled|locked (?:in|you|that|it)|slotted|secured|
            confirmed|held|saved) (?:you|it|that|the|your|in|#\d+|today|tonight|tomorrow|monday|
            tuesday|wednesday|thursday|friday|saturday|sunday)
        <i>(?:put|got|have|have got|get) you (?:all )?(?:down|in|on)(?= (?:for|on|between|
            from|tomorrow|tonight|today|monday|tuesday|wednesday|thursday|friday|saturday|
            sunday|now|already|first|the (?:schedule|calendar|books)|,|$|#))
        <i>(?:put|got|have|have got|get) (?:you|that|it) (?:all )?(?:booked|scheduled|
            set up|set for|confirmed|reserved|locked)
        <i>(?:made|set up|finalized|completed) (?:the|your|that|an|a) (?:appointment|
            booking|visit|reservation)
        <visit>(?: \w+)?(?: is| are| has been| was| 's| been| now| all)+ (?:\w+ )?(?:booked|
            scheduled|confirmed|reserved|locked in|on the (?:schedule|calendar|books)|
            in the (?:books|system|schedule))
        (?:booking|appointment|reservation|it)(?: just| has| is)* (?:went|gone|go|goes) through
        (?:is|are) (?:all )?yours(?! to)
        (?:it|that) did go through
        all (?:booked|scheduled|confirmed)
        (?:i|we) (?:can )?see your (?:\w+ )?(?:booking|appointment|visit)
        #\d+ it is(?: \S+)* (?:see you|done)
        we will see you
        see you (?:then|tomorrow|tonight|today|on|monday|tuesday|wednesday|thursday|friday|
            saturday|sunday|between|at)
        (?:he|she|technician|tech|someone|crew|plumber|electrician|they) will (?:be there|
            arrive|be out|see you|come|be by|be at)
    """,
    Act.ALL_SET: r"""
        you are (?:all )?(?:set|good to go|squared away|taken care of)(?! (?:for|to) (?:a|
            the|this|that|talk|start|go ahead))
        all (?:set|done|taken care of)
        everything is (?:\w+ )?(?:set|done|taken care of|in place|in order)
        (?:it|that) is (?:all )?(?:done|set|taken care of)
        (?:it|that) went through
    """,
}


def compiled(spelled: str) -> re.Pattern[str]:
    lines = re.sub(r"\|\n\s*", "|", spelled).splitlines()
    either = "|".join(filter(None, map(str.strip, lines)))
    for mark, words in (("<i>", _I), ("<is>", _DONE), ("<visit>", _VISIT)):
        either = either.replace(mark, words)
    return re.compile(rf"(?<= )(?:{either})(?= )")
