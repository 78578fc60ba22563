"""A customer asks to be forgotten: nothing tells of them any more, and the books stand."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.operator.__main__ import main
from services.operator.done.forget import forget, listed, staff_of
from services.operator.done.found import find
from services.operator.where.exports import KeptExports
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell
from services.operator.where.twilio import KeptByTwilio
from services.simulator.phone.calls import CallRecord, Text
from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.rest import RestApi
from services.simulator.speech import open_speech
from services.simulator.stack.aws import make_tables, put
from shared import schema
from shared.businesses import all_businesses
from shared.domain.models import Call, Job

PREFIX, BUCKET = "callwright-dev-", "exports-of-dev"
HER, OTHER = "+15551230000", "+15551239999"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAST, TO_COME = "2026-11-20T14:00:00+00:00", "2026-11-27T14:00:00+00:00"
ACCOUNT, TOKEN, OFFICE, LINE = "AC" + "1" * 32, "token", "+19375550190", "+19375550100"
WORDS = ("Sarah", "Miller", "Oak", "1234", "0000", "sarah@")


def call(sid: str, caller: str, **more: Any) -> dict[str, Any]:
    return {
        "pk": f"CALL#{sid}", "sk": "META", "call_sid": sid, "caller": caller,
        "business_id": "mine", "started_at": "2026-11-19T12:00:00+00:00",
        "ended_at": "2026-11-19T12:03:00+00:00", "business_hours": True, "quote_total": 82500,
        "escalation": {"reason": "Sarah wants a person", "summary": "Sarah Miller, 123 Oak St",
                       "urgency": "urgent", "asked_at": "2026-11-19T12:01:00+00:00",
                       "result": "answered"},
    } | more  # fmt: skip


def job(id: str, phone: str, start: str, **more: Any) -> dict[str, Any]:
    end = datetime.fromisoformat(start) + timedelta(hours=2)
    return {
        "pk": f"JOB#{id}", "sk": "META", "job_id": id, "business_id": "mine", "call_sid": "CA1",
        "customer_name": "Sarah Miller", "email": "sarah@example.com",
        "phone": {"raw": phone, "normalised": phone, "confirmed": True},
        "address": {"raw": "123 Oak", "normalised": "123 Oak St, Springfield, OH"},
        "service_type": "repair", "description": "Sarah says it rattles", "notes": ["Gate 1234"],
        "window": {"start": start, "end": end.isoformat()}, "time_zone": "America/New_York",
        "crew": "crew-1", "rate": "regular", "after_hours": False, "is_emergency": False,
        "priority": "p3", "estimate": 82500, "visit_fee": 16500, "deposit": 20600,
        "status": "scheduled", "version": 0, "created_at": "2026-11-19T12:02:00+00:00",
    } | more  # fmt: skip


def exported(rows: list[dict[str, Any]]) -> bytes:
    serialize = boto3.dynamodb.types.TypeSerializer().serialize
    lines = [json.dumps({"Item": {n: serialize(v) for n, v in row.items()}}) for row in rows]
    return gzip.compress("\n".join(lines).encode())


class Shop:
    """A stage whose rows are hers, and one call and one job of somebody else."""

    def __init__(self) -> None:
        self.tables = boto3.client("dynamodb", region_name="us-east-1")
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.said: list[str] = []
        make_tables(self.tables, PREFIX)
        self.s3.create_bucket(Bucket=BUCKET)
        self.calls = [call("CA1", HER), call("CA2", OTHER)]
        self.jobs = [job("j1", HER, PAST), job("j2", OTHER, PAST, call_sid="CA2")]
        rate = {"pk": f"SMSRATE#mine#{HER}#2026112612", "sk": "RATE", "n": 3}
        put(self.tables, PREFIX, "calls", [*self.calls, rate])
        put(self.tables, PREFIX, "jobs", [
            *self.jobs, {"pk": "CALL#CA1", "sk": "JOB#j1", "job_id": "j1"},
            {"pk": "FOLLOWUP#text:j1", "sk": "FOLLOWUP", "gsi1pk": "FOLLOWUP", "gsi1sk": "1",
             "to": HER, "body": "Sarah, 123 Oak St", "job_id": "j1"},
        ])  # fmt: skip
        turns = [
            {"pk": f"CALL#{sid}", "sk": f"T#{n:06d}", "call_sid": sid, "text": "Sarah Miller"}
            for sid in ("CA1", "CA2")
            for n in (1, 2)
        ]
        put(self.tables, PREFIX, "agent_turns", turns)
        put(self.tables, PREFIX, "customers", [
            {"pk": f"BIZ#gone#PHONE#{HER}", "sk": "META", "name": "Sarah Miller"},
            {"pk": f"BIZ#mine#PHONE#{OTHER}", "sk": "META", "name": "Somebody"},
        ])  # fmt: skip
        for table, rows in (("calls", self.calls), ("jobs", self.jobs), ("agent_turns", turns)):
            body = exported(rows)
            key = f"exports/{table}/AWSDynamoDB/01/data/a.json.gz"
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        self.s3.put_object(Bucket=BUCKET, Key="exports/jobs/AWSDynamoDB/01/manifest.json", Body=b"")

    @property
    def keepers(self) -> Keepers:
        return Keepers(self.tables, PREFIX, None, KeptExports(self.s3, BUCKET))

    def forget(self) -> bool:
        return forget(self.keepers, find(self.keepers, HER, NOW), NOW, self.said.append)

    def rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.tables.scan(TableName=PREFIX + table)["Items"]
        return found

    def everything(self) -> str:
        """Every row and every exported line, but those of somebody else."""
        kept = [row for table in schema.TABLES for row in self.rows(table)]
        for each in self.s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
            body = self.s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read()
            if body:
                lines = gzip.decompress(body).decode().splitlines()
                kept += [json.loads(line)["Item"] for line in lines]
        hers = [row for row in map(str, kept) if not any(w in row for w in ("CA2", "j2", OTHER))]
        return "\n".join(hers)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Shop()


def test_nothing_tells_of_her_any_more_in_rows_and_exports(shop: Shop) -> None:
    assert all(word in shop.everything() for word in WORDS)
    assert shop.forget() is True
    left = shop.everything()
    assert [word for word in WORDS if word in left] == []
    assert "rewritten" in " ".join(shop.said)


def test_the_books_stand_and_somebody_else_is_untouched(shop: Shop) -> None:
    shop.forget()
    jobs = {row["pk"]["S"]: row for row in shop.rows("jobs") if row["sk"]["S"] == "META"}
    assert jobs["JOB#j1"]["estimate"] == {"N": "82500"}
    assert "Sarah" in str(jobs["JOB#j2"])
    calls = {row["pk"]["S"]: row for row in shop.rows("calls")}
    assert calls["CALL#CA1"]["escalation"]["M"]["result"] == {"S": "answered"}
    assert len([r for r in shop.rows("agent_turns") if r["pk"]["S"] == "CALL#CA2"]) == 2


def test_a_stripped_row_is_still_read_as_a_call_and_a_job(shop: Shop) -> None:
    shop.forget()
    deserialize = boto3.dynamodb.types.TypeDeserializer().deserialize
    for table, model, key in (("calls", Call, "CALL#CA1"), ("jobs", Job, "JOB#j1")):
        (row,) = [
            r for r in shop.rows(table) if (r["pk"]["S"], r["sk"]["S"]) == (key, "META")
        ]  # fmt: skip
        plain = {n: deserialize(v) for n, v in row.items() if n in model.model_fields}
        assert model.model_validate(plain)


def test_a_second_time_there_is_nothing_left(shop: Shop) -> None:
    shop.forget()
    found = find(shop.keepers, HER, NOW)
    assert found.nothing
    assert next(listed(found)).startswith("nothing is kept")


def test_a_visit_to_come_is_not_forgotten(shop: Shop) -> None:
    put(shop.tables, PREFIX, "jobs", [job("j3", HER, TO_COME)])
    with pytest.raises(CannotTell, match="job j3: the visit is still to come"):
        find(shop.keepers, HER, NOW)


def test_a_call_that_goes_on_is_not_forgotten(shop: Shop) -> None:
    going = call("CA3", HER, started_at=(NOW - timedelta(minutes=2)).isoformat())
    del going["ended_at"]
    put(shop.tables, PREFIX, "calls", [going])
    with pytest.raises(CannotTell, match="goes on"):
        find(shop.keepers, HER, NOW)


def test_what_cannot_be_deleted_leaves_the_rest_findable(shop: Shop) -> None:
    found = find(shop.keepers, HER, NOW)
    shop.tables.delete_table(TableName=PREFIX + "customers")

    assert forget(shop.keepers, found, NOW, shop.said.append) is False
    assert "run it again" in shop.said[-1]
    assert any(HER in str(row) for row in shop.rows("calls"))


def test_a_row_that_changed_meanwhile_is_not_overwritten(shop: Shop) -> None:
    found = find(shop.keepers, HER, NOW)
    put(shop.tables, PREFIX, "jobs", [job("j1", HER, PAST, notes=["A new dog"])])

    assert forget(shop.keepers, found, NOW, shop.said.append) is False
    assert shop.forget() is True


def test_the_numbers_of_a_business_and_its_staff_are_nobody_s_to_forget() -> None:
    business = all_businesses()["coolcare_hvac"]
    assert {*business.numbers, "+19375550190", "+19375550191"} <= set(staff_of(business))


def at_twilio(shop: Shop, fill: Callable[[PhoneNetwork], None], phone: str = HER) -> PhoneNetwork:
    """Forget `phone` with the phone network of the simulator in Twilio's place."""

    async def go() -> PhoneNetwork:
        network = PhoneNetwork(open_speech("text"), account_sid=ACCOUNT, auth_token=TOKEN)
        rest = RestApi(network)
        url = await rest.start()
        fill(network)
        keepers = Keepers(shop.tables, PREFIX, KeptByTwilio(ACCOUNT, TOKEN, url), None)
        try:
            await asyncio.to_thread(
                lambda: forget(keepers, find(keepers, phone, NOW), NOW, shop.said.append)
            )
            return network
        finally:
            await rest.stop()
            await network.close()

    return asyncio.run(go())


def follow_up(id: str, body: str) -> dict[str, str]:
    return {"pk": f"FOLLOWUP#{id}", "sk": "FOLLOWUP", "gsi1pk": "FOLLOWUP", "gsi1sk": "1",
            "follow_up_id": id, "to": OFFICE, "body": body}  # fmt: skip


def test_what_is_still_to_be_texted_to_the_office_of_her_call_goes(shop: Shop) -> None:
    # As notify.message_text and notify.hazard_alert leave it: no job_id, no call_sid, to the office
    said = "CoolCare: message from Sarah Miller (555-123-0000): call me"
    put(shop.tables, PREFIX, "jobs", [follow_up("text:CA1:message:1", said)])
    shop.forget()
    assert "Sarah" not in shop.everything()


def test_a_follow_up_about_her_job_goes_from_the_exports(shop: Shop) -> None:
    row = follow_up("text:j1:office", "job j1. Sarah Miller, 555-123-0000, 123 Oak St")
    key = "exports/jobs/AWSDynamoDB/02/data/b.json.gz"
    shop.s3.put_object(Bucket=BUCKET, Key=key, Body=exported([row | {"job_id": "j1"}]))
    shop.forget()
    assert "Sarah" not in shop.everything()


def test_what_only_the_exports_still_keep_of_her_goes(shop: Shop) -> None:
    for table in ("calls", "jobs", "customers"):  # expired there; exports are kept for longer
        for row in shop.rows(table):
            shop.tables.delete_item(
                TableName=PREFIX + table, Key={name: row[name] for name in ("pk", "sk")}
            )
    found = find(shop.keepers, HER, NOW)
    assert not found.nothing


def test_a_shorter_number_takes_nobody_else_s_rows(shop: Shop) -> None:
    short = HER[:-3]  # +15551230: E.164, too, and how each of a thousand numbers begins
    key = "exports/customers/AWSDynamoDB/01/data/a.json.gz"
    body = exported([{"pk": f"BIZ#mine#PHONE#{HER}", "sk": "META", "name": "Sarah Miller"}])
    shop.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    assert find(shop.keepers, short, NOW).nothing
    forget(shop.keepers, find(shop.keepers, short, NOW), NOW, shop.said.append)
    kept = shop.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert "Sarah" in gzip.decompress(kept).decode()
    assert any("SMSRATE" in row["pk"]["S"] for row in shop.rows("calls"))


def test_the_office_s_copy_of_her_booking_goes_at_twilio(shop: Shop) -> None:
    about = "CoolCare HVAC: job j1. Sarah Miller, 555-123-0000, 123 Oak St."
    network = at_twilio(shop, lambda n: n.sms.take(Text("SM1", OFFICE, LINE, about), None))
    assert network.sms.deleted == {"SM1"}


def test_a_voicemail_that_no_row_of_ours_tells_of_goes(shop: Shop) -> None:
    def left(network: PhoneNetwork) -> None:  # while our webhooks were down: the static fallback
        network.calls["CA9"] = CallRecord("CA9", HER, LINE, ACCOUNT, status="completed")
        network.recordings.keep(b"\x7f" * 80, "RE9", call_sid="CA9", source="RecordVerb")

    assert at_twilio(shop, left).recordings.deleted == ["RE9"]


def test_a_call_without_a_sid_does_not_delete_everybody_s_recordings(shop: Shop) -> None:
    broken = call("", HER) | {"pk": "CALL#x", "call_sid": ""}
    put(shop.tables, PREFIX, "calls", [broken])

    def others(network: PhoneNetwork) -> None:
        network.recordings.keep(b"\x7f" * 80, "RE8", call_sid="CA2", source="RecordVerb")

    assert at_twilio(shop, others).recordings.deleted == []


def test_a_stripped_call_does_not_say_that_its_recording_is_kept(shop: Shop) -> None:
    put(shop.tables, PREFIX, "calls", [call("CA1", HER, recording_sid="RE1", recording="kept")])
    shop.forget()
    (row,) = [r for r in shop.rows("calls") if r["pk"]["S"] == "CALL#CA1"]
    assert row["recording"] == {"S": "deleted"}


def test_what_came_in_meanwhile_is_told(shop: Shop) -> None:
    found = find(shop.keepers, HER, NOW)
    put(shop.tables, PREFIX, "calls", [call("CA7", HER)])
    assert forget(shop.keepers, found, NOW, shop.said.append) is False


def test_an_e_mail_that_was_added_meanwhile_is_not_left_behind(shop: Shop) -> None:
    row = job("j1", HER, PAST)
    del row["email"]
    put(shop.tables, PREFIX, "jobs", [row])
    found = find(shop.keepers, HER, NOW)
    put(shop.tables, PREFIX, "jobs", [job("j1", HER, PAST)])
    done = forget(shop.keepers, found, NOW, shop.said.append)
    assert not done or "sarah@" not in str(shop.rows("jobs"))


@pytest.mark.parametrize("withheld", ["+266696687", "+7378742833", "+86282452253"])
def test_what_stands_for_a_withheld_caller_is_nobody_s_to_forget(
    withheld: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_STACK_FILE", "/nonexistent/stack.json")
    assert main(["forget", withheld, "--stage", "local"]) == 1
    assert "withheld" in capsys.readouterr().err


def test_a_wrong_number_is_not_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["forget", "555-123-0000", "--stage", "local"])
    assert "123-0000" not in capsys.readouterr().err


def test_the_dry_run_tells_of_exports(shop: Shop) -> None:
    assert "export" in " ".join(listed(find(shop.keepers, HER, NOW)))


def test_what_retries_to_delete_a_recording_stays_while_the_recording_does(shop: Shop) -> None:
    put(shop.tables, PREFIX, "jobs", [follow_up("recording:CA1", "") | {"call_sid": "CA1"}])

    def refusing(network: PhoneNetwork) -> None:
        network.recordings.keep(b"\x7f" * 80, "RE1", call_sid="CA1", source="StartCallRecordingAPI")
        network.recordings.refusing = True

    assert at_twilio(shop, refusing).recordings.deleted == []
    assert any("recording:CA1" in str(row) for row in shop.rows("jobs"))
    assert any(HER in str(row) for row in shop.rows("calls"))


def test_an_export_that_cannot_be_read_is_said_in_a_line(shop: Shop) -> None:
    key = "exports/jobs/AWSDynamoDB/03/data/c.json.gz"
    for broken in (b"no gzip", gzip.compress(b"no json"), gzip.compress(b'{"Item": 1')):
        shop.s3.put_object(Bucket=BUCKET, Key=key, Body=broken)
        with pytest.raises(CannotTell, match="an export cannot be read"):
            find(shop.keepers, HER, NOW)


def test_an_account_that_twilio_does_not_know_is_no_account_without_texts(shop: Shop) -> None:
    async def go() -> None:
        network = PhoneNetwork(open_speech("text"), account_sid=ACCOUNT, auth_token=TOKEN)
        rest = RestApi(network)
        url = await rest.start()
        lost = KeptByTwilio(ACCOUNT, TOKEN, f"{url}/elsewhere")
        try:
            with pytest.raises(CannotTell, match="no such list"):
                await asyncio.to_thread(lambda: lost.messages(HER, lambda _: False))
        finally:
            await rest.stop()
            await network.close()

    asyncio.run(go())
