"""Installs one lock with pip, and shows how far it has come instead of an installer's log.

Standard library alone: it runs before anything is installed. `install.py LOCK WORDS [PIP'S OPTIONS]`.
"""

import re
import subprocess
import sys
from collections import deque
from pathlib import Path

KEPT = 40  # of pip's last lines, shown where it fails
WIDTH = 30
OFFLINE = re.compile(
    r"name resolution|Network is unreachable|Failed to establish|Connection refused|timed out"
    r"|No matching distribution|Could not find a version|ProxyError|Max retries",
)


def main(lock: str, words: str, *options: str) -> int:
    """0, or what pip ended with."""
    wanted = len(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", Path(lock).read_text("utf-8"), re.M))
    print(words, file=sys.stderr, flush=True)
    pip = [
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install",
        "--progress-bar", "off", "--no-color", "--no-warn-script-location", "--root-user-action", "ignore",
        "--require-hashes", *options, "-r", lock,
    ]  # fmt: skip
    last: deque[str] = deque(maxlen=KEPT)
    done, shown = 0, -1
    with subprocess.Popen(
        pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            last.append(line.rstrip())
            if line.startswith(("Collecting ", "Processing ", "Ignoring ", "Requirement ")):
                done = min(done + 1, wanted)
                shown = _show(done, wanted, shown)
            elif line.startswith("Installing collected"):
                _say("putting them in place …")
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if running.returncode:
        print("\n".join(last), file=sys.stderr)
        if OFFLINE.search("\n".join(last)):
            print(
                "The packages could not be fetched: is this computer online? What is installed"
                " stays; run the same command again.",
                file=sys.stderr,
            )
    return running.returncode


def _show(done: int, wanted: int, shown: int) -> int:
    """A bar on a terminal; elsewhere a line for each quarter."""
    if sys.stderr.isatty():
        bar = "█" * (WIDTH * done // max(wanted, 1))
        _say(f"{bar:<{WIDTH}} {done} of {wanted} packages")
        return done
    quarter = 4 * done // max(wanted, 1)
    if quarter > shown and quarter:
        _say(f"{done} of {wanted} packages")
    return max(quarter, shown)


def _say(text: str) -> None:
    start, end = ("\r\033[K", "") if sys.stderr.isatty() else ("", "\n")
    print(f"{start}  {text}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
