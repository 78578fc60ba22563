"""Sentences rendered once, kept in the calls table where a new task of the bridge finds them."""

import hashlib
from typing import TYPE_CHECKING

from shared.adapters.dynamo.rows import Table, pack
from shared.schema import CALLS, PK, SK

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLIP = "CLIP"


class DynamoClips:
    """Implements `shared.actions.ports.Clips`. An item holds about 35 s of sound."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CALLS)

    def get(self, wording: str, model: str, voice: str) -> str | None:
        item = self._table.get(_pk(wording, model, voice), CLIP)
        return None if item is None else str(item["audio"]["S"])

    def keep(self, wording: str, model: str, voice: str, audio: str) -> None:
        row = {PK: _pk(wording, model, voice), SK: CLIP, "wording": wording}
        self._table.put(pack({**row, "model": model, "voice": voice, "audio": audio}))


def _pk(wording: str, model: str, voice: str) -> str:
    digest = hashlib.sha256(f"{model}\n{voice}\n{wording}".encode()).hexdigest()
    return f"{CLIP}#{digest}"
