"""All table work of one webhook together has a bound, however many requests it is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import BotoCoreError, ReadTimeoutError

from shared.adapters.patience import OutOfTime, within
from shared.adapters.wiring import HURRIED_S, dynamo_client


@contextmanager
def silent() -> Iterator[tuple[str, list[int]]]:
    """A service that takes connections and never answers; its address, and how many came."""
    came: list[int] = []
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            while True:
                try:
                    kept.append(listener.accept()[0])
                except OSError:
                    return
                came.append(len(kept))

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in kept:
        each.close()


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")


def test_tables_that_do_not_answer_are_asked_no_more_once_the_time_is_over() -> None:
    with silent() as (url, came):
        client = dynamo_client(region="us-east-1", endpoint_url=url, hurried=True)
        errors: list[str] = []
        with within(HURRIED_S / 2):
            for _ in range(10):
                with pytest.raises(BotoCoreError) as caught:
                    client.get_item(TableName="calls", Key={"pk": {"S": "1"}})
                errors.append(type(caught.value).__name__)

        assert errors == [OutOfTime.__name__] * 10  # the first one's second try is sent no more
        assert len(came) == 1
        client.close()


def test_outside_of_it_each_request_has_its_own_time_only() -> None:
    with silent() as (url, came):
        client = dynamo_client(region="us-east-1", endpoint_url=url, hurried=True)
        with within(0):
            pass
        with pytest.raises(ReadTimeoutError):
            client.get_item(TableName="calls", Key={"pk": {"S": "1"}})

        assert len(came) == 2
        client.close()
