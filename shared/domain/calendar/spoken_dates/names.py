"""Words that several parts of the grammar know, as regular expressions over plain words."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
COUNTS = {"a": 1, "an": 1, "one": 1, "a couple of": 2, "a couple": 2, "couple of": 2, "couple": 2,
          "a few": 3, "few": 3}  # fmt: skip

WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
MONTH = rf"(?:{'|'.join(MONTHS)})"
COUNT = r"(?:\d{1,3}|a couple(?: of)?|couple(?: of)?|a few|few|an?)"
# A number ends where something follows that a time or a day may be followed by. What else comes
# behind a number is what it counts ("at 3 Oak Street", "about 2 units"), so it is no time.
FOLLOWS = (
    r"(?= [,.;?!]|$| (?:and|or|on|in|to|till|until|through|if|is|are|was|will|would|works?|please|"
    r"thanks?|thank|tomorrow|today|tonight|this|next|the|but|because|cause|since|when|for|so|at"
    r"|any|"
    r"sharp|ish|that|i|i'm|i'll|i'd|we|we're|my|he|she|they|you|can|could|should|maybe|um|a|am|pm|"
    r"oclock|before|after|around|by|between|from|not|no|instead|then|though|actually|each|every|"
    r"with|be|being|may|might|good|great|fine|okay|ok|perfect|best|preferably|ideally|somewhere|"
    r"some|early|late|1th thing|noon|morning|afternoon|evening|night|does|do|did|doesn't|won't"
    r"|sounds|"
    r"seems|looks|open|free|available|still|too|also|all|as|than|rather|someone|somebody|hopefully|"
    r"looking|look|possible|possibly|later|earlier|suits?|fits|usually|normally|probably|unless|"
    r"while|which|who|everybody|there|here|home|ready|go|have|has|had|need|don't|didn't|can't|it|"
    r"your|our|his|her|their|over|out|up|down|roughly|anyway|tell|call|text|see|book|put|schedule|"
    r"come|send|get|either|wait|sorry|scratch|make|let|right|depending|or|thereabouts|give|weather|"
    rf"latest|earliest|onwards?|tops|{'|'.join(WEEKDAYS)}|{'|'.join(MONTHS)})\b)"
)


def count_of(words: str) -> int:
    return int(words) if words.isdigit() else COUNTS[words]
