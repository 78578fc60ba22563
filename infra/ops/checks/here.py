"""This machine and these files: cdk.json, the businesses, Docker and what it builds for."""

import platform
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.config import Stage
from infra.ops.checks.finding import Findings, blocked, later, ok
from shared.domain.business import Business

BINFMT = Path("/proc/sys/fs/binfmt_misc")
EMULATE = "docker run --privileged --rm tonistiigi/binfmt --install arm64"
TIMEOUT_S = 15


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of the machine. `run` returns an exit status, None where there is no such
    program or it does not end."""

    processor: str
    run: Callable[[Sequence[str]], int | None]
    binfmt: Path = BINFMT
    resolves: Callable[[str], bool] = lambda name: _resolves(name)


def this_machine() -> Machine:
    return Machine(platform.machine(), _status)


def _resolves(name: str) -> bool:
    try:
        socket.getaddrinfo(name, 443)
    except OSError:
        return False
    return True


def own_domain_leads_here(stage: Stage, machine: Machine, target: str) -> Findings:
    """Whether the name of `api_domain` is known yet; `target` is what it has to be a CNAME of,
    "" before it was deployed."""
    own = stage.api_domain
    if own is None:
        return
    what = f"api_domain {own.name}"
    todo = f"make it a CNAME of {target}" if target else "deployed first, then a CNAME"
    if machine.resolves(own.name):
        if own.in_use:
            yield ok(what, "in use")
        else:
            yield later(what, "its name is known: set api_domain.in_use, deploy, then make connect")
    elif own.in_use:
        yield blocked(what, f"nobody could ask it: {todo}, or take in_use away")
    else:
        yield later(what, f"not in use yet: {todo}")


def _status(command: Sequence[str]) -> int | None:
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def stage_is_filled_in(stage: Stage) -> Findings:
    if stage.examples:
        yield blocked("cdk.json", f"stage {stage.name} has examples: {', '.join(stage.examples)}")
    else:
        yield ok("cdk.json", f"stage {stage.name}")


def businesses_are_real(businesses: Iterable[Business]) -> Findings:
    found = list(businesses)
    owned = [business for business in found if not business.is_example]
    if not owned:
        yield blocked("businesses", "only examples: write your own, docs/operations.md, step 3")
        return
    yield ok("businesses", ", ".join(business.id for business in owned))
    for business in owned:
        if not business.on_call:
            yield later(f"business {business.id}", "nobody on call: the office is rung at night")


def image_can_be_built(machine: Machine) -> Findings:
    """The image is for arm64; another processor has to emulate it."""
    if machine.run(("docker", "info")) != 0:
        yield blocked("Docker", "it does not run here; `make deploy` builds the bridge's image")
        return
    yield ok("Docker")
    if machine.processor in ("arm64", "aarch64"):
        yield ok("images for arm64", "this processor's own")
    elif (machine.binfmt / "qemu-aarch64").exists():
        yield ok("images for arm64", "emulated")
    else:
        yield blocked("images for arm64", f"this {machine.processor} needs it once: {EMULATE}")
