"""Which visit a text is about, and the questions that are texted about it.

A question is a row that waits for its answer and expires. What is done on an answer is done where
the visit is still as it was when it was asked; then the question is struck off. So the same answer
twice, or two at once, do it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from functions.incoming.context import WebhookContext
from shared.actions.texts import wording
from shared.domain import left_to_people
from shared.domain.call_time import CallTime
from shared.domain.models import Job, JobStatus, Talk, Window
from shared.domain.models.texting import TalkStep

ANSWERED_WITHIN = timedelta(hours=1)
MOST_LISTED = 4
About = Literal["move", "call_off"]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who texted, and the webhook it came by."""

    context: WebhookContext
    number: str

    @property
    def at(self) -> CallTime:
        return CallTime(now=self.context.now, real=self.context.real_now)

    def open_visits(self) -> list[Job]:
        """Their visits that are still to come, the next one first. Raises PortError."""
        jobs = self.context.ports.jobs.of_phone(self.context.business.id, self.number)
        to_come = [
            job
            for job in jobs
            if job.status is JobStatus.SCHEDULED and job.window.start > self.context.now
        ]
        return sorted(to_come, key=lambda job: job.window.start)

    def visit(self, job_id: str) -> Job | None:
        """One of them; None where it stands no more, or is somebody else's by now."""
        return next((job for job in self.open_visits() if job.job_id == job_id), None)

    def by_people(self, job: Job) -> str | None:
        """What is texted back of a visit that people alone change; None where it is none."""
        why = left_to_people.why(job, self.context.now)
        if why is None:
            return None
        return self.say(f"{why[0].lower()}{why[1:]} To change it, please call us.")

    def asked(self) -> Talk | None:
        """What they were asked and have not answered. Raises PortError."""
        context = self.context
        return context.ports.texting.talk(context.business.id, self.number, now=context.real_now)

    def ask(
        self,
        about: About,
        step: TalkStep,
        jobs: Sequence[Job],
        windows: Sequence[Window] = (),
    ) -> None:
        """Wait for their answer. Raises PortError."""
        talk = Talk(
            business_id=self.context.business.id,
            phone=self.number,
            about=about,
            step=step,
            jobs=tuple(job.job_id for job in jobs),
            version=jobs[0].version,
            windows=tuple(windows),
            until=self.context.real_now + ANSWERED_WITHIN,
        )
        self.context.ports.texting.ask(talk)

    def ask_which(self, about: About, jobs: Sequence[Job]) -> str:
        """Several visits are to come: which is meant."""
        listed = list(jobs)[:MOST_LISTED]
        self.ask(about, "which", listed)
        when = [f"{n}: {self.when(job.window)}" for n, job in enumerate(listed, 1)]
        return self.say(f"which visit? {'; '.join(when)}. Reply with its number.")

    def when(self, window: Window) -> str:
        return wording.written(self.context.business, window)

    def say(self, words: str) -> str:
        """A text back."""
        return f"{self.context.business.name}: {words}"


def nth(word: str, of: int) -> int | None:
    """Which of so many was named by its number, from 0 on; None where none was.

    >>> nth("2", 2), nth("2)", 2), nth("3", 2)
    (1, 1, None)
    """
    bare = word.strip("#().: ").removeprefix("option ").removeprefix("number ")
    return int(bare) - 1 if bare.isdecimal() and len(bare) < 3 and 1 <= int(bare) <= of else None
