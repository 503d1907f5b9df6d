# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Running one call of the AWS SDK so that its failures are raised and its tasks end.

The SDK sends a request in one task and receives the response in another, and the caller waits until
the first one starts to send. If that task fails earlier, the caller waits forever; if the caller is
cancelled, the tasks keep running. This module prevents both.
"""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar, copy_context
from typing import Any, Self

from smithy_core.interceptors import Interceptor

from pipecat_sagemaker_deepgram.exceptions import ConnectError

END_TIMEOUT = 1.0
"""Seconds to wait for the SDK's tasks to end once they are cancelled."""

HIDDEN_FIELDS = ("Authorization", "X-Amz-Security-Token")
"""Header fields that must not be logged, named as the SDK's signer names them."""

# Tasks inherit this from the task that creates them, so it marks all tasks of one invocation.
_current: ContextVar[object] = ContextVar("sagemaker_deepgram_invocation")


class SharedByCopies:
    """A part of one stream's SDK configuration: the SDK's deep copies keep the one object."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return the object itself."""
        return self


class SdkCall(SharedByCopies, Interceptor[Any, Any, Any, Any]):
    """Runs one call of the SDK; put it first among the call's interceptors."""

    def __init__(self) -> None:
        self._context = copy_context()
        self._context.run(_current.set, self)
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        """Await ``call``, or raise what made the request fail before it was sent.

        When it returns or raises, no task of the call is left: a call that succeeds has awaited
        them all.
        """
        task = asyncio.get_running_loop().create_task(call, context=self._context)
        try:
            await asyncio.wait({task, self._failed}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self._failed.result()
            return task.result()
        except BaseException:
            try:
                await self._end_tasks()
            finally:
                _retrieve(task)
            raise

    def read_before_execution(self, context: Any) -> None:
        """Watch the task that sends the request, which is the one that calls this."""
        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(self._on_execution_done)

    def read_after_signing(self, context: Any) -> None:
        """Keep the signature and the session token out of what the SDK logs from here on."""
        for name in HIDDEN_FIELDS:
            if name in context.transport_request.fields:
                field = context.transport_request.fields[name]
                field.set([_Hidden(value) for value in field.values])

    def _on_execution_done(self, task: asyncio.Task[Any]) -> None:
        error = (
            ConnectError("The AWS SDK abandoned the request")
            if task.cancelled()
            else task.exception()
        )
        if error is not None and not self._failed.done():
            self._failed.set_exception(error)
            self._failed.exception()

    async def _end_tasks(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task.get_context().get(_current) is self]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_TIMEOUT)
        for task in tasks:
            _retrieve(task)


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Retrieve a task's exception, so that asyncio does not report it as never retrieved."""
    if task.done() and not task.cancelled():
        task.exception()


class _Hidden(str):
    """Text that lists and objects show as dots."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'...'"
