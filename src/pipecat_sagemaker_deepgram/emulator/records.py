# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulator's records of streams and of ``InvokeEndpoint``. Pure."""

import heapq
from dataclasses import dataclass


@dataclass
class StreamRecord:
    """One stream, or one ``InvokeEndpoint``, from its first byte; counters grow while it is open.

    Attributes:
        number: The stream's number, from 1, in the order in which streams arrived.
        connection: The number of the TCP connection that carried it, from 1.
        endpoint_name: The endpoint asked for; empty if there was no readable request.
        path: Path of the container's WebSocket, without the leading slash; of ``InvokeEndpoint``
            what its custom attributes name.
        query: Query of the container's WebSocket, or in the custom attributes.
        variant: The production variant asked for, None if none was.
        request_id: The ``x-amzn-requestid`` of the answer.
        audio_bytes_in: Bytes of binary parts from the client, or of the body of ``InvokeEndpoint``.
        events_in: Input events, without the empty one at the end.
        events_out: Output events, including errors.
        status: The HTTP status of the answer; None before there is one.
        ended: How the stream ended, None while it is open. It begins with one of ``refused``,
            ``container closed``, ``reset by the client``, ``connection lost``, ``fault``,
            ``invalid input``, ``connection cap``, ``missed pongs``, ``emulator closed``, for
            ``InvokeEndpoint`` also
            ``answered``, and goes on after a colon.
        operation: The operation of SageMaker's runtime.
        container_reason: Why the container did not open a WebSocket, None if it did. AWS keeps it
            from the caller.
    """

    number: int
    connection: int
    endpoint_name: str = ""
    path: str = ""
    query: str = ""
    variant: str | None = None
    request_id: str = ""
    audio_bytes_in: int = 0
    events_in: int = 0
    events_out: int = 0
    status: int | None = None
    ended: str | None = None
    operation: str = "InvokeEndpointWithBidirectionalStream"
    container_reason: str | None = None


class StreamNumbers:
    """Gives out the smallest free numbers from 1 and takes unused ones back."""

    def __init__(self) -> None:
        self._last = 0
        self._free: list[int] = []

    def reserve(self) -> int:
        """The smallest number that is free."""
        if self._free:
            return heapq.heappop(self._free)
        self._last += 1
        return self._last

    def give_back(self, number: int) -> None:
        """Makes a number free that no stream has used.

        Args:
            number: A number from ``reserve``.
        """
        heapq.heappush(self._free, number)
