"""Secrets, read when they are needed: from the environment, or from Secrets Manager without boto3.

The environment has the value itself (`TWILIO_AUTH_TOKEN`, on a laptop and in a task), or names
the secret that holds it (`TWILIO_AUTH_TOKEN_SECRET_ARN`, in a Lambda). A secret may be JSON with
`current` and `previous`: while one is rotated, both are accepted. boto3 costs 260 ms on a cold
start with a caller on the line; one signed POST costs three.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from shared import environment
from shared.domain.errors import PortError

MAX_AGE_S = 300
TIMEOUT_S = 3.0
MOST_BYTES = 1 << 20  # of an answer
SERVICE = "secretsmanager"
TARGET = "secretsmanager.GetSecretValue"
CONTENT_TYPE = "application/x-amz-json-1.1"
CONTAINER_HOST = "http://169.254.170.2"  # ECS: where a task asks for its role


class SecretUnavailable(PortError):
    """A needed secret is not set, or not to be had. Names it, never its value."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whose request it is: from the environment, or from where the environment says."""

    region: str
    key_id: str
    secret_key: str
    token: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Credentials":
        """The credentials of this process. Raises SecretUnavailable."""
        region = environment.region(environ)
        key_id, secret_key = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
        if key_id and secret_key:
            return cls(region, key_id, secret_key, environ.get("AWS_SESSION_TOKEN") or None)
        given = _from_container(environ)
        try:
            return cls(
                region, given["AccessKeyId"], given["SecretAccessKey"], given.get("Token") or None
            )
        except KeyError as exc:
            raise SecretUnavailable(f"the container's credentials lack {exc}") from exc


class Secrets:
    """The secrets of one process, each kept five minutes by `clock`, the time of the request."""

    def __init__(self, environ: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._environ, self._clock = environ, clock
        # By name: when it was fetched from Secrets Manager, and its values then.
        self._kept: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def get(self, name: str) -> tuple[str, ...]:
        """The values of `name`, the current one first, then the one it replaces.

        Raises:
            SecretUnavailable: it is neither set nor to be had.
        """
        named_by = name + environment.ARN_SUFFIX
        return self._values(name, self._environ.get(named_by), f"neither {name} nor {named_by}")

    def of_business(self, name: str) -> tuple[str, ...]:
        """The values of a secret that a business's file names: on a laptop of the variable
        BUSINESS_SECRET_<NAME>, else of the entry behind the prefix BUSINESS_SECRETS.

        Raises:
            SecretUnavailable: it is neither set nor to be had.
        """
        variable = f"BUSINESS_SECRET_{name.upper().replace('-', '_')}"
        prefix = self._environ.get("BUSINESS_SECRETS")
        entry = f"{prefix}{name}" if prefix else None
        return self._values(variable, entry, f"neither {variable} nor BUSINESS_SECRETS")

    def _values(self, name: str, arn: str | None, missing: str) -> tuple[str, ...]:
        if value := self._environ.get(name):
            return (value,)
        if not arn:
            raise SecretUnavailable(f"{missing} is set")
        now = self._clock()
        kept = self._kept.get(name)
        if kept and abs((now - kept[0]).total_seconds()) < MAX_AGE_S:
            return kept[1]
        try:
            values = values_in(name, fetch(arn, self._environ, now))
        except SecretUnavailable:
            # The old value is most likely still right. Without any, no call could be answered.
            if kept:
                return kept[1]
            raise
        self._kept[name] = (now, values)
        return values


def values_in(name: str, text: str) -> tuple[str, ...]:
    """The values of a secret's text: itself, or `current` and `previous` of its JSON."""
    try:
        content = json.loads(text)
    except ValueError:
        content = text
    if isinstance(content, dict):
        found = (content.get("current"), content.get("previous"))
        values = tuple(value for value in found if isinstance(value, str) and value)
    else:
        values = (text.strip(),) if text.strip() else ()
    if not values:
        raise SecretUnavailable(f"the secret of {name} holds no value")
    return values


def fetch(arn: str, environ: Mapping[str, str], now: datetime) -> str:
    """The text of one secret.

    Raises:
        SecretUnavailable: it was refused, or nobody answered in time.
    """
    credentials = Credentials.of(environ)
    endpoint = (
        environ.get("AWS_ENDPOINT_URL_SECRETS_MANAGER")
        or environ.get("AWS_ENDPOINT_URL")
        or f"https://{SERVICE}.{_region_of(arn) or credentials.region}.amazonaws.com"
    )
    body = json.dumps({"SecretId": arn}).encode()
    where = urlsplit(endpoint)
    headers = signed_headers(credentials, where.netloc, body, now, region=_region_of(arn))
    status, answer = request("POST", f"{where.scheme}://{where.netloc}/", headers, body)
    try:
        content = json.loads(answer)
    except ValueError:
        content = {}
    text = content.get("SecretString") if isinstance(content, dict) else None
    if status != 200 or not isinstance(text, str):
        kind = str(content.get("__type", "")) if isinstance(content, dict) else ""
        raise SecretUnavailable(
            f"Secrets Manager answered {status} {kind.rsplit('#', 1)[-1]}".strip()
        )
    return text


def role_uri(environ: Mapping[str, str]) -> str | None:
    """Where this container asks for its role; None outside of one."""
    if path := environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
        return CONTAINER_HOST + path
    return environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")


def _from_container(environ: Mapping[str, str]) -> dict[str, str]:
    """What a task on Fargate, or a Lambda restored by SnapStart, has instead of keys."""
    uri = role_uri(environ)
    if not uri:
        raise SecretUnavailable("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
    token = environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    status, answer = request("GET", uri, {"authorization": token} if token else {})
    try:
        given = json.loads(answer)
    except ValueError:
        given = None
    if status != 200 or not isinstance(given, dict):
        raise SecretUnavailable(f"the container's credentials answered {status}")
    return given


def signed_headers(
    credentials: Credentials, host: str, body: bytes, now: datetime, *, region: str | None = None
) -> dict[str, str]:
    """The headers of a GetSecretValue request, signed with Signature Version 4."""
    headers = {"content-type": CONTENT_TYPE, "host": host, "x-amz-target": TARGET}
    where = (region or credentials.region, SERVICE)
    return signed(credentials, "POST", "/", headers, body, now, where=where)


def signed(
    credentials: Credentials,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    where: tuple[str, str],
) -> dict[str, str]:
    """`headers` of a request without a query, signed with Signature Version 4; `where` is region
    and service, and `path` of characters that need no escaping."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{'/'.join(where)}/aws4_request"
    headers = {**headers, "x-amz-date": stamp}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    names = ";".join(sorted(headers))
    canonical = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "\n".join((method, path, "", canonical, names, _sha256(body)))
    to_sign = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, _sha256(asked.encode())))
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


def request(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    timeout_s: float = TIMEOUT_S,
) -> tuple[int, bytes]:
    import http.client  # 20 ms that a laptop and a warm environment never pay

    where = urlsplit(url)
    path = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
    secure = where.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(where.netloc, timeout=timeout_s)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        response = connection.getresponse()
        return response.status, response.read(MOST_BYTES)
    except (OSError, http.client.HTTPException) as exc:
        raise SecretUnavailable(f"{where.netloc} did not answer") from exc
    finally:
        connection.close()


def _region_of(arn: str) -> str | None:
    """arn:aws:secretsmanager:<region>:<account>:secret:<name>; a bare name has none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 5 and parts[0] == "arn" and parts[3] else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
