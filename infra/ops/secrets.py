"""`python -m infra.ops.secrets --stage NAME`: make and fill the stage's entries in Secrets Manager.

They are the stage's own five, and those that its business files name (`--file FILE`: also those of
a file that is not published yet).

Values come from prompts without echo, from the environment (--from-env) or as JSON on stdin
(--stdin). None is ever printed. What is filled already is kept where nothing new is given; a new
value keeps the old one as `previous`, so that both are accepted while it is rotated.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage, Stage
from infra.ops.entries import (
    ENTRIES,
    STREAM,
    STRIPE_ADMIN,
    WEBHOOK,
    BadValue,
    Entry,
    check,
    of_businesses,
)
from infra.ops.published import businesses_of
from infra.ops.stage import Aws, Unready, reason
from infra.ops.stage import load as load_stage
from infra.ops.vault import Stored, Vault
from shared.businesses import BadBusiness, load
from shared.domain.business import Business

Ask = Callable[[str], str]


def fill(
    vault: Vault,
    stage: Stage,
    given: Mapping[str, str],
    rotate: Sequence[str],
    out: TextIO,
    entries: Sequence[Entry] = ENTRIES,
) -> bool:
    """Store what was given, by entry; say what became of each. False when one still lacks a value.

    Raises:
        BadValue: a value cannot be right; nothing was stored then.
    """
    for entry in entries:
        if entry.name in given:
            check(entry, given[entry.name], stage)
    complete = True
    for entry in entries:
        value = given.get(entry.name) or _made(entry, vault.read(entry.name), rotate)
        if value:
            outcome: str = vault.store(entry.name, value)
        elif vault.read(entry.name).current:
            outcome = "kept"
        else:
            vault.create(entry.name)
            outcome = "empty: `make connect` fills it" if entry is WEBHOOK else "EMPTY"
            complete = complete and entry is WEBHOOK
        users = f"  ({', '.join(entry.of_businesses)})" if entry.of_businesses else ""
        print(f"{stage.secret(entry.name):<44}{outcome}{users}", file=out)
    return complete


def _made(entry: Entry, stored: Stored, rotate: Sequence[str]) -> str | None:
    wanted = entry.name in rotate or not stored.current
    return entry.made() if entry.made and wanted else None


def needs() -> str:
    """The least each key has to be allowed, a line each."""
    rows = [(entry.name, need.permission) for entry in ENTRIES for need in entry.needs]
    rows.append(("STRIPE_ADMIN_KEY, for `make connect` alone", STRIPE_ADMIN.permission))
    return "\n".join(f"  {name}: {permission}" for name, permission in rows)


def prompted(
    vault: Vault,
    ask: Ask,
    say: Callable[[str], object] = print,
    entries: Sequence[Entry] = ENTRIES,
) -> dict[str, str]:
    """What the operator types; an empty answer keeps what is there."""
    given = {}
    say(f"What each key has to be allowed, and no more:\n{needs()}")
    for entry in entries:
        if entry.given:
            now = "set; Enter keeps it" if vault.read(entry.name).current else entry.looks_like
            if value := ask(f"{entry.name} [{now}]: ").strip():
                given[entry.name] = value
    return given


def from_environment(
    environ: Mapping[str, str], entries: Sequence[Entry] = ENTRIES
) -> dict[str, str]:
    found = {entry.name: environ.get(entry.variable, "").strip() for entry in entries}
    return {name: value for name, value in found.items() if value}


def from_json(text: str, entries: Sequence[Entry] = ENTRIES) -> dict[str, str]:
    """Raises BadValue."""
    known = {entry.name for entry in entries}
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
        aws = Aws.of(load_stage(arguments.stage))
        vault = Vault(aws.client("secretsmanager"), aws.stage)
        entries = (*ENTRIES, *of_businesses(_businesses(aws, arguments.file)))
        if arguments.forget_previous:
            forgotten = [e.name for e in entries if vault.forget_previous(e.name)]
            print(f"previous values forgotten: {', '.join(forgotten) or 'there were none'}")
            return 0
        if unknown := [each for each in arguments.rotate if not _is_made(each, entries)]:
            known = ", ".join(each.name for each in entries if each.made)
            raise BadValue(f"--rotate {unknown[0]}: what is made here is {known}")
        given = _given(arguments, vault, entries)
        return 0 if fill(vault, aws.stage, given, arguments.rotate, sys.stdout, entries) else 1
    except (ClientError, BotoCoreError) as exc:
        print(f"secrets: {reason(exc)}", file=sys.stderr)
        return 1
    except (BadStage, BadBusiness, BadValue, Unready) as exc:
        print(f"secrets: {exc}", file=sys.stderr)
        return 2


def _businesses(aws: Aws, file: Path | None) -> list[Business]:
    """Those of the stage, and the one of a file that is to be published. Raises BadBusiness."""
    try:
        found = dict(businesses_of(aws))
    except ClientError as exc:
        # Who may fill secrets need not be who may read the store.
        print(f"secrets: business files are not read: {reason(exc)}", file=sys.stderr)
        found = {}
    if file is not None:
        more = load(file)
        found[more.id] = more
    return list(found.values())


def _is_made(name: str, entries: Sequence[Entry]) -> bool:
    return any(entry.name == name and entry.made for entry in entries)


def _given(arguments: argparse.Namespace, vault: Vault, entries: Sequence[Entry]) -> dict[str, str]:
    if arguments.from_env:
        return from_environment(os.environ, entries)
    if arguments.stdin:
        return from_json(sys.stdin.read(), entries)
    if not sys.stdin.isatty():
        raise BadValue("no terminal to ask at: give --from-env or --stdin")
    return prompted(vault, getpass.getpass, entries=entries)


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
        "--rotate", action="append", default=[], metavar="ENTRY", help=f"make a new {STREAM.name}"
    )
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="a business's file that is not published yet"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
