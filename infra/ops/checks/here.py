"""This machine and these files: cdk.json, the businesses, Docker and what it builds for."""

import platform
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.config import Stage
from infra.ops.checks.finding import Findings, blocked, later, ok
from shared.domain.business import Business

BINFMT = Path("/proc/sys/fs/binfmt_misc")
EMULATE = "docker run --privileged --rm tonistiigi/binfmt --install arm64"
TIMEOUT_S = 15
# A header in every answer of an HTTP API, and in every one of CloudFront's.
BY_API, BY_CLOUDFRONT = "apigw-requestid", "x-amz-cf-id"


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of the machine. `run` returns an exit status, None where there is no such
    program or it does not end."""

    processor: str
    run: Callable[[Sequence[str]], int | None]
    binfmt: Path = BINFMT
    answered_by: Callable[[str, str], bool] = lambda url, header: _answered_by(url, header)


def this_machine() -> Machine:
    return Machine(platform.machine(), _status)


def _answered_by(url: str, header: str) -> bool:
    """Whether whoever sends this header answers at the address, by whatever status.

    That shows name, certificate and mapping at once: AWS maps a name but once.
    """
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as exc:
        headers = exc.headers
        exc.close()
    except (OSError, ValueError):
        return False
    return header in headers


def own_names_lead_here(stage: Stage, machine: Machine, outputs: Mapping[str, str]) -> Findings:
    """Whether the names of `api_domain` and `domain` lead here yet. `outputs`, of the stacks, say
    what each has to be a CNAME of; there is none before it was deployed."""
    for field, own, target, header, then in (
        ("api_domain", stage.api_domain, "ApiDomainTarget", BY_API, ", then make connect"),
        ("domain", stage.domain, "DomainTarget", BY_CLOUDFRONT, ""),
    ):
        if own is None:
            continue
        what, known = f"{field} {own.name}", outputs.get(target, "")
        todo = f"make it a CNAME of {known}" if known else "deployed first, then a CNAME"
        if known and machine.answered_by(f"https://{own.name}/", header):
            if own.in_use:
                yield ok(what, "in use")
            else:
                yield later(what, f"it leads here: set {field}.in_use and deploy{then}")
        elif own.in_use:
            yield blocked(what, f"it does not lead here: {todo}, or take in_use away")
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
