"""The store of a stage's business files, as whoever publishes reads and writes it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.stage import CONFIG, StageView, region_of
from services.operator.where.trouble import CannotTell, of_aws
from shared import environment, local_stack
from shared.businesses import BadBusiness, of_text
from shared.domain.business import Business
from shared.published import (
    LARGEST,
    POINTER,
    VERSIONS,
    BadPointer,
    BusinessFile,
    key_of,
    read_pointer,
    version_of,
    write_pointer,
)

CHANGED_MEANWHILE = ("PreconditionFailed", "ConditionalRequestConflict")


class Overtaken(Exception):
    """Somebody else published since the pointer was read."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is in force, and which state of it that is."""

    files: Mapping[str, BusinessFile]
    etag: str | None = None  # None where nothing was ever published


class PublishedFiles:
    """One stage's store. Every method raises CannotTell where it cannot be asked."""

    def __init__(self, client: Any, bucket: str, stage: str) -> None:
        self._client, self._bucket, self.stage = client, bucket, stage

    def pointer(self) -> Pointer:
        found = self._get(POINTER)
        if found is None:
            return Pointer({})
        try:
            return Pointer(read_pointer(found[0]), found[1])
        except BadPointer as exc:
            raise CannotTell(
                f"stage {self.stage}: {POINTER} is no pointer; the bucket {self._bucket} has its "
                "versions before: put one of them back"
            ) from exc

    def put(self, files: Mapping[str, BusinessFile], before: Pointer) -> None:
        """Put `files` in force, at once and all together. Raises Overtaken."""
        data = write_pointer(files)
        if len(data) >= LARGEST:
            raise CannotTell(f"all files together are larger than {LARGEST >> 20} MiB")
        state = {"IfMatch": before.etag} if before.etag else {"IfNoneMatch": "*"}
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=POINTER,
                Body=data,
                ContentType="application/json",
                **state,
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] in CHANGED_MEANWHILE:
                raise Overtaken from exc
            raise self._trouble(exc) from exc
        except BotoCoreError as exc:
            raise self._trouble(exc) from exc

    def keep(self, business_id: str, text: str) -> str:
        """Keep a text as a version, in force or not; its name."""
        version = version_of(text)
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key_of(business_id, version), Body=text.encode()
            )
        except (ClientError, BotoCoreError) as exc:
            raise self._trouble(exc) from exc
        return version

    def versions(self, business_id: str) -> list[tuple[str, datetime]]:
        """Every version ever kept and when, the newest first."""
        prefix = f"{VERSIONS}{business_id}/"
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            found = [
                (str(each["Key"]).removeprefix(prefix).removesuffix(".toml"), each["LastModified"])
                for page in pages
                for each in page.get("Contents", ())
            ]
        except (ClientError, BotoCoreError) as exc:
            raise self._trouble(exc) from exc
        return sorted(found, key=lambda each: each[1], reverse=True)

    def _get(self, key: str) -> tuple[bytes, str] | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
            return found["Body"].read(), found["ETag"]
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise self._trouble(exc) from exc
        except BotoCoreError as exc:
            raise self._trouble(exc) from exc

    def _trouble(self, exc: ClientError | BotoCoreError) -> CannotTell:
        if isinstance(exc, ClientError) and exc.response["Error"]["Code"] == "NoSuchBucket":
            return CannotTell(f"stage {self.stage} has no store of business files: deploy it first")
        return of_aws(exc, f"the business files of {self.stage}")


def published_files_of(name: str, environ: Mapping[str, str]) -> PublishedFiles:
    """The store of the stage of that name.

    Raises:
        CannotTell: there is no such stage, or no local stack is up.
    """
    try:
        if name == environment.LOCAL:
            return _local(environ)
        region = region_of(name) or environment.value(environ, "AWS_REGION") or None
        session = boto3.Session(region_name=region)
        account = session.client("sts", config=CONFIG).get_caller_identity()["Account"]
        bucket = f"callwright-{name}-businesses-{account}"
        return PublishedFiles(session.client("s3", config=CONFIG), bucket, name)
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"stage {name}") from exc


def _local(environ: Mapping[str, str]) -> PublishedFiles:
    stack = local_stack.find(environ, lambda _: None)
    if stack is None:
        raise CannotTell("no local stack is up: start one with `make up`")
    own = stack.environment
    client = boto3.client(
        "s3",
        endpoint_url=stack.tables,
        region_name=environment.region(own),
        aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
        config=CONFIG,
    )
    return PublishedFiles(client, own["BUSINESS_STORE"], environment.LOCAL)


def businesses_in_force(
    store: PublishedFiles, deployed: Mapping[str, Business]
) -> dict[str, Business]:
    """What was published, and of others what is deployed; a text that cannot be used gives way to
    the one before it. Raises CannotTell."""
    found = dict(deployed)
    for file in store.pointer().files.values():
        for _, text in file.versions:
            with suppress(BadBusiness):
                found[file.business_id] = of_text(text, f"{file.business_id}.toml")
                break
    return found


def with_published(view: StageView, environ: Mapping[str, str]) -> StageView:
    """The same stage with the businesses that are in force in it. Raises CannotTell."""
    store = published_files_of(view.name, environ)
    return replace(view, businesses=businesses_in_force(store, view.businesses))
