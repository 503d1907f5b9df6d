# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The state that all streams of an emulator share: settings, credentials, script, records."""

import asyncio
import re
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from loguru import logger

from pipecat_sagemaker_deepgram.emulator.api.control_plane import (
    INVOKE_ACTION,
    ControlPlane,
    endpoint_arn,
)
from pipecat_sagemaker_deepgram.emulator.errors import (
    ErrorAnswer,
    forbidden,
    model_error,
    usual_code,
    usual_message,
)
from pipecat_sagemaker_deepgram.emulator.faults.actions import Refuse
from pipecat_sagemaker_deepgram.emulator.faults.script import FaultScript
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import (
    EVENTS_PAYLOAD,
    EventChain,
    SignedRequest,
    verify_request,
)
from pipecat_sagemaker_deepgram.emulator.records import StreamNumbers, StreamRecord
from pipecat_sagemaker_deepgram.emulator.regions import partition_of
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials, EmulatorSettings
from pipecat_sagemaker_deepgram.emulator.stream.client_input import ClientInput
from pipecat_sagemaker_deepgram.emulator.stream.container_link import ContainerLink
from pipecat_sagemaker_deepgram.emulator.stream.request import (
    InvocationRequest,
    parse_invocation,
)

_UNIQUE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REFUSED_BY_CONTAINER = "Failed to establish WebSocket connection"


@dataclass
class EmulatedEndpoint:
    """The state that all streams share.

    Attributes:
        container_url: Scheme, host and port of the container.
        region: The region of the credential scope.
        settings: Limits, timers and switches.
        endpoint_names: The endpoints that exist, None for every well-formed name.
        credentials: The credentials that are known, the valid ones last.
        faults: The script.
        control_plane: The account around the endpoints.
        numbers: Stream numbers that are free.
        records: The record of each stream, by its number.
        links: Open WebSockets.
    """

    container_url: str
    region: str
    settings: EmulatorSettings
    endpoint_names: Collection[str] | None
    credentials: list[EmulatorCredentials]
    faults: FaultScript
    control_plane: ControlPlane = field(default_factory=ControlPlane)
    numbers: StreamNumbers = field(default_factory=StreamNumbers)
    records: dict[int, StreamRecord] = field(default_factory=dict)
    links: set[ContainerLink] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _warned: set[tuple[str, str]] = field(default_factory=set)

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the production variants."""
        named = (each.name for each in self.control_plane.variants)
        return tuple(dict.fromkeys((self.settings.variant, *named)))

    @property
    def principal_arn(self) -> str:
        """The principal of the credentials."""
        partition = partition_of(self.region).name
        return self.control_plane.principal_arn(self.settings.account, partition)

    def now(self) -> datetime:
        """The time of day on the service's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.settings.clock_offset)

    def record(self, number: int, connection: int) -> StreamRecord:
        """Starts the record of a stream.

        Args:
            number: The stream's number.
            connection: The number of its connection.
        """
        record = StreamRecord(number, connection)
        self.records[number] = record
        self.faults.stream_opened(number)
        return record

    def end(self, record: StreamRecord, how: str) -> None:
        """Ends the record of a stream.

        Args:
            record: The record.
            how: How the stream ended.
        """
        record.ended = how
        self.faults.stream_closed(record.number)

    def admit(self, request: SignedRequest, now: datetime) -> tuple[ClientInput, InvocationRequest]:
        """Verifies and reads an opening request.

        Args:
            request: The request.
            now: The time of day, aware.

        Returns:
            The reader of its input, and what it asks for.

        Raises:
            ErrorAnswer: The signature does not verify, or the service model does not allow it.
        """
        chain = self.verify(request, now)
        invocation = parse_invocation(
            request,
            endpoints=self.endpoint_names,
            account=self.settings.account,
            accepts_plus=self.settings.accepts_plus,
        )
        self.authorize(INVOKE_ACTION, invocation.endpoint)
        return ClientInput(chain), invocation

    def verify(
        self, request: SignedRequest, now: datetime, *, payload: str = EVENTS_PAYLOAD
    ) -> EventChain:
        """Verifies the signature of a request to the runtime.

        Args:
            request: The request.
            now: The time of day, aware.
            payload: What is signed for the body: its ``body_hash``, or that its events are signed.

        Returns:
            The chain that verifies the events of this request.

        Raises:
            ErrorAnswer: The signature does not verify.
        """
        return verify_request(
            request,
            credentials=self.credentials,
            region=self.region,
            now=now,
            max_skew=self.settings.max_clock_skew,
            payload=payload,
        )

    def authorize(self, action: str, name: str) -> None:
        """Checks that the principal may perform an action on an endpoint.

        Args:
            action: The IAM action.
            name: The endpoint's name.

        Raises:
            ErrorAnswer: The action is among those that are denied.
        """
        if action in self.control_plane.denied:
            account = self.settings.account
            raise forbidden(
                "AccessDeniedException",
                f"User: {self.principal_arn} is not authorized to perform: "
                f"{action} on resource: "
                f"{endpoint_arn(name, region=self.region, account=account)}",
            )

    def warn_once(self, event: str, sentence: str, *, subject: str = "") -> None:
        """Logs a warning; a repeated one goes to the debug log only.

        Args:
            event: What happened, as the field ``emulator_event`` of the log record.
            sentence: The warning.
            subject: What it happened to; ids in it are ignored.
        """
        warning = (event, _UNIQUE_ID.sub("", subject))
        level = "DEBUG" if warning in self._warned else "WARNING"
        logger.bind(emulator_event=event).log(level, f"Emulator: {sentence}")
        self._warned.add(warning)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs work that ``close`` cancels and waits for.

        Args:
            work: A coroutine.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._task_done)
        return task

    def _task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("Emulator: unexpected error")

    def rotate_credentials(self) -> EmulatorCredentials:
        """Marks all credentials as expired and makes new ones of the same shape."""
        new = EmulatorCredentials.generate()
        if self.credentials[-1].session_token is not None:
            new = replace(new, session_token=f"{new.access_key_id}-session")
        self.credentials = [*(replace(old, expired=True) for old in self.credentials), new]
        return new

    def container_refused(self, request: InvocationRequest) -> ErrorAnswer:
        """The answer if the container did not accept the WebSocket.

        Args:
            request: The opening request.
        """
        error = self.model_error(request.endpoint, request.variant, 424, _REFUSED_BY_CONTAINER)
        error.members = {**error.members, "ErrorCode": error.code}
        return error

    def model_error(
        self,
        name: str,
        variant: str | None,
        status: int,
        message: str,
        *,
        side: Literal["client", "server"] = "server",
    ) -> ErrorAnswer:
        """A ``ModelError`` of one of the endpoints.

        Args:
            name: The endpoint's name.
            variant: The production variant asked for, None if none was.
            status: Status of the container's response; 0 if there was none.
            message: What its side reported.
            side: Whose fault it is, as the message states it.
        """
        return model_error(
            name,
            region=self.region,
            account=self.settings.account,
            variant=variant or self.settings.variant,
            original_status=status,
            original_message=message,
            side=side,
        )

    def scripted_refusal(self, action: Refuse, request: InvocationRequest) -> ErrorAnswer:
        """The answer that a fault gives.

        Args:
            action: The fault's action.
            request: The opening request.
        """
        code = action.code or usual_code(action.status)
        if code == "ModelError":
            usual = self.container_refused(request)
            message = action.message or usual.message
            return ErrorAnswer(action.status, code, message, usual.members)
        return ErrorAnswer(action.status, code, action.message or usual_message(code))

    async def close(self) -> None:
        """Cancels what was spawned and ends every WebSocket."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        links = tuple(self.links)
        for link in links:
            link.abort()
        await asyncio.gather(*(link.wait_lost() for link in links))
