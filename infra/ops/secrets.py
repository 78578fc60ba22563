"""`python -m infra.ops.secrets --stage NAME`: make and fill the stage's entries in Secrets Manager.

Values come from prompts without echo, from the environment (--from-env) or as JSON on stdin
(--stdin). None is ever printed. What is filled already is kept where nothing new is given; a new
value keeps the old one as `previous`, so that both are accepted while it is rotated.
"""

import argparse
import getpass
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage, Stage
from infra.ops.stage import Aws, Unready, load, reason
from infra.ops.vault import Stored, Vault

Ask = Callable[[str], str]
TOKEN_BYTES = 32


class BadValue(Exception):
    """A value that cannot be right; the message names the entry and never the value."""


@dataclass(frozen=True, slots=True)
class Need:
    """A permission in the service's own words, and every request it is for."""

    permission: str
    asks: tuple[str, ...]  # "POST /v1/checkout/sessions"


@dataclass(frozen=True, slots=True)
class Entry:
    """One secret: what it looks like, who gives it, and the least it has to be allowed."""

    name: str
    variable: str
    looks_like: str
    shape: str  # a regular expression
    given: bool = True  # by the operator; else it is made here, or by `make connect`
    needs: tuple[Need, ...] = ()


OPENAI = Entry(
    "openai-api-key",
    "OPENAI_API_KEY",
    "sk-…",
    r"sk-\S{8,}",
    needs=(
        Need("Model capabilities: Request", ("GET /v1/realtime",)),
        Need("Models: Read", ("GET /v1/models/{model}",)),
    ),
)
_ACCOUNT = "/2010-04-01/Accounts/{account}"
TWILIO = Entry(
    "twilio-auth-token",
    "TWILIO_AUTH_TOKEN",
    "32 hex digits",
    r"[0-9a-f]{32}",
    # It checks the signatures of webhooks, which no lesser key can.
    needs=(
        Need(
            "the account's auth token, which is all of the account: use one for nothing else",
            (
                f"POST {_ACCOUNT}/Messages.json",
                f"GET {_ACCOUNT}/Messages.json",
                f"DELETE {_ACCOUNT}/Messages/{{sid}}.json",
                f"GET {_ACCOUNT}/Calls/{{sid}}.json",
                f"POST {_ACCOUNT}/Calls/{{sid}}/Recordings/Twilio.CURRENT.json",
                f"GET {_ACCOUNT}/Recordings.json",
                f"GET {_ACCOUNT}/Recordings/{{sid}}",
                f"DELETE {_ACCOUNT}/Recordings/{{sid}}.json",
                f"GET {_ACCOUNT}/IncomingPhoneNumbers.json",
                f"POST {_ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json",
                "GET /v1/DialingPermissions/Countries/{country}",
                "GET /v1/Services",
                "GET /v1/Services/{sid}/Compliance/Usa2p",
            ),
        ),
    ),
)
STRIPE = Entry(
    "stripe-api-key",
    "STRIPE_API_KEY",
    "rk_…, or sk_…",
    r"(sk|rk)_(live|test)_[A-Za-z0-9]{8,}",
    needs=(
        Need(
            "Checkout Sessions: Write",
            (
                "POST /v1/checkout/sessions",
                "GET /v1/checkout/sessions",
                "GET /v1/checkout/sessions/{id}",
                "POST /v1/checkout/sessions/{id}/expire",
            ),
        ),
    ),
)
# Given to `make connect` for one run, as STRIPE_ADMIN_KEY, and kept nowhere.
STRIPE_ADMIN = Need("Webhook Endpoints: Write", ("GET", "POST", "DELETE"))
WEBHOOK = Entry(
    "stripe-webhook-secret", "STRIPE_WEBHOOK_SECRET", "whsec_…", r"whsec_\S{8,}", given=False
)
STREAM = Entry("stream-token", "STREAM_TOKEN_SECRET", "40 characters or more", r"\S{40,}", False)
ENTRIES = (OPENAI, TWILIO, STRIPE, WEBHOOK, STREAM)


def fill(
    vault: Vault, stage: Stage, given: Mapping[str, str], rotate: Sequence[str], out: TextIO
) -> bool:
    """Store what was given, by entry; say what became of each. False when one still lacks a value.

    Raises:
        BadValue: a value cannot be right; nothing was stored then.
    """
    for entry in ENTRIES:
        if entry.name in given:
            check(entry, given[entry.name], stage)
    complete = True
    for entry in ENTRIES:
        value = given.get(entry.name) or _made(entry, vault.read(entry.name), rotate)
        if value:
            outcome: str = vault.store(entry.name, value)
        elif vault.read(entry.name).current:
            outcome = "kept"
        else:
            vault.create(entry.name)
            outcome = "empty: `make connect` fills it" if entry is WEBHOOK else "EMPTY"
            complete = complete and entry is WEBHOOK
        print(f"{stage.secret(entry.name):<44}{outcome}", file=out)
    return complete


def check(entry: Entry, value: str, stage: Stage) -> None:
    """Raises BadValue."""
    if not re.fullmatch(entry.shape, value):
        raise BadValue(f"{entry.name}: does not look like {entry.looks_like}; nothing was stored")
    if entry is STRIPE and ("_live_" in value) is not (stage.name == "prod"):
        wanted = "a live key" if stage.name == "prod" else "a test key, never a live one"
        raise BadValue(f"{entry.name}: stage {stage.name} takes {wanted}; nothing was stored")


def _made(entry: Entry, stored: Stored, rotate: Sequence[str]) -> str | None:
    wanted = entry.name in rotate or not stored.current
    return secrets.token_urlsafe(TOKEN_BYTES) if entry is STREAM and wanted else None


def needs() -> str:
    """The least each key has to be allowed, a line each."""
    rows = [(entry.name, need.permission) for entry in ENTRIES for need in entry.needs]
    rows.append(("STRIPE_ADMIN_KEY, for `make connect` alone", STRIPE_ADMIN.permission))
    return "\n".join(f"  {name}: {permission}" for name, permission in rows)


def prompted(vault: Vault, ask: Ask, say: Callable[[str], object] = print) -> dict[str, str]:
    """What the operator types; an empty answer keeps what is there."""
    given = {}
    say(f"What each key has to be allowed, and no more:\n{needs()}")
    for entry in ENTRIES:
        if entry.given:
            now = "set; Enter keeps it" if vault.read(entry.name).current else entry.looks_like
            if value := ask(f"{entry.name} [{now}]: ").strip():
                given[entry.name] = value
    return given


def from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    found = {entry.name: environ.get(entry.variable, "").strip() for entry in ENTRIES}
    return {name: value for name, value in found.items() if value}


def from_json(text: str) -> dict[str, str]:
    """Raises BadValue."""
    known = {entry.name for entry in ENTRIES}
    try:
        content = json.loads(text)
    except ValueError as exc:
        raise BadValue("stdin: not JSON") from exc
    if not isinstance(content, dict) or not set(content) <= known:
        raise BadValue(f"stdin: an object with the keys {', '.join(sorted(known))}")
    return {name: str(value).strip() for name, value in content.items() if str(value).strip()}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        aws = Aws.of(load(arguments.stage))
        vault = Vault(aws.client("secretsmanager"), aws.stage)
        if arguments.forget_previous:
            forgotten = [e.name for e in ENTRIES if vault.forget_previous(e.name)]
            print(f"previous values forgotten: {', '.join(forgotten) or 'there were none'}")
            return 0
        given = _given(arguments, vault)
        return 0 if fill(vault, aws.stage, given, arguments.rotate, sys.stdout) else 1
    except (ClientError, BotoCoreError) as exc:
        print(f"secrets: {reason(exc)}", file=sys.stderr)
        return 1
    except (BadStage, BadValue, Unready) as exc:
        print(f"secrets: {exc}", file=sys.stderr)
        return 2


def _given(arguments: argparse.Namespace, vault: Vault) -> dict[str, str]:
    if arguments.from_env:
        return from_environment(os.environ)
    if arguments.stdin:
        return from_json(sys.stdin.read())
    if not sys.stdin.isatty():
        raise BadValue("no terminal to ask at: give --from-env or --stdin")
    return prompted(vault, getpass.getpass)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.ops.secrets",
        description=f"{__doc__}\nWhat each key has to be allowed, and no more:\n{needs()}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", required=True, metavar="NAME", help="dev, staging or prod")
    source = parser.add_mutually_exclusive_group()
    names = ", ".join(entry.variable for entry in ENTRIES)
    source.add_argument("--from-env", action="store_true", help=f"values of {names}")
    source.add_argument("--stdin", action="store_true", help="a JSON object: entry -> value")
    source.add_argument(
        "--forget-previous", action="store_true", help="end a rotation: old values count no more"
    )
    parser.add_argument(
        "--rotate", action="append", default=[], choices=[STREAM.name], help="make a new one"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
