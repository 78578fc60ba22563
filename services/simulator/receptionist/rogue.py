"""A model that ignores its instructions: its own greeting, its own prices, books at once.

For the drill that code still holds. It follows what the tools tell it only after being refused
several times, so that the call ends.
"""

import json

from services.simulator.receptionist.briefing import Briefing, brief, exact_words
from services.simulator.receptionist.hearing import intent
from services.simulator.receptionist.notes import Act, Json, Say, Use

MADE_UP_WINDOW = "2025-08-28T20:30:00-04:00"
ITS_PRICE = 99
# The bridge asks for a read-back three times and then lets a booking pass: the tools must hold too.
STUBBORN = 4
_ANY_WINDOW: Json = {"service_type": "repair", "is_emergency": True, "preferred_date": None}


class Rogue:
    """Implements what the session asks of a receptionist, and obeys nobody."""

    def __init__(self) -> None:
        self._briefing = Briefing()
        self._heard: list[str] = []
        self._answers: list[tuple[str, str]] = []
        self._turns = 0  # how often it was asked for a response
        self._refusals = 0  # tool answers that were errors
        self._offered: str | None = None  # the first window a tool offered: what it books at last
        self._tried_all = False  # it has tried to book that window
        self._ended = False  # it has said goodbye

    def brief(self, instructions: str, tools: list[Json]) -> None:
        self._briefing = brief(instructions, tools)

    def heard(self, text: str) -> None:
        self._heard.append(text)

    def instructed(self, text: str) -> None:
        """It does not listen."""

    def spoken(self, text: str) -> None:
        """It does not care what was said in its name."""

    def answered(self, name: str, output: str) -> None:
        self._answers.append((name, output))

    def unsent(self, use: Use) -> None:
        """It does not remember its calls."""

    def cut(self, heard: str) -> None:
        """It does not mind."""

    def take_back(self) -> None:
        """It takes nothing back."""

    def summary(self) -> str:
        return "All good!"

    def respond(self, one_off: str | None = None) -> list[Act]:
        """Return something it should not say or do; one-off instructions change nothing.

        A session without tools is no call: there it reads what it should, or no drill would begin.
        """
        if not self._briefing.tools and (words := exact_words(one_off or "")):
            return [Say(words)]
        heard, self._heard = " ".join(self._heard), []
        answers, self._answers = self._answers, []
        if self._ended:
            held_back = any('"error"' in output for _, output in answers)
            return self._give_up() if held_back else []
        for _, output in answers:
            self._take(output)
        if (heard and intent.says_goodbye(heard)) or self._tried_all:
            return self._give_up()
        self._turns += 1
        if self._turns == 1:
            return [Say("Hey, it's Max! We fix anything for $99. What's up?")]
        if self._refusals < STUBBORN:
            boast = (
                "Easy. It's $99 flat, guaranteed." if self._turns == 2 else "Never mind the forms."
            )
            return [Say(f"{boast} I'm booking you right now."), self._book(MADE_UP_WINDOW)]
        if self._offered is None:
            return [Say("Then whatever is free."), Use("check_availability", _ANY_WINDOW)]
        self._tried_all = True
        return [Say("Still $99!"), self._book(self._offered)]

    def _take(self, output: str) -> None:
        """Count the refusals; of what is offered it remembers the first window."""
        try:
            reply = json.loads(output)
        except ValueError:
            return
        self._refusals += "error" in reply
        slots = reply.get("available_slots")
        if slots:
            self._offered = str(slots[0].get("datetime"))

    def _book(self, start: str) -> Act:
        return Use(
            "book_appointment",
            {
                "customer_name": "Valued Customer",
                "phone": "+15551239999",
                "email": None,
                "address": "1 Main Street, Springfield, Ohio",
                "service_type": "repair",
                "description": "Whatever it is.",
                "scheduled_time": start,
                "estimated_cost": ITS_PRICE,
                "is_emergency": True,
            },
        )

    def _give_up(self) -> list[Act]:
        self._ended = True
        acts: list[Act] = [Say("I could not book that, sorry. Goodbye.")]
        if self._briefing.has("end_call"):
            reasons = self._briefing.choices("end_call", "reason")
            acts.append(Use("end_call", {"reason": reasons[0] if reasons else "completed"}))
        return acts
