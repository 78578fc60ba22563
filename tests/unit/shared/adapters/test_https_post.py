"""What leaves to an owner's address, over real sockets: and what is never asked."""

import datetime as dt
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.actions.events.ports import NotDelivered
from shared.adapters.https_post import LARGEST, GuardedHttp

LAPTOP = GuardedHttp(loopback=True, timeout_s=0.4)


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers by the path it is asked for, and notes what came."""

    asked: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.asked.append((self.path, self.headers["host"], body))
        match self.path.strip("/"):
            case "hang":
                self.server.closing.wait(5)  # type: ignore[attr-defined]
            case "drip":
                self._drip()
            case "redirect":
                self.send_response(302)
                self.send_header("location", "/ok")
                self.end_headers()
            case "large":
                self._answer(200, b"x" * (LARGEST + 1))
            case "ok":
                self._answer(200, b"fine")
            case status:
                self._answer(int(status), b"")

    do_GET = do_POST  # noqa: N815 - as the library names it

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """A header every moment, for longer than anybody should wait."""
        self.send_response(200)
        for n in range(100):
            self.wfile.write(f"x-{n}: 1\r\n".encode())
            self.wfile.flush()
            if self.server.closing.wait(0.05):  # type: ignore[attr-defined]
                return

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[Any]]]:
    """Its address, and what it was asked."""
    asked: list[Any] = []
    handler = type("Noting", (Endpoint,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.closing = threading.Event()  # type: ignore[attr-defined]
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        scheme = "https" if context else "http"
        yield f"{scheme}://127.0.0.1:{server.server_port}", asked
    finally:
        server.closing.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[Any]]]:
    with serving() as served:
        yield served


def test_what_is_answered_with_2xx_is_delivered(endpoint: tuple[str, list[Any]]) -> None:
    url, asked = endpoint
    LAPTOP.post(f"{url}/ok", {"webhook-id": "evt"}, b"{}")
    LAPTOP.post(f"{url}/204", {}, b"")

    assert asked[0] == ("/ok", url.removeprefix("http://"), b"{}")
    assert LAPTOP.get(f"{url}/ok") == b"fine"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("500", "it answered 500"),
        ("404", "it answered 404"),
        ("redirect", "it answered 302"),
        ("large", "more than 1 MB"),
        ("hang", "it did not answer"),
        ("drip", "it did not answer"),
    ],
)
def test_anything_else_is_not_delivered_and_takes_no_longer_than_it_may(
    endpoint: tuple[str, list[Any]], path: str, why: str
) -> None:
    url, asked = endpoint
    began = time.monotonic()
    with pytest.raises(NotDelivered, match=why):
        LAPTOP.post(f"{url}/{path}", {}, b"{}")

    assert time.monotonic() - began < 2
    assert len(asked) == 1  # no redirect was followed


def test_what_is_larger_than_1_mb_is_not_sent(endpoint: tuple[str, list[Any]]) -> None:
    url, asked = endpoint
    with pytest.raises(NotDelivered, match="larger"):
        LAPTOP.post(f"{url}/ok", {}, b"x" * (LARGEST + 1))
    assert not asked


def test_a_name_that_leads_to_this_machine_is_not_even_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        port = listening.getsockname()[1]
        for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0"):
            with pytest.raises(NotDelivered, match="not public"):
                GuardedHttp().post(f"https://{host}:{port}/", {}, b"{}")
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a00:1::]",
    ],
)
@pytest.mark.parametrize("http", [GuardedHttp(), LAPTOP], ids=["deployed", "laptop"])
def test_a_private_address_is_refused_at_the_connection(host: str, http: GuardedHttp) -> None:
    if host == "[::1]" and http is LAPTOP:
        pytest.skip("a laptop's own")
    with pytest.raises(NotDelivered, match="not public"):
        http.post(f"https://{host}/", {}, b"{}")


def test_plain_http_is_refused_but_to_this_machine_on_a_laptop() -> None:
    with pytest.raises(NotDelivered, match="not https"):
        GuardedHttp().post("http://hooks.example.com/", {}, b"{}")
    with pytest.raises(NotDelivered, match="not public"):
        LAPTOP.post("http://10.0.0.1/", {}, b"{}")


def test_nobody_there_is_not_delivered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        LAPTOP.post(f"http://127.0.0.1:{port}/", {}, b"{}")


def certified(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks")])
    now = dt.datetime.now(dt.UTC)
    at = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(at, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "hooks.pem"
    file.write_bytes(private + certificate.public_bytes(pem))
    return file


def test_a_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    patient = GuardedHttp(loopback=True)
    with serving(context) as (url, asked):
        with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
            patient.post(f"{url}/ok", {}, b"{}")
        assert not asked

        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        patient.post(f"{url}/ok", {}, b"{}")
        with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
            patient.post(f"{url.replace('127.0.0.1', 'localhost')}/ok", {}, b"{}")
        assert len(asked) == 1
