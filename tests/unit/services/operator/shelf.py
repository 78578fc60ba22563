"""S3 as far as the store of business files uses it: conditional puts, and an order in time."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from services.operator.where.published_files import PublishedFiles

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Shelf:
    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.puts = 0
        self.before_put: Any = None  # somebody else's doing, once

    def store(self, stage: str = "dev") -> PublishedFiles:
        return PublishedFiles(self, f"callwright-{stage}-businesses-1", stage)

    def get_object(self, **asked: str) -> dict[str, Any]:
        if asked["Key"] not in self.objects:
            raise _error("NoSuchKey")
        data = self.objects[asked["Key"]][0]
        return {"Body": io.BytesIO(data), "ETag": _etag(data)}

    def put_object(self, **asked: Any) -> None:
        key = asked["Key"]
        if self.before_put is not None and key == "current.json":
            meanwhile, self.before_put = self.before_put, None
            meanwhile()
        now = self.objects.get(key)
        if "IfNoneMatch" in asked and now is not None:
            raise _error("PreconditionFailed")
        if "IfMatch" in asked and (now is None or _etag(now[0]) != asked["IfMatch"]):
            raise _error("PreconditionFailed")
        self.puts += 1
        self.objects[key] = (asked["Body"], BEGAN + timedelta(minutes=self.puts))

    def get_paginator(self, _: str) -> "Shelf":
        return self

    def paginate(self, **asked: str) -> list[dict[str, Any]]:
        found = [
            {"Key": key, "LastModified": at}
            for key, (_, at) in self.objects.items()
            if key.startswith(asked["Prefix"])
        ]
        return [{"Contents": found}] if found else [{}]


def _etag(data: bytes) -> str:
    return f'"{hashlib.md5(data).hexdigest()}"'


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")
