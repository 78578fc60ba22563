"""Opt-outs, consents and open questions, kept in the jobs table beside the texts on their way."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.adapters.dynamo.rows import (
    Table,
    WriteRefused,
    ask,
    key,
    model_of,
    pack,
    pack_value,
    row_of,
    stamp,
)
from shared.domain.models import OptOut, Talk, TextConsent
from shared.schema import JOBS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPTOUT, TEXTING, CONSENT, TALK = "OPTOUT", "TEXTING", "CONSENT", "TALK"
KEPT = timedelta(days=1)  # a question that has expired, before its row is deleted


class DynamoTexting:
    """Implements `shared.actions.texts.port.Texting`."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, JOBS)

    def opt_out(self, business_id: str, phone: str, said: OptOut) -> None:
        row = row_of(said) | {PK: _pk(OPTOUT, business_id, phone), SK: OPTOUT}
        try:
            self._table.put(pack(row), condition="attribute_not_exists(pk)")
        except WriteRefused:
            return

    def opt_in(self, business_id: str, phone: str) -> None:
        ask(
            self._table.client.delete_item,
            TableName=self._table.name,
            Key=key(_pk(OPTOUT, business_id, phone), OPTOUT),
        )

    def opted_out(self, business_id: str, phone: str) -> OptOut | None:
        item = self._table.get(_pk(OPTOUT, business_id, phone), OPTOUT)
        return None if item is None else model_of(OptOut, item)

    def consent(self, business_id: str, phone: str, given: TextConsent) -> None:
        at = stamp(given.at)
        try:
            self._table.change(
                _pk(TEXTING, business_id, phone),
                CONSENT,
                row_of(given) | {"at": at},
                condition="attribute_not_exists(#at) OR #at <= :given",
                values={"given": at},
            )
        except WriteRefused:
            return

    def consented(self, business_id: str, phone: str) -> TextConsent | None:
        item = self._table.get(_pk(TEXTING, business_id, phone), CONSENT)
        return None if item is None else model_of(TextConsent, item)

    def text_back(self, business_id: str, phone: str, *, at: datetime, since: datetime) -> bool:
        try:
            self._table.change(
                _pk(TEXTING, business_id, phone),
                CONSENT,
                {"texted_back_at": stamp(at)},
                condition="attribute_exists(#pk) AND "
                "(attribute_not_exists(#texted_back_at) OR #texted_back_at < :since)",
                values={"since": stamp(since)},
            )
        except WriteRefused:
            return False
        return True

    def ask(self, talk: Talk) -> None:
        row = row_of(talk) | {
            PK: _pk(TALK, talk.business_id, talk.phone),
            SK: TALK,
            "until": stamp(talk.until),
            TTL: int((talk.until + KEPT).timestamp()),
        }
        self._table.put(pack(row))

    def talk(self, business_id: str, phone: str, *, now: datetime) -> Talk | None:
        item = self._table.get(_pk(TALK, business_id, phone), TALK)
        if item is None or item["until"]["S"] <= stamp(now):
            return None
        return model_of(Talk, item)

    def answered(self, talk: Talk) -> bool:
        try:
            ask(
                self._table.client.delete_item,
                TableName=self._table.name,
                Key=key(_pk(TALK, talk.business_id, talk.phone), TALK),
                ConditionExpression="#until = :until AND #step = :step",
                ExpressionAttributeNames={"#until": "until", "#step": "step"},
                ExpressionAttributeValues={
                    ":until": pack_value(stamp(talk.until)),
                    ":step": pack_value(talk.step),
                },
            )
        except WriteRefused:
            return False
        return True


def _pk(kind: str, business_id: str, phone: str) -> str:
    return f"{kind}#{business_id}#{phone}"
