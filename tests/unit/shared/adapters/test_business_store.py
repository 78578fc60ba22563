"""The store of business files is read with a signed GET, and what was read last stays in force."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from shared import published
from shared.adapters.business_store import (
    MAX_AGE_S,
    MISSED,
    BusinessStore,
    StoreUnavailable,
    opened,
)
from shared.published import POINTER, BusinessFile, Files, key_of, version_of, write_pointer
from tests.fakes import FakeMetrics

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
TEXT = "id = 'a'"
FILES = {"a": BusinessFile("a", TEXT, is_published=True)}


@dataclass
class Bucket:
    """A stand-in for S3 on loopback: path style, and it refuses what is not signed as it wants."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    status: int = 0  # of every answer, where it is set
    asked: list[str] = field(default_factory=list)
    unsigned: int = 0

    def environ(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": "us-east-2",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "an example key",
            "AWS_SESSION_TOKEN": "a session",
        }


def _signature(url: str, headers: dict[str, str]) -> str:
    """As botocore signs the same request at the same time."""

    request = AWSRequest(method="GET", url=url, headers={"X-Amz-Date": headers["x-amz-date"]})
    request.context["timestamp"] = headers["x-amz-date"]
    signer = S3SigV4Auth(
        Credentials("AKIDEXAMPLE", "an example key", "a session"), "s3", "us-east-2"
    )
    request.headers["x-amz-content-sha256"] = headers["x-amz-content-sha256"]
    request.headers["x-amz-security-token"] = "a session"
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(to_sign, request))


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    state = Bucket()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            wanted = _signature(f"{state.url}{self.path}", headers)
            state.unsigned += not headers["authorization"].endswith(f"Signature={wanted}")
            found = state.objects.get(self.path.removeprefix("/shop/"))
            status = state.status or (200 if found is not None else 404)
            body = found if found is not None and status == 200 else b"<Code>NoSuchKey</Code>"
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answer)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_pointer_is_read_signed_as_s3_wants_it(bucket: Bucket) -> None:
    bucket.objects[POINTER] = write_pointer(FILES)
    used = list[Files]()
    assert BusinessStore("shop", bucket.environ(), used.append).refresh(NOW) == "changed"
    assert used == [FILES]
    assert bucket.asked == [f"/shop/{POINTER}"] and not bucket.unsigned


def test_it_is_read_again_within_a_minute_and_not_before(bucket: Bucket) -> None:
    bucket.objects[POINTER] = write_pointer(FILES)
    store = BusinessStore("shop", bucket.environ(), lambda _: None)
    seen = [store.refresh(NOW + timedelta(seconds=n)) for n in (0, MAX_AGE_S - 1, MAX_AGE_S)]
    assert seen == ["changed", "same", "same"]
    assert len(bucket.asked) == 2
    bucket.objects[POINTER] = write_pointer({})
    assert store.refresh(NOW + timedelta(seconds=2 * MAX_AGE_S)) == "changed"
    assert MAX_AGE_S < 60


def test_a_stage_without_a_pointer_goes_by_its_files(bucket: Bucket) -> None:
    used = list[Files]()
    store = BusinessStore("shop", bucket.environ(), used.append)
    store.refresh(NOW)
    assert used == [{}]


def test_without_a_store_nothing_is_asked(bucket: Bucket) -> None:
    store = BusinessStore("", bucket.environ())
    assert store.refresh(NOW) == "same"
    assert store.fetch("a", "b") is None
    assert bucket.asked == []


@pytest.mark.parametrize("fault", ["403", "500", "no bucket", "no pointer", "gone"])
def test_a_store_that_fails_leaves_the_last_good_version_and_counts(
    bucket: Bucket, fault: str
) -> None:
    bucket.objects[POINTER] = write_pointer(FILES)
    used, metrics = list[Files](), FakeMetrics()
    environ = bucket.environ()
    store = BusinessStore("shop", environ, used.append)
    store.refresh(NOW)
    match fault:
        case "no bucket":
            bucket.objects.clear()
            bucket.status = 301
        case "no pointer":
            bucket.objects[POINTER] = b"{}"
        case "gone":
            environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        case _:
            bucket.status = int(fault)
    assert store.keep_current(NOW + timedelta(minutes=5), metrics) is False
    assert used == [FILES]
    assert metrics.total(MISSED) == 1


def test_a_process_that_never_read_it_cannot_go_on(bucket: Bucket) -> None:
    bucket.status, metrics = 503, FakeMetrics()
    store = BusinessStore("shop", bucket.environ())
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            store.keep_current(NOW, metrics)
    assert metrics.total(MISSED) == 2
    bucket.status = 0
    assert store.keep_current(NOW, metrics)


def test_any_version_can_be_fetched(bucket: Bucket) -> None:
    version = version_of(TEXT)
    bucket.objects[key_of("a", version)] = TEXT.encode()
    store = opened("shop", bucket.environ())
    store.refresh(NOW)
    assert published.text_of("a", version) == TEXT
    assert published.text_of("a", "000000000000") is None
    assert not bucket.unsigned
    published.forget()


def test_a_deployed_store_is_asked_by_its_own_name() -> None:
    store = BusinessStore("shop", {"AWS_REGION": "us-east-2"})
    assert store._address("current.json", "us-east-2") == (
        "shop.s3.us-east-2.amazonaws.com",
        "/current.json",
        "https://shop.s3.us-east-2.amazonaws.com",
    )
