"""A table that takes every write at once: what boto3 costs, without what an emulator would."""

import asyncio
import json
import re
from types import TracebackType
from typing import Final, Self

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TARGET: Final = re.compile(rb"x-amz-target: *DynamoDB_20120810\.(\w+)", re.IGNORECASE)
_ADDED: Final = re.compile(rb'"UpdateExpression": *"ADD ')


class TableStub:
    """Speaks as much of DynamoDB as a bridge asks while its calls go on; keeps nothing."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(_Asked, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()


class _Asked(asyncio.Protocol):
    """One connection, kept alive."""

    def __init__(self) -> None:
        self._got = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (at := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:at]
            length = _LENGTH.search(head)
            size = int(length[1]) if length else 0
            if len(self._got) < at + 4 + size:
                return
            body, self._got = self._got[at + 4 : at + 4 + size], self._got[at + 4 + size :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        target = _TARGET.search(head)
        answer: dict[str, object] = {}
        if target and target[1] == b"UpdateItem" and _ADDED.search(body):
            names = json.loads(body)["ExpressionAttributeNames"]
            answer = {"Attributes": {name: {"N": "1"} for name in names.values()}}
        elif target and target[1] == b"BatchWriteItem":
            answer = {"UnprocessedItems": {}}
        told = json.dumps(answer).encode()
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
            + str(len(told)).encode()
            + b"\r\n\r\n"
            + told
        )
