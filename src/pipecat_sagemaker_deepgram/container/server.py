# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A model container on one port, as SageMaker runs one: ``/ping``, streams and invocations.

The contract is SageMaker's (AWS Developer Guide, "Bidirectional streaming" and "Use your own
inference code"): the container is healthy if ``GET /ping`` returns 200; each stream arrives as one
WebSocket with the invocation's path and query; ``InvokeEndpoint`` arrives as
``POST /invocations``. The routes of Deepgram's API are also served directly.
"""

import asyncio
import signal
from typing import Self

from pipecat_sagemaker_deepgram.container.engine import Engine
from pipecat_sagemaker_deepgram.container.http.status import Activity
from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer
from pipecat_sagemaker_deepgram.container.routes import ContainerRoutes
from pipecat_sagemaker_deepgram.container.speak.synthesizer import HibariSynthesizer, Synthesizer
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxOptions
from pipecat_sagemaker_deepgram.web.front import Front, log_refusals


class ModelContainer:
    """A running model container; an async context manager.

    Args:
        recognizer: The recogniser; loaded in a thread on entering, closed on leaving.
        host: Address to listen on.
        port: Port to listen on; 0 for any free one. SageMaker expects 8080.
        idle_timeout: See ``ContainerOptions``.
        send_timeout: See ``ContainerOptions``.
        max_streams: See ``ContainerOptions``.
        flux: See ``ContainerOptions``.
        synthesizer: The synthesiser; by default ``HibariSynthesizer``.
        options: All options at once, instead of those above.

    Raises:
        OSError: On entering, if the address cannot be used.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        idle_timeout: float = 10.0,
        send_timeout: float = 10.0,
        max_streams: int | None = None,
        flux: FluxOptions | None = None,
        synthesizer: Synthesizer | None = None,
        options: ContainerOptions | None = None,
    ) -> None:
        options = options or ContainerOptions(
            idle_timeout=idle_timeout,
            send_timeout=send_timeout,
            max_streams=max_streams,
            flux=flux or FluxOptions(),
        )
        self._engine = Engine(recognizer, synthesizer or HibariSynthesizer())
        routes = ContainerRoutes(self._engine, options, Activity(options.max_streams))
        self._front = Front(
            routes.table(),
            host=host,
            port=port,
            max_body=options.max_body,
            answers_pings=options.answers_pings,
            outer=[log_refusals],
        )
        routes.front = self._front

    @property
    def url(self) -> str:
        """``ws://host:port`` of the running container, without a path."""
        return self._front.url

    @property
    def streams(self) -> int:
        """Connections that are open."""
        return self._front.open_websockets

    async def __aenter__(self) -> Self:
        await self._front.__aenter__()
        self._engine.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        try:
            await self._front.__aexit__(*exc)
        finally:
            await self._engine.close()

    async def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Wait until the model is loaded and ``/ping`` returns 200.

        Args:
            timeout: Seconds to wait.

        Raises:
            RecognizerUnavailableError: The model cannot be loaded.
            TimeoutError: Loading takes longer than ``timeout``.
        """
        await self._engine.wait_until_ready(timeout)

    async def serve_until_terminated(self) -> None:
        """Serve until SIGTERM or SIGINT, as ``docker stop`` and a terminal send them."""
        terminated = asyncio.Event()
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        for number in numbers:
            loop.add_signal_handler(number, terminated.set)
        try:
            await terminated.wait()
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
