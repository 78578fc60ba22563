"""Set-up: how far it is instead of an installer's log, and what is wrong in words."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = "".join(f"package-{n}==1.0 \\\n    --hash=sha256:0\n" for n in range(8))


def installed(tmp_path: Path, says: str, status: int) -> subprocess.CompletedProcess[str]:
    """Install a lock of eight packages with a pip that prints what it is told, and ends so."""
    (tmp_path / "lock.txt").write_text(LOCK)
    pip = tmp_path / "pip"
    pip.mkdir()
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(f"import sys\nprint({says!r})\nsys.exit({status})\n")
    argv = [sys.executable, "requirements/install.py", str(tmp_path / "lock.txt"), "eight of them"]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return subprocess.run(
        argv, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=30
    )


def test_a_line_for_each_quarter_stands_for_the_installer_s_log(tmp_path: Path) -> None:
    log = "\n".join(f"Collecting package-{n}==1.0\n  Downloading it" for n in range(8))
    done = installed(tmp_path, f"{log}\nInstalling collected packages: all of them", 0)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "eight of them",
        "  2 of 8 packages",
        "  4 of 8 packages",
        "  6 of 8 packages",
        "  8 of 8 packages",
        "  putting them in place …",
    ]


def test_who_is_offline_is_told_so_in_words(tmp_path: Path) -> None:
    for why in ("Temporary failure in name resolution", "ERROR: No matching distribution found"):
        folder = tmp_path / why.split()[0].strip(":")
        folder.mkdir()
        done = installed(folder, why, 1)
        assert done.returncode == 1
        assert why in done.stderr  # pip's own words are not hidden
        assert "is this computer online?" in done.stderr


def test_what_went_wrong_otherwise_is_not_taken_for_that(tmp_path: Path) -> None:
    done = installed(tmp_path, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", 1)
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "online" not in done.stderr
