"""The daily exports of the tables in S3, each object gzipped JSON lines of typed items."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.trouble import CannotTell, of_aws

PREFIX = "exports/"
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptExports:
    """Every method raises CannotTell."""

    client: Any
    bucket: str

    def objects(self) -> Iterator[tuple[str, str]]:
        """The data of every export that is kept: its key, and which table it is of."""
        pages = self.client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=self.bucket, Prefix=PREFIX):
                for each in page.get("Contents", []):
                    key = str(each["Key"])
                    if key.endswith(".json.gz"):
                        yield key, key.removeprefix(PREFIX).partition("/")[0]
        except (ClientError, BotoCoreError) as exc:
            raise of_aws(exc, "the exports") from exc

    def items(self, key: str) -> list[Item]:
        """What an object holds."""
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            lines = gzip.decompress(body).decode().splitlines()
            return [json.loads(line)["Item"] for line in lines]
        except (ClientError, BotoCoreError) as exc:
            raise of_aws(exc, "an export") from exc
        except (OSError, ValueError, EOFError, KeyError, TypeError, RecursionError) as exc:
            raise CannotTell(f"an export cannot be read: {type(exc).__name__}") from exc

    def put(self, key: str, items: Iterable[Item]) -> None:
        """In place of what is there, in one step."""
        lines = (json.dumps({"Item": item}, separators=(",", ":")) for item in items)
        body = gzip.compress("".join(f"{line}\n" for line in lines).encode())
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body)
        except (ClientError, BotoCoreError) as exc:
            raise of_aws(exc, "an export") from exc
