"""What the words of claims stand for, so that words never seen count as those that were.

A word is one of a family by its whole spelling or, where it ends with "-", by its beginning; a
phrase of several words is looked for before its words are.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

_FAMILIES: Mapping[str, str] = {
    "i": "i we me myself personally yo nosotros",
    "you": "you your yours usted su tu te le",
    "he": "he she they them him her technician- tech- crew- plumber- electrician- guy guys truck-"
    " somebody someone driver team installer- helper fella lady gal rep tecnico plomero-"
    " electricista el ella alguien",
    "office": "office manager owner boss supervisor dispatch dispatcher staff desk management"
    " accounting billing oficina gerente dueño",
    "other person": "landlord husband wife tenant- son daughter neighbor- warranty insurance"
    " manufacturer supplier warehouse adjuster city inspector- mom dad mother",
    "emergency": "911 nine-one-one fire_department ambulance police utility gas_company"
    " power_company paramedics firefighters fire bomberos",
    "book": "book- schedul- reserv- slot- lock- pencil- confirm- secur- calendar board lined hold-"
    " held claimed grabbed saved appointment visit booking spot agendad- reservad- confirmad-"
    " programad- cita",
    "send": "sent send- text- shot shoot- fired email- e-mailed forward- drop- messag- mand- envi-"
    " resent resend- mailed",
    "link": "link text texts message messages email confirmation receipt inbox phone screen liga"
    " enlace mensaje",
    "move": "mov- reschedul- switch- swap- push- bump- shift- slid slide- flip- chang- cambi-"
    " reprogram-",
    "cancel": "cancel- scrap- call_off called_off remov- wip- eras- took_off taken_off"
    " off_the_books off_the_schedule off_the_calendar delet- clear- nix- void-",
    "refund": "refund- money_back revers- return- reimburs- credited_back back_on_your_card"
    " reembols- devol-",
    "note": "note notes noted jot- wrote written flag- file ticket record- log- logged attach-"
    " pinned tagg- anot-",
    "tell": "told tell- pass- relay- inform- notif- alert- pag- ping- call- reach- spoke- rang rung"
    " radio- contact- let_them_know let_him_know let_her_know talked checked_with ran_it_by hand-"
    " asked avis- llam- dial-",
    "connect": "transfer- connect- patch- putting_you bringing handing ring- hold line_now"
    " on_the_line through over comunic- pas-",
    "go": "way route en_route head- driv- rolling dispatch- pull- minutes_away minutes_out"
    " around_the_corner parked leaving left nearby camino",
    "arrive": "arriv- there show- door knock- by here out",
    "pay": "paid pay- payment- charg- card deposit- collect- process- ran cleared posted received"
    " pag- depósito",
    "done": "done set taken_care_of handled squared good_to_go finished complete- official sorted"
    " listo hecho",
    "order": "order- part- file- filed open- submit- regist- enroll- upgrad- waived approv- pulled"
    " priority bumped prorated extend- arrang-",
    "have": "have has had having 's got",
    "did": "did went_ahead already just now been was gone_ahead took made put gave got ya acabo",
    "is": "is are am be being it_is that_is está",
    "will": "will going_to gonna shall about_to voy va",
    "may": "can could would might may able should puedo puede",
    "if": "if once when whenever until unless as_soon_as after before in_case provided assuming"
    " whether si cuando",
    "let": "let let_me let_us want want_me like would_like happy glad need try trying plan ready"
    " quiere",
    "not": "not no never nothing neither nor none without cannot unable nobody hardly isn ni nunca",
    "yes": "yes yeah yep yup sure correct right exactly absolutely definitely certainly of_course"
    " you_bet totally deal indeed sí claro exacto",
    "free": "free charge complimentary waiv- on_the_house on_us no_cost nothing gratis comp",
    "less": "discount- off coupon- match- knock- percent half special- rebate- lower- cheaper"
    " deal break promo- shave- descuento",
    "most": "most max- cap capped tops guarantee- promis- exceed- more over above higher ceiling"
    " final fixed firm flat penny never worst_case outside",
    "tax": "tax taxes surcharge fee- extra plus additional processing convenience fuel impuesto-",
    "price": "price- cost- rate- bill dollars bucks fee- charge charges precio cuesta",
    "visit": "come coming comes visit- service_call service_fee trip diagnostic- dispatch_fee"
    " call_out technician_out tech_out take_a_look truck_out visita",
    "down": "deposit- hold holds upfront up_front reserve- secure- lock- down link depósito",
    "estimate": "estimat- repair- fix- job work ballpark total altogether all_in quot- install-"
    " replace- reparación",
    "low": "low lower bottom start- least cheapest",
    "high": "high higher upper top up_to",
    "human": "human person real robot bot ai machine computer virtual automated recording flesh"
    " breathing assistant persona",
    "warrant": "warrant- guarantee- cover- insur- backed",
    "soon": "minutes hour today right_away immediately shortly quick asap tonight fast",
    "open": "open available opening- free slot- window- earliest soonest first fit squeeze could"
    " have work",
    "full": "full booked_up booked_solid nothing none packed slammed gone taken out_of",
    "said": "said told mentioned quoted asked wanted thought heard says paid charged asking hoping"
    " preferred",
    "old": "last ago yesterday used before previously back then",
    "general": "usually typically always normally generally every everyone each most policy works",
    "when": "when which day date soon early late time earliest cuándo",
    "how much": "much what what's cuánto",
    "take": "take i_will works good great perfect fine okay sounds",
    "list": "list unsubscrib- opt- block- stop remov- do_not_call",
}
_WORDS: dict[str, list[str]] = {}
_BEGINS: dict[str, list[str]] = {}
_PHRASES: dict[str, dict[str, list[str]]] = {}  # by the first word
for _name, _spelled in _FAMILIES.items():
    for _word in _spelled.split():
        if "_" in _word:
            _phrase = _word.replace("_", " ")
            _PHRASES.setdefault(_phrase.split()[0], {}).setdefault(_phrase, []).append(_name)
        elif _word.endswith("-"):
            _BEGINS.setdefault(_word[:-1], []).append(_name)
        else:
            _WORDS.setdefault(_word, []).append(_name)
_LEAST, _MOST = min(map(len, _BEGINS)), max(map(len, _BEGINS))  # letters of a beginning


def families(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """For each word what it stands for; empty for most."""
    for at, word in enumerate(words):
        names = _of(word)
        phrases = _PHRASES.get(word)
        yield names if phrases is None else (*names, *_of_phrases(words, at, phrases))


@lru_cache(maxsize=4096)  # a language has few words that are often said
def _of(word: str) -> tuple[str, ...]:
    found = list(_WORDS.get(word, ()))
    for size in range(_LEAST, min(len(word), _MOST) + 1):
        found += _BEGINS.get(word[:size], ())
    return tuple(dict.fromkeys(found))


def _of_phrases(
    words: Sequence[str], at: int, phrases: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    for phrase, names in phrases.items():
        parts = phrase.split()
        if list(words[at : at + len(parts)]) == parts:
            yield from names
