"""`business`: check a file, try it as a draft, put it in force, take it back; diff and list."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.operator.done import publishing
from services.operator.done.publishing import Draft
from services.operator.told import versions
from services.operator.where.published_files import PublishedFiles, published_files_of
from services.operator.where.trouble import CannotTell
from shared import environment
from shared.businesses import BadBusiness, parse
from shared.businesses.odd import warnings
from shared.published import Files, in_folder

Run = Callable[[Sequence[str]], int]  # a module of ours with its arguments -> its exit status
SMOKE, CONNECT = "services.simulator", "infra.ops.connect"


def run_module(command: Sequence[str]) -> int:
    """Run a module of this repository in a process of its own: it is another deployable's."""
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def read(named: str, folder: Path) -> Draft:
    """The file of that path, or of that id in the folder.

    Raises:
        CannotTell: there is none, or it is wrong: a line for each fault.
    """
    path = Path(named)
    if not path.suffix and not path.exists():
        path = folder / f"{named}.toml"
    try:
        text = path.read_text("utf-8")
        return Draft(text, parse(text, path.name))
    except UnicodeDecodeError as exc:
        raise CannotTell(f"{path.name}: not TOML: it is no text in UTF-8") from exc
    except OSError as exc:
        known = ", ".join(sorted(in_folder(folder)))
        raise CannotTell(
            f"{named}: cannot be read: {exc.strerror}; by its id there is {known}"
        ) from exc
    except BadBusiness as exc:
        raise CannotTell(str(exc)) from exc


def run(
    asked: argparse.Namespace,
    environ: Mapping[str, str],
    today: date,
    say: Callable[[str], object],
    run_module: Run = run_module,
    store_of: Callable[[str, Mapping[str, str]], PublishedFiles] = published_files_of,
) -> int:
    """Do what was asked, and return the exit status.

    Raises:
        CannotTell: the file is wrong, or the stage cannot be asked.
    """
    folder = environment.businesses(environ)
    if asked.act == "check":
        return _check(asked, folder, today, say)
    if not asked.stage:
        raise CannotTell("name a stage: --stage NAME, or STAGE=NAME with make")
    store, files = store_of(asked.stage, environ), in_folder(folder)
    match asked.act:
        case "list":
            _say_all(_listed(store, files), say)
            return 0
        case "rollback":
            _say_all(publishing.rollback(store, asked.file or _missing("rollback", "ID")), say)
            return _connect(asked.stage, asked.file, run_module)
    draft = read(asked.file or _missing(asked.act, "FILE"), folder)
    _warn(draft, today, say)
    match asked.act:
        case "diff":
            now = publishing.in_force(store, files).get(draft.business.id)
            _say_all(versions.differences(now, draft.text, asked.stage, asked.file), say)
            return 0
        case "draft":
            return _draft(asked.stage, store, draft, files, say, run_module)
        case _:
            _say_all(publishing.publish(store, draft, files), say)
            _say_secrets(asked.stage, draft, say)
            if draft.business.is_example:
                return 0  # its numbers are nobody's
            return _connect(asked.stage, draft.business.id, run_module)


def _check(
    asked: argparse.Namespace, folder: Path, today: date, say: Callable[[str], object]
) -> int:
    """One file, or each of the folder."""
    named = [asked.file] if asked.file else sorted(in_folder(folder))
    wrong = 0
    for name in named:
        try:
            draft = read(name, folder)
        except CannotTell as exc:
            if len(named) == 1:
                raise
            say(str(exc))
            wrong = 1
            continue
        _warn(draft, today, say)
        say(f"{draft.business.id}: good, version {draft.business.version}")
    return wrong


def _draft(
    stage: str,
    store: PublishedFiles,
    draft: Draft,
    files: Files,
    say: Callable[[str], object],
    run_module: Run,
) -> int:
    """Keep the draft beside what is in force, and ring it there."""
    business = draft.business
    publishing.apart(draft, publishing.in_force(store, files))
    version = store.keep(business.id, draft.text)
    say(f"{business.id}: {version} is kept as a draft; no caller gets it")
    where = ["--local"] if stage == environment.LOCAL else ["--stage", stage]
    named = ["--draft", f"{business.id}@{version}", "--number", business.numbers[0]]
    return run_module([SMOKE, "smoke", *where, *named])


def _connect(stage: str, business_id: str, run_module: Run) -> int:
    """Twilio's numbers and the fallback follow what is in force. A laptop has neither."""
    if stage == environment.LOCAL:
        return 0
    return run_module([CONNECT, "--stage", stage, "--business", business_id, "--apply"])


def _listed(store: PublishedFiles, files: Files) -> Iterator[str]:
    found = publishing.in_force(store, files)
    published = [each for each in found.values() if each.is_published]
    kept = {each.business_id: store.versions(each.business_id) for each in published}
    return versions.listed(list(found.values()), kept)


def _warn(draft: Draft, today: date, say: Callable[[str], object]) -> None:
    for line in warnings(draft.business, today):
        say(f"{draft.business.id}: odd: {line}")


def _say_secrets(stage: str, draft: Draft, say: Callable[[str], object]) -> None:
    """What the file names, which may be empty still; a laptop has them in its environment."""
    named = sorted({name for name, _ in draft.business.integrations.secrets})
    if named and stage != environment.LOCAL:
        told = f"it names {', '.join(named)}: `make secrets STAGE={stage}` asks for what is empty"
        say(f"{draft.business.id}: {told}")


def _say_all(lines: Iterator[str], say: Callable[[str], object]) -> None:
    for line in lines:
        say(line)


def _missing(act: str, what: str) -> str:
    raise CannotTell(f"{act} what? `business {act} {what}`")


def add(commands: Any) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "business", help="a business's file: check, draft, publish, rollback, diff, list"
    )
    parser.set_defaults(command=run, act_on_file=True)
    acts = ("check", "draft", "publish", "rollback", "diff", "list")
    parser.add_argument("act", choices=acts, metavar="ACT", help=", ".join(acts))
    parser.add_argument("file", nargs="?", metavar="FILE", help="its path, or a business's id")
    parser.add_argument("--stage", metavar="NAME", help="local, dev, staging, prod")
