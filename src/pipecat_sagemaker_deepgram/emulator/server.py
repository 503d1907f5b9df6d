# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulated endpoint: its listener, its connections, and how it starts and stops."""

import asyncio
import socket
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from loguru import logger

from pipecat_sagemaker_deepgram.emulator.api.control_plane import ControlPlane
from pipecat_sagemaker_deepgram.emulator.api.operations import call_exchange
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.faults.actions import RefuseConnection
from pipecat_sagemaker_deepgram.emulator.faults.player import handshake_action
from pipecat_sagemaker_deepgram.emulator.faults.script import FaultScript
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action
from pipecat_sagemaker_deepgram.emulator.http.certificates import Certificates
from pipecat_sagemaker_deepgram.emulator.http.connection import Connection, reset_on_close
from pipecat_sagemaker_deepgram.emulator.http.exchange import Exchange
from pipecat_sagemaker_deepgram.emulator.http.http1 import Http1Server
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.http.listeners import Listeners
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.records import StreamRecord
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials, EmulatorSettings
from pipecat_sagemaker_deepgram.emulator.stream.invocation import Invocation
from pipecat_sagemaker_deepgram.emulator.stream.request import is_invocation
from pipecat_sagemaker_deepgram.text_values import converts_text

_HANDSHAKE_TIMEOUT = 10.0
_SHUTDOWN_TIMEOUT = 1.0
_ACCEPT_PAUSE = 0.1
_NOT_RUNNING = "The emulator is not running; use it inside `async with`."
_URL_VARIABLES = (
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2",
    "AWS_ENDPOINT_URL_SAGEMAKER",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_IAM",
)


class SageMakerEmulator:
    """A SageMaker endpoint on this machine, in front of a container's WebSocket.

    Use it as an asynchronous context manager; inside, its addresses are known.
    """

    @converts_text
    def __init__(
        self,
        container_url: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        endpoint_names: Collection[str] | None = None,
        region: str = "us-east-1",
        credentials: EmulatorCredentials | None = None,
        faults: FaultScript | None = None,
        settings: EmulatorSettings | None = None,
        control_plane: ControlPlane | None = None,
        host_names: Sequence[str] = (),
        optional_ports: Sequence[int] = (),
    ) -> None:
        """Prepares an emulator; entering it starts it.

        Args:
            container_url: The container, such as ``ws://127.0.0.1:8080``.
            host: Address to listen on. The certificate covers 127.0.0.1, ::1, localhost and
                ``host_names``.
            port: The port to listen on, 0 for a free one.
            endpoint_names: The endpoints that exist, None for every well-formed name.
            region: The region that signatures must be scoped to.
            credentials: The credentials that are accepted, None for random ones.
            faults: Faults to inject, None for none. They may be changed while the emulator runs.
            settings: Limits, timers and switches, None for those of the real service.
            control_plane: The account and its endpoints, None for one without problems.
            host_names: Further names that the certificate covers, such as ``runtime_host_names``.
            optional_ports: Further ports to listen on, if they are available.

        Raises:
            ValueError: ``container_url`` is not a ``ws://`` address with a port.
        """
        address = urlsplit(container_url)
        if address.scheme != "ws" or not address.hostname or address.port is None:
            raise ValueError(
                f"container_url is {container_url!r}; it must have the form ws://HOST:PORT"
            )
        self._address = (host, port, optional_ports)
        self._host_names = host_names
        self._endpoint = EmulatedEndpoint(
            container_url=container_url,
            region=region,
            settings=settings or EmulatorSettings(),
            endpoint_names=endpoint_names,
            credentials=[credentials or EmulatorCredentials.generate()],
            faults=FaultScript() if faults is None else faults,
            control_plane=control_plane or ControlPlane(),
        )
        self._listeners: Listeners | None = None
        self._certificates: Certificates | None = None
        self._connections: set[Connection] = set()
        self._stalled: set[socket.socket] = set()
        self._reserved: dict[Connection, int] = {}
        self._connection_count = 0

    # What a client needs to know

    @property
    def endpoint_url(self) -> str:
        """The address to give to a client, ``https://HOST:PORT``."""
        host, port = self._running.address
        return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"

    @property
    def ca_bundle(self) -> Path:
        """The certificate authority to trust, a PEM file that is deleted when the emulator ends."""
        return self._issued.ca_bundle

    @property
    def trust_store(self) -> Path:
        """A PEM file with that authority and all that this machine trusts.

        It is for programs that accept one file instead of the machine's certificates, as those on
        OpenSSL do with ``SSL_CERT_FILE``.
        """
        return self._issued.trust_store

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that is listened on, that of ``endpoint_url`` first."""
        return self._running.ports

    @property
    def missing_ports(self) -> Mapping[int, str]:
        """Those of ``optional_ports`` that are not available, with the reason."""
        return self._running.missing

    @property
    def credentials(self) -> EmulatorCredentials:
        """The credentials that are accepted."""
        return self._endpoint.credentials[-1]

    @property
    def region(self) -> str:
        """The region that signatures must be scoped to."""
        return self._endpoint.region

    def environment(self) -> dict[str, str]:
        """Environment variables that direct AWS clients here."""
        credentials = self.credentials
        variables = {
            **dict.fromkeys(_URL_VARIABLES, self.endpoint_url),
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,  # boto3 reads this one
            "AWS_ACCESS_KEY_ID": credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        }
        if credentials.session_token is not None:
            variables["AWS_SESSION_TOKEN"] = credentials.session_token
        return variables

    # For tests

    @property
    def streams(self) -> list[StreamRecord]:
        """The records of the streams, by number."""
        records = self._endpoint.records
        return [records[number] for number in sorted(records)]

    @property
    def faults(self) -> FaultScript:
        """The faults in force; changes apply at once."""
        return self._endpoint.faults

    def rotate_credentials(self) -> EmulatorCredentials:
        """Makes new credentials; requests with the old ones get ``ExpiredTokenException``.

        Returns:
            The new credentials, which ``credentials`` gives from then on too.
        """
        return self._endpoint.rotate_credentials()

    # Starting and stopping

    async def __aenter__(self) -> Self:
        """Listens.

        Raises:
            AddressInUseError: Another program uses the port.
            OSError: The host is not an address of this machine, or the port is not allowed.
        """
        self._listeners = Listeners(*self._address)
        self._certificates = Certificates(self._host_names)
        for listener in self._listeners.sockets:
            self._endpoint.spawn(self._accept_connections(listener))
        logger.debug(f"Emulator: {self.endpoint_url} in front of {self._endpoint.container_url}")
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends every stream and removes the certificate authority."""
        connections = tuple(self._connections)
        for connection in connections:
            connection.abort("emulator closed")
        await asyncio.gather(*(connection.wait_lost() for connection in connections))
        await self._endpoint.close()
        for stalled in self._stalled:
            stalled.close()
        self._running.close()
        self._issued.remove()

    @property
    def _running(self) -> Listeners:
        if self._listeners is None:
            raise RuntimeError(_NOT_RUNNING)
        return self._listeners

    @property
    def _issued(self) -> Certificates:
        if self._certificates is None:
            raise RuntimeError(_NOT_RUNNING)
        return self._certificates

    # Connections

    async def _accept_connections(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(listener)
            except OSError as error:
                logger.warning(f"Emulator: a connection could not be accepted: {error}")
                await asyncio.sleep(_ACCEPT_PAUSE)
                continue
            self._connection_count += 1
            number = self._endpoint.numbers.reserve()
            if not self._is_stopped_before_tls(client, number):
                self._endpoint.spawn(self._begin(client, self._connection_count, number))

    def _is_stopped_before_tls(self, client: socket.socket, number: int) -> bool:
        action = handshake_action(self._endpoint.faults, number)
        if action is None:
            return False
        record = self._endpoint.record(number, self._connection_count)
        self._endpoint.end(record, f"fault: {describe_action(action)}")
        if isinstance(action, RefuseConnection):
            reset_on_close(client)
            client.close()
        else:
            self._stalled.add(client)
        return True

    async def _begin(self, client: socket.socket, connection_number: int, number: int) -> None:
        connection = Connection(
            self._accept_request,
            number=connection_number,
            settings=self._endpoint.settings,
            on_lost=self._connection_lost,
        )
        self._reserved[connection] = number
        self._connections.add(connection)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: connection,
                client,
                ssl=self._issued.server_context,
                ssl_handshake_timeout=_HANDSHAKE_TIMEOUT,
                ssl_shutdown_timeout=_SHUTDOWN_TIMEOUT,
            )
        except ConnectionError:
            # A client that only checks whether the port is open disconnects like this.
            self._connection_lost(connection)
        except OSError as error:
            logger.warning(f"Emulator: a TLS handshake failed: {error}")
            self._connection_lost(connection)

    def _connection_lost(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._give_back_number(connection)

    def _give_back_number(self, connection: Connection) -> None:
        number = self._reserved.pop(connection, None)
        if number is not None:
            self._endpoint.numbers.give_back(number)

    def _accept_request(
        self,
        stream: ServerStream | Http1Server,
        request: SignedRequest,
        connection: Connection,
    ) -> Exchange:
        self._give_back_number(connection)
        if isinstance(stream, ServerStream) and is_invocation(request):
            number = self._endpoint.numbers.reserve()
            invocation = Invocation(stream, connection, self._endpoint, number)
            invocation.start(request)
            return invocation
        return call_exchange(stream, request, connection, self._endpoint)
