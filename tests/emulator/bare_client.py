# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""A client made of h2, asyncio and botocore only, which shows what is on the wire.

It shares no code with the emulator: requests are signed and events decoded by botocore, events are
signed by the few lines below.
"""

import asyncio
import hashlib
import hmac
import json
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from h2 import events
from h2.config import H2Configuration
from h2.connection import ConnectionInputs, ConnectionState, H2Connection
from h2.settings import SettingCodes

from pipecat_sagemaker_deepgram.emulator import EmulatorCredentials, SageMakerEmulator

TIMEOUT = 5.0
EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"


class Event(NamedTuple):
    """An output event."""

    headers: dict[str, Any]
    payload: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.payload)


def frame(headers: bytes, payload: bytes) -> bytes:
    """An event-stream message around encoded headers."""
    lengths = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    body = lengths + struct.pack("!I", zlib.crc32(lengths)) + headers + payload
    return body + struct.pack("!I", zlib.crc32(body))


def string_headers(headers: dict[str, str]) -> bytes:
    return b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value
        for name, value in ((name, text.encode()) for name, text in headers.items())
    )


class EventSigner:
    """Signs events one after the other."""

    def __init__(self, seed: str, credentials: EmulatorCredentials, region: str) -> None:
        self._prior = seed
        self._secret = credentials.secret_access_key
        self._region = region

    def sign(self, inner: bytes, now: datetime | None = None) -> bytes:
        now = now or datetime.now(UTC)
        date = b"\x05:date\x08" + struct.pack("!q", int(now.timestamp() * 1000))
        scope = f"{now:%Y%m%d}/{self._region}/sagemaker/aws4_request"
        key = b"AWS4" + self._secret.encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        hashes = f"{hashlib.sha256(date).hexdigest()}\n{hashlib.sha256(inner).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{now:%Y%m%dT%H%M%SZ}\n{scope}\n{self._prior}\n{hashes}"
        signature = hmac.digest(key, text.encode(), "sha256")
        self._prior = signature.hex()
        header = b"\x10:chunk-signature\x06" + struct.pack("!H", 32) + signature
        return frame(date + header, inner)


class BareStream:
    """One stream; what comes in waits in `items`."""

    def __init__(self, client: "BareClient", stream_id: int, signer: EventSigner | None) -> None:
        self.id = stream_id
        self.signer = signer
        self.items: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self.buffer = EventStreamBuffer()
        self.received = 0
        self._client = client

    async def next(self) -> tuple[Any, ...]:
        """The next thing that came in: headers, data, end, reset, goaway or closed."""
        async with asyncio.timeout(TIMEOUT):
            return await self.items.get()

    async def response(self) -> tuple[int, dict[str, str]]:
        item = await self.next()
        assert item[0] == "headers", item
        headers = dict(item[1])
        return int(headers.pop(":status")), headers

    async def body(self) -> bytes:
        """Everything up to END_STREAM."""
        data = b""
        while (item := await self.next())[0] != "end":
            assert item[0] == "data", item
            data += item[1]
        return data

    async def error(self) -> tuple[int, str, dict[str, Any]]:
        """An error answer: status, error type, body."""
        status, headers = await self.response()
        return status, headers["x-amzn-errortype"], json.loads(await self.body())

    async def event(self) -> Event:
        """The next output event; checksums are verified."""
        while True:
            for message in self.buffer:
                return Event(message.headers, message.payload)
            item = await self.next()
            assert item[0] == "data", item
            self.buffer.add_data(item[1])

    async def send_part(
        self,
        payload: bytes,
        data_type: str | None = None,
        completion: str | None = None,
        **headers: str,
    ) -> None:
        await self.send(self.signed_part(payload, data_type, completion, **headers))

    def signed_part(
        self,
        payload: bytes,
        data_type: str | None = None,
        completion: str | None = None,
        **headers: str,
    ) -> bytes:
        named = {":message-type": "event", ":event-type": "PayloadPart", **headers}
        if data_type is not None:
            named["DataType"] = data_type
        if completion is not None:
            named["CompletionState"] = completion
        assert self.signer is not None
        return self.signer.sign(frame(string_headers(named), payload))

    async def send_text(self, text: str) -> None:
        await self.send_part(text.encode(), "UTF8")

    async def send_end(self) -> None:
        """The empty signed event."""
        assert self.signer is not None
        await self.send(self.signer.sign(b""))

    async def send(self, data: bytes) -> None:
        """Sends bytes as the window allows."""
        for start in range(0, len(data), 16_000):
            chunk = data[start : start + 16_000]
            await self._client.wait_for_room(self.id, len(chunk))
            self._client.h2.send_data(self.id, chunk)
            self._client.flush()

    def end_stream(self) -> None:
        self._client.h2.end_stream(self.id)
        self._client.flush()

    def reset(self) -> None:
        self._client.h2.reset_stream(self.id, 8)
        self._client.flush()


class BareClient(asyncio.Protocol):
    """One connection to an emulator."""

    def __init__(self, emulator: SageMakerEmulator) -> None:
        self.emulator = emulator
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        # h2 takes every GOAWAY for the end of the connection; streams that it names may go on.
        machine = self.h2.state_machine
        stays_open = (None, ConnectionState.CLIENT_OPEN)
        goaway = (ConnectionState.CLIENT_OPEN, ConnectionInputs.RECV_GOAWAY)
        machine._transitions = {**machine._transitions, goaway: stays_open}
        self.streams: dict[int, BareStream] = {}
        self.authority = emulator.endpoint_url.removeprefix("https://")
        self.acknowledges = True
        self.has_settings = asyncio.Event()
        self.room = asyncio.Event()
        self.lost: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, emulator: SageMakerEmulator, *, window: int | None = None
    ) -> AsyncIterator[Self]:
        loop = asyncio.get_running_loop()
        host, _, port = emulator.endpoint_url.removeprefix("https://").rpartition(":")
        context = ssl.create_default_context(cafile=emulator.ca_bundle)
        context.set_alpn_protocols(["h2"])
        client = cls(emulator)
        async with asyncio.timeout(TIMEOUT):
            await loop.create_connection(lambda: client, host, int(port), ssl=context)
            client.h2.initiate_connection()
            if window is not None:
                client.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})
            client.flush()
            await client.has_settings.wait()
        try:
            yield client
        finally:
            client.transport.abort()
            await client.lost

    def request(self, headers: Iterable[tuple[str, str]], *, end: bool = False) -> BareStream:
        """Sends request headers as they are."""
        stream_id = self.h2.get_next_available_stream_id()
        stream = BareStream(self, stream_id, None)
        self.streams[stream_id] = stream
        self.h2.send_headers(stream_id, list(headers), end_stream=end)
        self.flush()
        return stream

    def signed_headers(
        self,
        endpoint: str = "ep",
        *,
        credentials: EmulatorCredentials | None = None,
        region: str | None = None,
        **members: str,
    ) -> list[tuple[str, str]]:
        """Headers of an opening request, signed by botocore; members such as `target_variant`."""
        known = credentials or self.emulator.credentials
        path = f"/endpoints/{endpoint}/invocations-bidirectional-stream"
        named = {f"x-amzn-sagemaker-{key.replace('_', '-')}": members[key] for key in members}
        request = AWSRequest(
            "POST",
            f"https://{self.authority}{path}",
            headers={
                "content-type": "application/vnd.amazon.eventstream",
                "x-amz-content-sha256": EVENTS,
                "host": self.authority,
                **named,
            },
        )
        signer = SigV4Auth(
            Credentials(known.access_key_id, known.secret_access_key, known.session_token),
            "sagemaker",
            region or self.emulator.region,
        )
        signer.payload = lambda request: EVENTS
        signer.add_auth(request)
        regular = [(name.lower(), value) for name, value in request.headers.items()]
        return [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", self.authority),
            (":path", f"{path}?"),
            *((name, value) for name, value in regular if name != "host"),
        ]

    def open(
        self,
        endpoint: str = "ep",
        *,
        credentials: EmulatorCredentials | None = None,
        region: str | None = None,
        **members: str,
    ) -> BareStream:
        """Sends a signed opening request."""
        signed = self.signed_headers(endpoint, credentials=credentials, region=region, **members)
        stream = self.request(signed)
        seed = dict(signed)["authorization"].rpartition("Signature=")[2]
        known = credentials or self.emulator.credentials
        stream.signer = EventSigner(seed, known, region or self.emulator.region)
        return stream

    async def opened(self, endpoint: str = "ep", **members: str) -> BareStream:
        """Opens a stream and takes its 200."""
        stream = self.open(endpoint, credentials=None, region=None, **members)
        status, _ = await stream.response()
        assert status == 200
        return stream

    async def fetch(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        """A plain request with its answer."""
        stream = self.request(
            [
                (":method", method),
                (":scheme", "https"),
                (":authority", self.authority),
                (":path", path),
            ],
            end=not body,
        )
        if body:
            await stream.send(body)
            stream.end_stream()
        status, _ = await stream.response()
        return status, (await stream.body()).decode()

    async def wait_for_room(self, stream_id: int, size: int) -> None:
        async with asyncio.timeout(TIMEOUT):
            while self.h2.local_flow_control_window(stream_id) < size:
                self.room.clear()
                await self.room.wait()

    def flush(self) -> None:
        if data := self.h2.data_to_send():
            self.transport.write(data)

    def acknowledge(self, stream: BareStream) -> None:
        """Opens the window for everything that came in."""
        self.h2.acknowledge_received_data(stream.received, stream.id)
        stream.received = 0
        self.flush()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for event in self.h2.receive_data(data):
            self._take(event)
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tell_all("closed", exc)
        self.lost.set_result(exc)

    def _take(self, event: events.Event) -> None:
        match event:
            case events.ResponseReceived():
                self._tell(event.stream_id, "headers", event.headers)
            case events.DataReceived():
                stream = self.streams[event.stream_id]
                stream.received += event.flow_controlled_length
                if self.acknowledges:
                    self.acknowledge(stream)
                if event.data:
                    self._tell(event.stream_id, "data", event.data)
            case events.StreamEnded():
                self._tell(event.stream_id, "end")
            case events.StreamReset():
                self._tell(event.stream_id, "reset", event.error_code)
            case events.ConnectionTerminated():
                self._tell_all("goaway", event.last_stream_id, event.error_code)
            case events.WindowUpdated():
                self.room.set()
            case events.RemoteSettingsChanged():
                self.has_settings.set()
                self.room.set()

    def _tell(self, stream_id: int, *item: Any) -> None:
        self.streams[stream_id].items.put_nowait(item)

    def _tell_all(self, *item: Any) -> None:
        for stream in self.streams.values():
            stream.items.put_nowait(item)
