"""A process may do with the tables exactly what its adapters ask of them.

Each method of the adapters runs against a client that notes what it was asked; which methods a
process calls is written down here. A method that begins to delete fails here and not in production.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from infra.config import Stage
from infra.constructs.grants import INDEX, USES, allow_mail
from shared.actions.events import of_rows
from shared.actions.events.ports import Untold
from shared.actions.office_devices import AskedCode, Device
from shared.adapters.busy_calendars import KeptBusyCalendars
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.clips import DynamoClips
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.inbox import DynamoInbox
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.outbox import DynamoOutbox
from shared.adapters.dynamo.payments import DynamoPayments
from shared.adapters.dynamo.rows import pack, row_of
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.adapters.dynamo.texting import DynamoTexting
from shared.adapters.dynamo.turns import DynamoTurns
from shared.businesses import all_businesses
from shared.domain.integrations import CrewCalendar, Integrations
from shared.domain.models import (
    Books,
    Callback,
    JobStatus,
    OptOut,
    Payment,
    PaymentStatus,
    Talk,
    TextConsent,
    Value,
)
from shared.domain.money import Cents
from shared.schema import INDEXES
from tests.examples import (
    NOW,
    SARAH,
    TONIGHT,
    a_call,
    a_customer,
    a_follow_up,
    a_job,
    a_turn,
    an_escalation,
)

PREFIX = "callwright-dev-"

Used = set[tuple[str, str]]  # table, action


class NotingClient:
    """Implements what the adapters use of boto3's client: it notes, and finds `row` everywhere."""

    def __init__(self, row: Mapping[str, Any] | None) -> None:
        self.row, self.used = row, Used()

    def _note(self, action: str, table: str) -> None:
        self.used.add((table.removeprefix(PREFIX), action))

    def get_item(self, **asked: Any) -> dict[str, Any]:
        self._note("GetItem", asked["TableName"])
        return {"Item": self.row} if self.row else {}

    def put_item(self, **asked: Any) -> dict[str, Any]:
        self._note("PutItem", asked["TableName"])
        return {}

    def update_item(self, **asked: Any) -> dict[str, Any]:
        self._note("UpdateItem", asked["TableName"])
        return (
            {"Attributes": {"n": {"N": "1"}, "digest": {"S": "d"}}}
            if "ReturnValues" in asked
            else {}
        )

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        self._note("DeleteItem", asked["TableName"])
        return {}

    def query(self, **asked: Any) -> dict[str, Any]:
        table, index = asked["TableName"], asked.get("IndexName")
        assert index in (None, INDEXES.get(table.removeprefix(PREFIX)))
        self._note(INDEX if index else "Query", table)
        return {"Items": []}

    def batch_write_item(self, **asked: Any) -> dict[str, Any]:
        for table in asked["RequestItems"]:
            self._note("BatchWriteItem", table)
        return {}

    def transact_write_items(self, **asked: Any) -> dict[str, Any]:
        for write in asked["TransactItems"]:
            ((kind, inner),) = write.items()
            action = {"ConditionCheck": "ConditionCheckItem"}.get(kind, f"{kind}Item")
            self._note(action, inner["TableName"])
        return {}


ROWS: dict[str, Value] = {}  # what a method finds; others find nothing


def used_by(methods: Iterable[str]) -> Used:
    """What these methods of the adapters ask of the tables."""
    used = Used()
    for name in methods:
        client = NotingClient(pack(row_of(ROWS[name])) if name in ROWS else None)
        METHODS[name](client)
        used |= client.used
    return used


Do = Callable[[Any], object]
LATER = NOW + timedelta(hours=1)
LATER_TONIGHT = TONIGHT + timedelta(hours=1)  # one hour is kept, one given back, one is new


def calls(client: Any) -> DynamoCalls:
    return DynamoCalls(client, PREFIX)


def jobs(client: Any) -> DynamoJobs:
    return DynamoJobs(client, PREFIX)


def payments(client: Any) -> DynamoPayments:
    return DynamoPayments(client, PREFIX)


def follow_ups(client: Any) -> DynamoFollowUps:
    return DynamoFollowUps(client, PREFIX)


def devices(client: Any) -> DynamoDevices:
    return DynamoDevices(client, PREFIX)


def blocks(client: Any) -> DynamoBlocks:
    return DynamoBlocks(client, PREFIX)


def texting(client: Any) -> DynamoTexting:
    return DynamoTexting(client, PREFIX)


FOLLOW_UP = a_follow_up()
CONSENT = TextConsent(at=NOW, wording="Book and text?", call_sid="CA1")
TALK = Talk(business_id="b", phone=SARAH, about="move", step="window", jobs=("job1",), until=LATER)
A_BUSINESS = all_businesses()["coolcare_hvac"].model_copy(
    update={"integrations": Integrations(calendars={"crew-1": CrewCalendar(busy="crew-1-busy")})}
)
CODE = AskedCode(business_id="b", digest="d", until=LATER)
DEVICE = Device(business_id="b", opened_at=NOW, seen_at=NOW, until=LATER)
BOOKS = Books(at=NOW, final=Cents(61_000), visit_credited=Cents(0), deposit_credited=Cents(0))
CALLBACK = Callback(urgency="normal", phone=SARAH, asked_at=NOW, due_at=LATER)
(EVENT,) = of_rows.booked(a_job(), NOW)
PAYMENT = Payment(
    payment_id="pi_1",
    job_id="job1",
    business_id="coolcare_hvac",
    amount=Cents(20_600),
    currency="usd",
    status=PaymentStatus.PAID,
    event_id="evt_1",
    at=NOW,
)
METHODS: dict[str, Do] = {
    "calls.open": lambda c: calls(c).open(a_call()),
    "calls.get": lambda c: calls(c).get("CA1"),
    "calls.note": lambda c: calls(c).note("CA1", stage="quoted"),
    "calls.note_callback": lambda c: calls(c).note("CA1", callback=CALLBACK),
    "calls.escalate": lambda c: calls(c).escalate("CA1", an_escalation()),
    "calls.acknowledge": lambda c: calls(c).acknowledge("CA1", "+19375550191", at=NOW),
    "calls.end": lambda c: calls(c).end("CA1", at=NOW),
    "clips.get": lambda c: DynamoClips(c, PREFIX).get("Hello.", "gpt", "marin"),
    "clips.keep": lambda c: DynamoClips(c, PREFIX).keep("Hello.", "gpt", "marin", "//8="),
    "turns.of": lambda c: DynamoTurns(c, PREFIX).of("CA1"),
    "turns.add": lambda c: DynamoTurns(c, PREFIX).add([a_turn()]),
    "jobs.book": lambda c: jobs(c).book(a_job(), a_customer(), [FOLLOW_UP]),
    "jobs.move": lambda c: jobs(c).move(
        a_job(),
        a_job(start=LATER_TONIGHT, version=1),
        customer=a_customer(),
        follow_ups=[FOLLOW_UP],
    ),
    "jobs.move_alone": lambda c: jobs(c).move(
        a_job(), a_job(start=LATER_TONIGHT, version=1), follow_ups=[FOLLOW_UP]
    ),
    "jobs.cancel": lambda c: jobs(c).cancel(a_job(), at=NOW, follow_ups=[FOLLOW_UP]),
    "jobs.of_phone": lambda c: jobs(c).of_phone("coolcare_hvac", SARAH),
    "customers.get": lambda c: DynamoCustomers(c, PREFIX).get("coolcare_hvac", SARAH),
    "jobs.get": lambda c: jobs(c).get("job1"),
    "jobs.of_call": lambda c: jobs(c).of_call("CA1"),
    "jobs.held": lambda c: jobs(c).held("coolcare_hvac", ["crew-1"], NOW, LATER),
    "jobs.holders": lambda c: jobs(c).holders("coolcare_hvac", ["crew-1"], NOW, LATER),
    "jobs.add_note": lambda c: jobs(c).add_note("job1", "Gate code 12."),
    "jobs.open_deposit": lambda c: jobs(c).open_deposit("job1", number=1, session_id="cs_1"),
    "jobs.visit_reminded": lambda c: jobs(c).visit_reminded("job1", at=NOW),
    "jobs.remind": lambda c: jobs(c).remind("job1", at=NOW, follow_ups=[FOLLOW_UP]),
    "jobs.close": lambda c: jobs(c).close(
        "job1", JobStatus.RELEASED, at=NOW, follow_ups=[FOLLOW_UP]
    ),
    "jobs.of_business": lambda c: jobs(c).of_business("coolcare_hvac", f"{TONIGHT:%Y-%m-%d}"),
    "payments.settle": lambda c: payments(c).settle(
        PAYMENT, a_job(), event_id="evt_1", follow_ups=[FOLLOW_UP]
    ),
    "payments.get": lambda c: payments(c).get("pi_1"),
    "texting.opt_out": lambda c: texting(c).opt_out("b", SARAH, OptOut(at=NOW, by="text")),
    "texting.opt_in": lambda c: texting(c).opt_in("b", SARAH),
    "texting.opted_out": lambda c: texting(c).opted_out("b", SARAH),
    "texting.consent": lambda c: texting(c).consent("b", SARAH, CONSENT),
    "texting.text_back": lambda c: texting(c).text_back("b", SARAH, at=LATER, since=NOW),
    "texting.ask": lambda c: texting(c).ask(TALK),
    "texting.talk": lambda c: texting(c).talk("b", SARAH, now=NOW),
    "texting.answered": lambda c: texting(c).answered(TALK),
    "inbox.seen": lambda c: DynamoInbox(c, PREFIX).seen("SM1"),
    "inbox.take": lambda c: DynamoInbox(c, PREFIX).take("SM1", until=LATER),
    "inbox.count": lambda c: DynamoInbox(c, PREFIX).count("x", until=LATER),
    "calendars.busy": lambda c: KeptBusyCalendars(
        c, PREFIX, lambda _: ("https://calendar.example.com/",), get=lambda _: b""
    ).busy(A_BUSINESS),
    "outbox.due": lambda c: DynamoOutbox(c, PREFIX).due(NOW),
    "outbox.hand_on": lambda c: [
        DynamoOutbox(c, PREFIX).hand_on(Untold(EVENT, PREFIX + table, "t"), [FOLLOW_UP])
        for table in ("calls", "jobs", "payments")
    ],
    "outbox.deliveries": lambda c: DynamoOutbox(c, PREFIX).deliveries(),
    "outbox.park": lambda c: DynamoOutbox(c, PREFIX).park("t", until=LATER),
    "calls.of_business": lambda c: calls(c).of_business("b", NOW, LATER),
    "payments.of_job": lambda c: payments(c).of_job("job1"),
    "devices.ask": lambda c: devices(c).ask("id", CODE),
    "devices.take": lambda c: devices(c).take("id", "b", "d", now=NOW),
    "devices.unlock": lambda c: devices(c).unlock("key", DEVICE),
    "devices.get": lambda c: devices(c).get("b", "key"),
    "devices.seen": lambda c: devices(c).seen("b", "key", at=NOW),
    "devices.lock": lambda c: devices(c).lock("b", "key"),
    "devices.lock_all": lambda c: devices(c).lock_all("b"),
    "switches.read": lambda c: DynamoSwitches(c, PREFIX).read(),
    "switches.set_mode": lambda c: DynamoSwitches(c, PREFIX).set_mode("b", "people"),
    "blocks.held": lambda c: blocks(c).held("b", "crew-1", NOW, LATER),
    "blocks.block": lambda c: blocks(c).block("b", "crew-1", [NOW], "fair"),
    "blocks.free": lambda c: blocks(c).free("b", "crew-1", [NOW]),
    "jobs.complete": lambda c: jobs(c).complete(a_job(), BOOKS),
    "calls.conclude": lambda c: calls(c).conclude(a_call(outcome="booked"), final=True),
    "follow_ups.leave": lambda c: follow_ups(c).leave(FOLLOW_UP),
    "follow_ups.leave_once": lambda c: follow_ups(c).leave_once("CA1:nobody", [FOLLOW_UP], at=NOW),
    "follow_ups.seen": lambda c: follow_ups(c).seen("CA1:over"),
    "follow_ups.waiting": lambda c: follow_ups(c).waiting("text:job1:caller"),
    "follow_ups.due": lambda c: follow_ups(c).due(NOW),
    "follow_ups.claim": lambda c: follow_ups(c).claim(FOLLOW_UP, until=LATER),
    "follow_ups.replace": lambda c: follow_ups(c).replace("text:job1:caller", FOLLOW_UP),
    "follow_ups.done": lambda c: follow_ups(c).done("text:job1:caller"),
    "follow_ups.put_off": lambda c: follow_ups(c).put_off("t", until=LATER, error="twilio 0"),
}

ROWS |= {name: a_job() for name in METHODS if name.startswith("jobs")}
ROWS["calls.note_callback"] = a_call()

_INBOX = ("inbox.seen", "inbox.take", "inbox.count")
_TEXTS = ("follow_ups.leave", "follow_ups.done", "follow_ups.put_off")
_ASKED = ("texting.ask", "texting.talk", "texting.answered")
_CALLS = (
    *("calls.open", "calls.get", "calls.note", "calls.escalate", "calls.end"),
    "calls.conclude",
)
CALLED: dict[str, tuple[str, ...]] = {
    "incoming": (
        *(*_CALLS, "calls.of_business", "turns.of", "jobs.of_call", *_TEXTS, *_INBOX),
        *("follow_ups.leave_once", "follow_ups.seen", "follow_ups.replace"),
        # A "1" takes the newest emergency that is open.
        *("follow_ups.due", "follow_ups.claim", "calls.acknowledge"),
        # Texts: who wants none, and a visit moved or called off by reply.
        *("texting.opt_out", "texting.opt_in", "texting.opted_out", *_ASKED),
        *("jobs.of_phone", "jobs.get", "jobs.held", "jobs.move_alone", "jobs.cancel"),
        *("jobs.add_note", "jobs.open_deposit", "calendars.busy", "follow_ups.waiting"),
    ),
    "stripe_webhook": (
        *("jobs.get", "jobs.open_deposit", "jobs.of_business"),
        *("calls.get", "turns.of", "follow_ups.leave_once"),
        *("payments.get", "payments.settle"),
        # A visit moved or called off on its page, or the office asked to call.
        *("jobs.held", "jobs.move_alone", "jobs.cancel", "calendars.busy"),
        *("calls.note_callback", "texting.opted_out", *_TEXTS),
        *("follow_ups.waiting", "follow_ups.replace"),
    ),
    "office": (
        *("calls.get", "calls.note", "calls.of_business", "turns.of", "payments.of_job"),
        *("devices.ask", "devices.take", "devices.unlock", "devices.get", "devices.seen"),
        *("devices.lock", "devices.lock_all", "switches.read", "switches.set_mode"),
        *("blocks.held", "blocks.block", "blocks.free", "calendars.busy", "inbox.count"),
        *("jobs.get", "jobs.of_business", "jobs.held", "jobs.add_note", "jobs.move_alone"),
        *("jobs.cancel", "jobs.complete", "jobs.open_deposit", "texting.opted_out"),
        *(*_TEXTS, "follow_ups.leave_once", "follow_ups.waiting", "follow_ups.replace"),
    ),
    "deliver": (
        *("calls.get", "turns.of", "jobs.get"),
        *("calendars.busy", "outbox.due", "outbox.hand_on", "outbox.deliveries", "outbox.park"),
        *("follow_ups.claim", "follow_ups.done", "follow_ups.put_off"),
    ),
    "synthetic_call": (),
    "follow_up": (
        # Of a voicemail that the fallback took the row is made here, with its call-back.
        *(*_CALLS, "calls.note_callback", "jobs.of_call", "turns.of"),
        *("follow_ups.seen", "follow_ups.leave_once", "texting.opted_out", "texting.text_back"),
        *("jobs.get", "jobs.remind", "jobs.visit_reminded", "jobs.close", "jobs.of_business"),
        *("jobs.holders", "jobs.of_phone"),
        *("jobs.open_deposit", "follow_ups.due", "follow_ups.claim", "follow_ups.replace"),
        *_TEXTS,
    ),
    "media_bridge": (
        *_CALLS,
        *("clips.get", "clips.keep", "turns.add", "turns.of", "jobs.of_phone", "inbox.count"),
        *("jobs.book", "jobs.move", "jobs.get", "jobs.of_call", "jobs.held", "jobs.add_note"),
        *("jobs.open_deposit", "jobs.close", "calendars.busy", "customers.get"),
        *("texting.opt_out", "texting.opted_out", "texting.consent"),
        *_TEXTS,
        *("follow_ups.waiting", "follow_ups.replace"),
    ),
}


@pytest.mark.parametrize("process", sorted(CALLED))
def test_what_is_granted_is_what_is_used(process: str) -> None:
    granted = {(table, action) for table, actions in USES[process].items() for action in actions}
    assert granted == used_by(CALLED[process])


def test_every_process_is_looked_at() -> None:
    assert CALLED.keys() == USES.keys()


def mail_policy(mail_from: str | None) -> list[dict[str, Any]]:
    """What a role may do that was let send a stage's mail."""
    fields = {"name": "dev", "twilio_account_sid": "AC" + "0" * 32, "mail_from": mail_from}
    stack = Stack(App(), "Test")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    allow_mail(role, Stage.model_validate(fields))
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    return [
        statement
        for policy in policies.values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_mail_is_sent_as_the_stage_s_own_address_and_no_other() -> None:
    statements = mail_policy("agent@coolcare.example")
    assert {action for statement in statements for action in statement["Action"]} == {
        "ses:SendEmail",
        "ses:SendRawEmail",
    }
    wanted = {"StringEquals": {"ses:FromAddress": "agent@coolcare.example"}}
    assert all(statement["Condition"] == wanted for statement in statements)
    assert "*" not in {str(statement["Resource"]) for statement in statements}


def test_a_stage_without_an_address_may_send_no_mail() -> None:
    assert mail_policy(None) == []
