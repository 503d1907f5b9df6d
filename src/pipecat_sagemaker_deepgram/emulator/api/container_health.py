# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""When a container counts as ready: once ``GET /ping`` returns 200."""

import asyncio
from collections.abc import Callable

from pipecat_sagemaker_deepgram.emulator.api.container_http import ContainerHttpError, get_ping

STARTUP_TIMEOUT = 8 * 60.0
"""Seconds a container has to become ready. AWS Developer Guide, "Use your own inference code with
hosting services": 8 minutes, if ``ContainerStartupHealthCheckTimeoutInSeconds`` is not set."""


class ContainerNotReadyError(TimeoutError):
    """The container did not become ready; the message says why."""


async def wait_until_healthy(
    container_url: str,
    *,
    timeout: float = STARTUP_TIMEOUT,
    interval: float = 0.5,
    on_unhealthy: Callable[[str], None] | None = None,
) -> None:
    """Asks for the health of a container until it is ready.

    Args:
        container_url: The container, such as ``ws://127.0.0.1:8080``.
        timeout: Maximum seconds until it is ready.
        interval: Seconds between two requests.
        on_unhealthy: Called with the reason why it is not ready, whenever the reason changes.

    Raises:
        ContainerNotReadyError: It takes longer.
    """
    state = ""
    try:
        async with asyncio.timeout(timeout):
            while (found := await _state(container_url)) is not None:
                if found != state and on_unhealthy is not None:
                    on_unhealthy(found)
                state = found
                await asyncio.sleep(interval)
    except TimeoutError as error:
        raise ContainerNotReadyError(
            f"The container at {container_url} was not ready within {timeout:g} s: "
            f"{state or 'GET /ping is not answered'}."
        ) from error


async def _state(container_url: str) -> str | None:
    """The reason why the container is not ready; None if it is."""
    try:
        status = await get_ping(container_url)
    except TimeoutError:
        return "GET /ping takes more than 2 s"
    except ContainerHttpError as error:
        return f"GET /ping fails: {error}"
    return None if status == 200 else f"GET /ping says {status}"
