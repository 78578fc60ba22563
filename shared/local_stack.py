"""The local stack that stays up (`make up`), for every command that uses it while it runs.

It writes one file that says where it listens and with which keys. The keys are made for the run
and of no use anywhere else; only its owner may read the file, and it goes when the stack ends.
"""

import contextlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shared import environment
from shared.environment import Environ

VARIABLE = "LOCAL_STACK_FILE"  # another file than the one in this repository's build folder
ANSWERS_WITHIN_S = 2.0
_DEFAULT = Path(__file__).parents[1] / "build" / "local-stack.json"


@dataclass(frozen=True, slots=True)
class LocalStack:
    """Where a running stack is found. Addresses have no slash at their end."""

    pid: int
    control: str  # its own door: GET / tells the pid, GET /texts what was texted
    mode: str  # "voice" or "text": how its calls sound
    log: str  # the file of all that its processes print, a JSON object a line
    environment: Mapping[str, str]  # of the product's processes
    page: str = ""  # where one can talk to it, in a browser

    @property
    def tables(self) -> str:
        """The address of its AWS."""
        return self.environment["AWS_ENDPOINT_URL"]


def path(environ: Environ) -> Path:
    """The file, whether there is one or not."""
    given = environment.value(environ, VARIABLE)
    return Path(given) if given else _DEFAULT


@contextlib.contextmanager
def announced(file: Path, stack: LocalStack) -> Iterator[None]:
    """Let others find `stack` inside the block."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(stack), out)
    half.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find(environ: Environ, said: Callable[[str], None]) -> LocalStack | None:
    """The stack that is up; None without one. `said` gets a line where a file is left of one."""
    file = path(environ)
    try:
        text = file.read_text("utf-8")
    except OSError:
        return None
    stack = _read(text)
    if stack is None or not _is_up(stack):
        said(f"{file}: no stack answers there any more: it is ignored")
        return None
    return stack


def _read(text: str) -> LocalStack | None:
    try:
        fields: dict[str, Any] = json.loads(text)
        stack = LocalStack(**fields)
        return stack if stack.tables and isinstance(stack.pid, int) else None
    except (ValueError, TypeError, KeyError):
        return None


def _is_up(stack: LocalStack) -> bool:
    """Whether this very process answers: a port may have been given to another one since."""
    try:
        with urllib.request.urlopen(f"{stack.control}/", timeout=ANSWERS_WITHIN_S) as answer:
            return bool(json.load(answer)["pid"] == stack.pid)
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return False
