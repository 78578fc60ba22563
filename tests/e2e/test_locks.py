"""Every lock installs, hash by hash, on the oldest and the newest Python we support.

`dev.txt` is not among them: it is what these tests run on, here and in `.ci/run` on 3.13.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.txt") if path.stem != "dev")
WANTED = ("3.11", "3.13")


def interpreter(version: str) -> str | None:
    """A Python of this version that really starts: pyenv has shims also for those that do not."""
    homes = [Path(sys.executable), *Path.home().glob(f".pyenv/versions/{version}*/bin/python")]
    for python in [*map(str, homes), f"python{version}"]:
        try:
            told = subprocess.run(
                [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
        except OSError:
            continue
        if told.stdout.strip() == version:
            return python
    return None


@pytest.mark.parametrize("version", WANTED)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_installs(lock: str, version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} starts here")
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "-q", "--require-hashes",
         "--only-binary", ":all:", "--python", python, "--target", str(tmp_path),
         "-r", str(ROOT / "requirements" / lock)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("*.dist-info"))


@pytest.mark.parametrize("lock", [*LOCKS, "dev.txt"])
def test_a_lock_names_no_package_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text
