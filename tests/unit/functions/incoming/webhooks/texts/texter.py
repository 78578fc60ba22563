"""Somebody who texts a number of CoolCare's."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from shared.domain.models import Job
from tests.examples import a_customer, a_job
from tests.unit.functions.incoming.phone_company import CALLER, NUMBER, Phone

SHOP = "coolcare_hvac"


@dataclass
class Texter:
    """`says` gives back what is answered at once; `got` every text that was sent to them."""

    phone: Phone
    number: str = CALLER
    sids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def says(self, body: str, sid: str | None = None, sender: str | None = None) -> str | None:
        fields = {"MessageSid": sid or f"SM{next(self.sids):032x}", "CallSid": "", "NumMedia": "0"}
        answer = self.phone.post("/sms", **fields, Body=body, To=NUMBER, From=sender or self.number)
        assert answer.status == 200, answer.body
        found = answer.xml.find("Message")
        return None if found is None else found.text

    def got(self) -> list[str]:
        return self.phone.world.texts.to(self.number)

    def books(self, job_id: str = "job1", **changes: Any) -> Job:
        job = a_job(job_id, **changes)
        self.phone.world.jobs.book(job, a_customer())
        return job

    def job(self, job_id: str = "job1") -> Job:
        job = self.phone.world.jobs.get(job_id)
        assert job is not None
        return job
