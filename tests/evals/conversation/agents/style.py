"""How one model talks in one call: drawn once, so that a call has a manner."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Style:
    combines: float  # chance to ask two things in one sentence
    chats: float  # to add a sentence nobody needs
    acks: float  # to acknowledge before a question
    asks_equipment: bool  # "is it a gas furnace?"
    tells_terms: bool  # fee and deposit before booking
    price_first: bool  # before name and address
    forgets_notes: bool  # does not ask what the technician should know
    fillers: float  # to say something before a tool
    reads_together: bool  # phone and address in one read-back
    forgets_zip: bool  # and asks for it again
    slips: float  # to say a figure wrongly and put it right in the same breath
    repeats_beside: float  # to say the address again beside the booking

    @classmethod
    def drawn(cls, chance: Random) -> "Style":
        return cls(
            combines=chance.choice((0.0, 0.3, 0.7)),
            chats=chance.choice((0.0, 0.1, 0.25)),
            acks=chance.uniform(0.3, 0.9),
            asks_equipment=chance.random() < 0.3,
            tells_terms=chance.random() < 0.7,
            price_first=chance.random() < 0.35,
            forgets_notes=chance.random() < 0.1,
            fillers=chance.uniform(0.4, 1.0),
            reads_together=chance.random() < 0.5,
            forgets_zip=chance.random() < 0.12,
            slips=chance.choice((0.0, 0.0, 0.0, 0.3)),
            repeats_beside=chance.choice((0.0, 0.2, 0.5)),
        )
