"""Posts to addresses that owners name, and reads from them: https alone, and never into a network
of ours.

A name is resolved once, every address it has must be a public one, and the connection goes to the
address that was looked at: a second answer of the same name cannot lead elsewhere. No redirect is
followed. `loopback` is for the laptop, where the simulator receives: plain http to 127.0.0.1, and
there alone.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, urlsplit

from shared.actions.events.ports import NotDelivered

TIMEOUT_S = 5.0  # for all of it
LARGEST = 1 << 20  # bytes of a body, either way
# Behind it lie IPv4 addresses of any kind (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class GuardedHttp:
    """Implements `shared.actions.events.ports.HttpsPost`."""

    def __init__(self, *, loopback: bool = False, timeout_s: float = TIMEOUT_S) -> None:
        self._loopback, self._timeout_s = loopback, timeout_s

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raises NotDelivered unless it is answered with 2xx."""
        if len(body) > LARGEST:
            raise NotDelivered("it is larger than 1 MB")
        self._asked("POST", url, headers, body)

    def get(self, url: str) -> bytes:
        """The body of a 200. Raises NotDelivered."""
        return self._asked("GET", url, {"user-agent": "Callwright-Calendar/1"}, b"")

    def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        until = time.monotonic() + self._timeout_s
        try:
            where = urlsplit(url)
            with self._connected(where, until) as connection:
                target = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
                connection.request(method, target, body=body or None, headers=dict(headers))
                response = connection.getresponse()
                answer = response.read(LARGEST + 1)
        except (OSError, ValueError, http.client.HTTPException) as exc:
            raise NotDelivered(f"it did not answer: {type(exc).__name__}") from exc
        if time.monotonic() >= until:
            raise NotDelivered("it did not answer in time")
        if not 200 <= response.status < 300:
            raise NotDelivered(f"it answered {response.status}")
        if len(answer) > LARGEST:
            raise NotDelivered("it answered with more than 1 MB")
        return answer

    @contextmanager
    def _connected(self, where: SplitResult, until: float) -> Iterator[http.client.HTTPConnection]:
        """A connection to an address that was looked at. It is cut when the time is up, however
        slowly the other side goes on."""
        host = where.hostname or ""
        plain = self._loopback and where.scheme == "http"
        if where.scheme != "https" and not plain:
            raise NotDelivered("its address is not https")
        address = self._address(host, where.port or (80 if plain else 443))
        sock = socket.create_connection(address, timeout=self._timeout_s)
        if not plain:
            # The certificate is checked against the name, whatever address it led to.
            sock = ssl.create_default_context().wrap_socket(
                sock, server_hostname=host, do_handshake_on_connect=False
            )
        cut = threading.Timer(max(until - time.monotonic(), 0), _cut, [sock])
        cut.start()
        connection = http.client.HTTPConnection(where.netloc)
        connection.sock = sock
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield connection
        finally:
            cut.cancel()
            connection.close()

    def _address(self, host: str, port: int) -> tuple[str, int]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        for each in addresses:
            if not self._is_allowed(each):
                raise NotDelivered("its name leads to an address that is not public")
        return addresses[0], port

    def _is_allowed(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
        if mapped is not None:
            ip = mapped
        if ip.is_loopback:
            return self._loopback
        return ip.is_global and not ip.is_multicast and ip not in _NAT64


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
