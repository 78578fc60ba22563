"""The file by which a running local stack is found."""

import json
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from shared.local_stack import LocalStack, announced, find, path


@contextmanager
def door(pid: int) -> Iterator[str]:
    """What answers at the address of a stack."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"pid": pid}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def stack(control: str) -> LocalStack:
    return LocalStack(os.getpid(), control, "text", "x.log", {"AWS_ENDPOINT_URL": "http://aws"})


def test_a_stack_that_answers_is_found_and_its_file_goes_with_it(tmp_path: Path) -> None:
    file, said = tmp_path / "build" / "stack.json", list[str]()
    environ = {"LOCAL_STACK_FILE": str(file)}
    with door(os.getpid()) as control:
        with announced(file, stack(control)):
            assert find(environ, said.append) == stack(control)
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert find(environ, said.append) is None
    assert not file.exists()
    assert said == []


def test_another_process_at_the_same_port_is_not_the_stack(tmp_path: Path) -> None:
    file, said = tmp_path / "stack.json", list[str]()
    with door(os.getpid() + 1) as control, announced(file, stack(control)):
        assert find({"LOCAL_STACK_FILE": str(file)}, said.append) is None
    assert len(said) == 1
    assert "ignored" in said[0]


@pytest.mark.parametrize("left", ["", "{", "[]", "{}", '{"pid": 1}', "null"])
def test_a_broken_file_is_ignored_with_one_line(tmp_path: Path, left: str) -> None:
    file, said = tmp_path / "stack.json", list[str]()
    file.write_text(left)
    assert find({"LOCAL_STACK_FILE": str(file)}, said.append) is None
    assert len(said) == 1


def test_a_file_of_a_stack_that_died_is_ignored_with_one_line(tmp_path: Path) -> None:
    file, said = tmp_path / "stack.json", list[str]()
    with announced(file, stack("http://127.0.0.1:9")):
        assert find({"LOCAL_STACK_FILE": str(file)}, said.append) is None
    assert len(said) == 1


def test_the_file_lies_in_the_build_folder_unless_another_is_named(tmp_path: Path) -> None:
    assert path({}).parts[-2:] == ("build", "local-stack.json")
    assert path({"LOCAL_STACK_FILE": str(tmp_path / "x")}) == tmp_path / "x"
