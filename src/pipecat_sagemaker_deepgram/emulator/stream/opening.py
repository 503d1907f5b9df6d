# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What happens before a stream is open: faults at its start, and the container's WebSocket."""

import asyncio

from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.faults.actions import Action, AnswerLate
from pipecat_sagemaker_deepgram.emulator.faults.player import FaultPlayer
from pipecat_sagemaker_deepgram.emulator.records import StreamRecord
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorSettings
from pipecat_sagemaker_deepgram.emulator.stream.container_link import (
    ContainerLink,
    ContainerListener,
    ContainerRefusedError,
)
from pipecat_sagemaker_deepgram.emulator.stream.request import EVENT_STREAM, InvocationRequest

REQUEST_ID = "x-amzn-requestid"


async def first_obstacle(player: FaultPlayer, settings: EmulatorSettings) -> Action | None:
    """Wait as long as the faults of a stream delay its start.

    Args:
        player: Plays the faults of the stream.
        settings: The speed of the emulated time.

    Returns:
        The fault that keeps the stream from being opened; ``None`` if none does.
    """
    for action in player.connect_actions():
        if not isinstance(action, AnswerLate):
            return action
        await asyncio.sleep(settings.real(action.seconds))
    return None


def new_link(
    request: InvocationRequest, listener: ContainerListener, endpoint: EmulatedEndpoint
) -> ContainerLink:
    """Make the WebSocket to the container, without opening it.

    Args:
        request: The request of the stream.
        listener: Is informed about the container's messages.
        endpoint: The state that all streams share.
    """
    return ContainerLink(
        request.container_url(endpoint.container_url),
        listener,
        close_timeout=endpoint.settings.close_timeout,
        on_lost=endpoint.links.discard,
    )


async def open_link(link: ContainerLink, endpoint: EmulatedEndpoint) -> str | None:
    """Open the WebSocket to the container.

    Args:
        link: The WebSocket.
        endpoint: The state that all streams share.

    Returns:
        Why the container refused it; ``None`` if it accepted it.
    """
    endpoint.links.add(link)
    now = asyncio.get_running_loop().time
    began = now()
    try:
        await link.open(endpoint.settings.container_open_timeout)
    except ContainerRefusedError as error:
        endpoint.links.discard(link)
        endpoint.warn_once(
            "stream_refused", f"a stream is refused with 424, because {error}", subject=str(error)
        )
        return str(error)
    _warn_if_slow(now() - began, endpoint)
    return None


def headers_of(record: StreamRecord, settings: EmulatorSettings) -> list[tuple[str, str]]:
    """The headers of a 200.

    Args:
        record: The stream, with its request id.
        settings: Their variant is that of a stream that asked for none.
    """
    return [
        ("content-type", EVENT_STREAM),
        ("x-amzn-invoked-production-variant", record.variant or settings.variant),
        (REQUEST_ID, record.request_id),
    ]


def _warn_if_slow(seconds: float, endpoint: EmulatedEndpoint) -> None:
    limit = endpoint.settings.slow_open_warning
    if limit is not None and seconds > limit:
        endpoint.warn_once(
            "slow_to_open",
            f"the container took {seconds * 1000:.0f} ms to accept a WebSocket; AWS gives it "
            "250 ms, then the caller gets 424",
        )
