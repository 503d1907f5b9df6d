# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The models of a container: loaded once in a thread, then run by threads of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from http import HTTPStatus

from loguru import logger

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    Recognizer,
    RecognizerUnavailableError,
)
from pipecat_sagemaker_deepgram.container.speak.synthesizer import (
    Synthesizer,
    SynthesizerUnavailableError,
)
from pipecat_sagemaker_deepgram.web.errors import RequestError

_LOADING = "the model is loading"


class Engine:
    """A recogniser, a synthesiser and the threads that run them.

    Args:
        recognizer: The recogniser; loaded by ``start``, closed by ``close``.
        synthesizer: The synthesiser; loaded when it is first needed.

    Attributes:
        recognizer: The same.
        synthesizer: The same.
    """

    def __init__(self, recognizer: Recognizer, synthesizer: Synthesizer) -> None:
        self.recognizer = recognizer
        self.synthesizer = synthesizer
        self._failure: Exception | None = None
        self._loading: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None

    @property
    def executor(self) -> Executor | None:
        """Threads for the recogniser; None if it needs none."""
        return self._threads if self.recognizer.workers else None

    @property
    def unready(self) -> str | None:
        """Why no request can be served; None if requests can."""
        if self._failure is not None:
            return f"the model cannot be loaded: {self._failure}"
        if self._loading is None or not self._loading.done():
            return _LOADING
        return None

    def start(self) -> None:
        """Start loading."""
        self._threads = ThreadPoolExecutor(
            max(1, self.recognizer.workers), thread_name_prefix="recognizer"
        )
        self._loading = asyncio.create_task(self._load())

    async def wait_until_ready(self, timeout: float) -> None:
        """Wait until the model is loaded.

        Args:
            timeout: Seconds to wait.

        Raises:
            RecognizerUnavailableError: The model cannot be loaded.
            TimeoutError: Loading takes longer than ``timeout``.
        """
        assert self._loading is not None, "enter the container first"
        async with asyncio.timeout(timeout):
            await asyncio.shield(self._loading)
        if self._failure is not None:
            raise RecognizerUnavailableError(str(self._failure)) from self._failure

    async def require_ready(self, patience: float) -> None:
        """Hold a request back while the model is loading.

        Args:
            patience: Seconds to wait.

        Raises:
            RequestError: The model cannot be loaded, or is still loading.
        """
        try:
            await self.wait_until_ready(patience)
        except (TimeoutError, RecognizerUnavailableError) as error:
            raise unavailable(self.unready or _LOADING) from error

    async def run[T](self, call: Callable[[], T]) -> T:
        """Call a function that may take long; on cancellation, wait for the call to end first."""
        if self.executor is None:
            await asyncio.sleep(0)
            return call()
        return await in_thread(self.executor, call)

    async def run_in_thread[T](self, call: Callable[[], T]) -> T:
        """Call a function in a thread, even if the recogniser needs none."""
        assert self._threads is not None
        return await in_thread(self._threads, call)

    async def require_synthesizer(self) -> Synthesizer:
        """Return the synthesiser, loaded.

        Raises:
            RequestError: It cannot be loaded.
        """
        try:
            await self.run_in_thread(self.synthesizer.load)
        except SynthesizerUnavailableError as error:
            raise unavailable(str(error)) from error
        return self.synthesizer

    async def close(self) -> None:
        """Release the model and its threads."""
        assert self._loading is not None
        assert self._threads is not None
        try:
            await self._loading
        finally:
            self._threads.shutdown()
            self.recognizer.close()

    async def _load(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self.recognizer.load)
        except Exception as error:
            self._failure = error
            logger.error("the model cannot be loaded: {}", error)


def unavailable(reason: str) -> RequestError:
    """The error for a request that the container cannot serve now."""
    return RequestError(HTTPStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", reason)


async def in_thread[T](executor: Executor, call: Callable[[], T]) -> T:
    """Call a function in a thread; on cancellation, wait for the call to end first."""
    future = asyncio.get_running_loop().run_in_executor(executor, call)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise
