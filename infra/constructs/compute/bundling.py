"""A Lambda's zip, made on this machine without Docker: the group's locked wheels and our code."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

CodeOf = Callable[[str], lambda_.Code]  # a function's name -> its code

ROOT = Path(__file__).parents[3]
RUNTIME = "3.13"
PLATFORM = "aarch64-manylinux2014"

# function -> its lock in requirements/; None where the runtime's own boto3 is all it needs
LOCKS: Mapping[str, str | None] = {
    "incoming": "incoming",
    "stripe_webhook": "stripe-webhook",
    "follow_up": "stripe-webhook",  # the same libraries: Stripe's and Twilio's
    "deliver": "deliver",
    "office": "office",
    "index_export": None,
    "synthetic_call": "synthetic-call",
}
# What a function runs of another deployable: the phone that places the call is the simulator's.
BESIDES: Mapping[str, tuple[str, ...]] = {"synthetic_call": ("services/simulator",)}

# Of Twilio's client only messages are sent, and not by asyncio.
_OF_ASYNCIO = (
    "aiohttp",
    "aiohttp-*",
    "aiohttp_retry",
    "aiohttp_retry-*",
    "aiohappyeyeballs*",
    "aiosignal*",
    "frozenlist*",
    "multidict*",
    "propcache*",
    "yarl*",
)
# The runtime brings boto3 with it.
_LEFT_OUT = (
    "boto3",
    "boto3-*",
    "botocore",
    "botocore-*",
    "s3transfer",
    "s3transfer-*",
    "bin",
    ".lock",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/*.json",
    "**/tests",
    "**/__pycache__",
)
# Nobody speaks to a function: it hears no danger.
_OF_THE_BRIDGE = ("hazard_weights",)
_KEPT_OF_TWILIO_REST = ("__init__.py", "api")


class BundleFailed(Exception):
    """The zip could not be made; with what the installer said."""


def bundled(name: str) -> lambda_.Code:
    """The code to deploy: for arm64, with what the function's lock pins."""
    return _asset(name, lambda out: bundle(name, LOCKS[name], out))


def own_code(name: str) -> lambda_.Code:
    """Our code alone, for an emulator that brings the libraries for its own processor."""
    return _asset(name, lambda out: copy_own(name, out))


def bundle(name: str, lock: str | None, out: Path) -> None:
    """Install and copy into `out`; the same lock and code give the same bytes.

    Raises:
        BundleFailed: a wheel is missing for the platform, or does not have the pinned hash.
    """
    if lock is not None:
        _install(name, lock, out)
        prune(out, asyncio=name in BESIDES)
    copy_own(name, out)


def copy_own(name: str, out: Path) -> None:
    """`functions/<name>` and `shared` as they lie in the repository: the same import names."""
    ignored = shutil.ignore_patterns("__pycache__", *_OF_THE_BRIDGE)
    for folder in (f"functions/{name}", "shared", *BESIDES.get(name, ())):
        shutil.copytree(ROOT / folder, out / folder, ignore=ignored)
    shutil.copy2(ROOT / "functions/__init__.py", out / "functions/__init__.py")
    for folder in BESIDES.get(name, ()):
        package = Path(folder).parent
        if (ROOT / package / "__init__.py").exists():
            shutil.copy2(ROOT / package / "__init__.py", out / package / "__init__.py")


def prune(out: Path, *, asyncio: bool = False) -> None:
    """Take out what the function does not import, and what differs from machine to machine."""
    rest = out / "twilio" / "rest"
    unused = rest.iterdir() if rest.is_dir() else iter(())
    _remove(path for path in unused if path.name not in _KEPT_OF_TWILIO_REST)
    for pattern in (*_LEFT_OUT, *(() if asyncio else _OF_ASYNCIO)):
        _remove(list(out.glob(pattern)))


def _install(name: str, lock: str, out: Path) -> None:
    command = [_uv(), "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    command += ["--python-platform", PLATFORM, "--python-version", RUNTIME]
    command += ["--only-binary", ":all:", "--target", str(out)]
    command += ["-r", str(ROOT / "requirements" / f"{lock}.txt")]
    # jsii and the cdk command read our stdout.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundleFailed(f"functions/{name}, requirements/{lock}.txt: {done.stderr.strip()}")


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _asset(name: str, fill: Callable[[Path], None]) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(ROOT / "functions" / name),
        # By output: the lock and `shared` lie outside the folder, and must change the zip.
        asset_hash_type=AssetHashType.OUTPUT,
        bundling=BundlingOptions(image=DockerImage.from_registry("unused"), local=_Local(fill)),
    )


@jsii.implements(ILocalBundling)
class _Local:
    def __init__(self, fill: Callable[[Path], None]) -> None:
        self._fill = fill

    def try_bundle(self, output_dir: str, options: Any = None, **_: Any) -> bool:
        self._fill(Path(output_dir))
        return True


def _uv() -> str:
    """uv of this environment, else of the system."""
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise BundleFailed("uv is not installed; it comes with requirements/dev.txt")
    return found
