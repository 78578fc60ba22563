"""The zips as they are deployed: small, the same every time, and whole without what was pruned."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.constructs.compute.bundling import BESIDES, LOCKS, BundleFailed, bundle, copy_own
from tests.infra.conftest import ROOT

MB = 1_000_000
# Unzipped (what a cold start loads from) and zipped (what is sent), measured and a fifth more.
BUDGETS = {
    "incoming": (38, 9.6),
    "stripe_webhook": (40, 10.2),
    "follow_up": (40, 10.2),
    "office": (42, 10.5),
    "deliver": (30, 6),
    "index_export": (1.5, 0.45),
    "synthetic_call": (40, 10),
}

# Run with nothing but the zip's folder, the interpreter's own library, and what stands in for
# Lambda's boto3 and for the one library that is compiled for another processor.
WHOLE = """
import importlib, pkgutil, sys
import functions.{name} as function
for found in pkgutil.iter_modules(function.__path__):
    importlib.import_module(f"functions.{name}.{{found.name}}")
outside = [m for m in {outside} if m in sys.modules]
assert not outside, outside
"""
SENDS_TEXTS = """
from shared.adapters.twilio_texts import TwilioTexts
print(type(TwilioTexts("AC" + "0" * 32, lambda: "x")._client().messages).__name__)
"""
FROM_ELSEWHERE = ("boto3", "botocore", "s3transfer", "pydantic_core")


@pytest.fixture(scope="module", params=sorted(BUDGETS))
def zipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One function's folder, bundled for real."""
    out = tmp_path_factory.mktemp("zip") / str(request.param)
    out.mkdir()
    try:
        bundle(request.param, LOCKS[request.param], out)
    except BundleFailed as exc:
        if "Failed to fetch" in str(exc) or "error sending request" in str(exc):
            pytest.skip("the package index cannot be reached, and uv has no copy")
        raise
    return out


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_zip_stays_small(zipped: Path, tmp_path: Path) -> None:
    unzipped = sum(path.stat().st_size for path in files(zipped)) / MB
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in files(zipped):
            out.write(path, path.relative_to(zipped))
    sent = archive.stat().st_size / MB
    print(f"\n{zipped.name}: {unzipped:.1f} MB, zipped {sent:.1f} MB")
    most_unzipped, most_sent = BUDGETS[zipped.name]
    assert unzipped < most_unzipped
    assert sent < most_sent


def test_a_zip_holds_one_function_and_what_it_knows(zipped: Path) -> None:
    assert sorted(p.name for p in (zipped / "functions").iterdir()) == ["__init__.py", zipped.name]
    assert (zipped / "shared/businesses/coolcare_hvac.toml").exists()
    outside = {"services", "infra", "tests", "boto3", "botocore", "bin"}
    if zipped.name in BESIDES:
        outside.remove("services")
        inside = sorted(p.name for p in (zipped / "services").iterdir())
        assert inside == ["__init__.py", "simulator"]
    assert not [name for name in outside if (zipped / name).exists()]
    assert not list(zipped.rglob("__pycache__"))


def test_what_is_compiled_is_for_lambdas_processor(zipped: Path) -> None:
    libraries = [path for path in files(zipped) if path.suffix == ".so"]
    assert bool(libraries) == (LOCKS[zipped.name] is not None)
    # ELF, machine 183: AArch64.
    assert {path.read_bytes()[18] for path in libraries} <= {183}


def test_what_was_pruned_is_not_missed(zipped: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in FROM_ELSEWHERE:
        spec = __import__(name).__path__[0]
        (elsewhere / name).symlink_to(spec)
    besides = zipped.name in BESIDES
    outside = ("infra", "pytest", "services.simulator.stack" if besides else "services")
    program = WHOLE.format(name=zipped.name, outside=outside)
    sends = LOCKS[zipped.name] in ("incoming", "stripe-webhook")
    done = subprocess.run(
        [sys.executable, "-S", "-B", "-c", program + (SENDS_TEXTS if sends else "")],
        env={"PYTHONPATH": f"{elsewhere}:{zipped}", "AWS_DEFAULT_REGION": "us-east-1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ("MessageList" if sends else "")


def test_the_same_code_is_the_same_zip(zipped: Path, tmp_path: Path) -> None:
    def digest(folder: Path) -> str:
        whole = hashlib.sha256()
        for path in files(folder):
            whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
        return whole.hexdigest()

    bundle(zipped.name, LOCKS[zipped.name], tmp_path)
    assert digest(tmp_path) == digest(zipped)


def test_every_function_has_a_budget() -> None:
    assert BUDGETS.keys() == LOCKS.keys()


def test_a_wheel_that_is_not_the_pinned_one_fails(tmp_path: Path) -> None:
    lock = tmp_path / "forged.txt"
    lock.write_text(f"pydantic==2.11.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(BundleFailed, match="functions/incoming"):
        bundle("incoming", str(lock.with_suffix("")), tmp_path / "out")


def test_an_emulator_gets_our_own_code_alone(tmp_path: Path) -> None:
    copy_own("incoming", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["functions", "shared"]
    assert (tmp_path / "functions/incoming/handler.py").read_bytes() == (
        ROOT / "functions/incoming/handler.py"
    ).read_bytes()
