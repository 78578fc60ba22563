"""The stage's entries in Secrets Manager: `{"current": …, "previous": …}`, never shown.

While a key is rotated both values are accepted, so the old one stays until the next is stored.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import ClientError

from infra.config import Stage
from infra.ops.stage import Unready

Change = Literal["created", "filled", "rotated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What an entry holds. Values stay out of every repr."""

    exists: bool = False
    current: str | None = field(default=None, repr=False)
    previous: str | None = field(default=None, repr=False)


class Vault:
    """Reads and writes the entries of one stage. `client` is boto3's secretsmanager."""

    def __init__(self, client: Any, stage: Stage) -> None:
        self._client, self._stage = client, stage

    def read(self, name: str) -> Stored:
        """Raises Unready for an entry that is being deleted."""
        entry = self._stage.secret(name)
        try:
            described = self._client.describe_secret(SecretId=entry)
            if described.get("DeletedDate"):
                raise Unready(f"{entry} is being deleted: restore it, or wait until it is gone")
            text = self._client.get_secret_value(SecretId=entry).get("SecretString", "")
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            # The entry itself may be there, without any value yet.
            return Stored(exists=exc.operation_name == "GetSecretValue")
        return Stored(True, *_values(text))

    def current(self, name: str) -> str:
        """Raises Unready where there is none."""
        value = self.read(name).current
        if value is None:
            raise Unready(f"{self._stage.secret(name)} is empty: run `make secrets` first")
        return value

    def create(self, name: str) -> None:
        """An entry without a value; nothing where it is there."""
        if not self.read(name).exists:
            self._client.create_secret(Name=self._stage.secret(name), Description=_WHAT)

    def store(self, name: str, value: str) -> Change:
        """Make `value` the current one; the one before becomes the previous."""
        before = self.read(name)
        if before.current == value:
            return "unchanged"
        text = json.dumps({"current": value, "previous": before.current or ""})
        entry = self._stage.secret(name)
        if before.exists:
            self._client.put_secret_value(SecretId=entry, SecretString=text)
        else:
            self._client.create_secret(Name=entry, SecretString=text, Description=_WHAT)
        if before.current:
            return "rotated"
        return "filled" if before.exists else "created"

    def forget_previous(self, name: str) -> bool:
        """End a rotation: only the current value is accepted from now on."""
        before = self.read(name)
        if not before.current or not before.previous:
            return False
        text = json.dumps({"current": before.current, "previous": ""})
        self._client.put_secret_value(SecretId=self._stage.secret(name), SecretString=text)
        return True


_WHAT = "Callwright; written by `make secrets` and `make connect`"


def _values(text: str) -> tuple[str | None, str | None]:
    try:
        content = json.loads(text)
    except ValueError:
        return text.strip() or None, None
    if not isinstance(content, dict):
        return text.strip() or None, None
    return content.get("current") or None, content.get("previous") or None
