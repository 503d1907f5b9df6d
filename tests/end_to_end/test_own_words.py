# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a container writes in its own words may quote what was said: it is logged at TRACE alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from loguru import logger

from pipecat_sagemaker_deepgram import StreamLostError
from pipecat_sagemaker_deepgram.client import RetryPolicy, StreamProtocol
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading

from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import QUERY, local_path, marked_audio, transcribe, words
from ..pipelines import RunningPipeline, nova, running

SECRET = "my pin is four seven one one"
QUICK = RetryPolicy(initial_backoff=0.01)
LOSING = (
    f"model-stream-error=1011:{SECRET}@bytes=8000,streams=1",
    f"internal-stream-failure={SECRET}@bytes=8000,streams=2",
    f"error=InternalFailure:{SECRET}@bytes=8000,streams=3",
    f"error={SECRET}:{SECRET}@bytes=8000,streams=4",
    f'text={{"error":"{SECRET}"}}@bytes=8000,streams=5',
    f'text={{"type":"Error","code":"E","variant":"E","description":"{SECRET}"}}'
    "@bytes=8000,streams=6",
)
"""Faults that cost a stream each."""

HARMLESS = (
    f'text={{"type":"Error","variant":"SchemaError","description":"{SECRET}"}}'
    "@bytes=4000,streams=7",
    f'text={{"type":"{SECRET}"}}@bytes=4000,streams=7',
    f'text={{"type":"Results","start":"{SECRET}"}}@bytes=4000,streams=7',
)
HARMLESS_TO_FLUX = (
    f'text={{"type":"Warning","code":"{SECRET}","description":"{SECRET}"}}@bytes=4000,streams=7',
    f'text={{"type":"{SECRET}"}}@bytes=4000,streams=7',
    f'text={{"type":"TurnInfo","event":"{SECRET}"}}@bytes=4000,streams=7',
    f'text={{"type":"TurnInfo","event":"Update","turn_index":"{SECRET}"}}@bytes=4000,streams=7',
)


@dataclass
class Log:
    """What was logged, with the values that a traceback shows."""

    above_trace: list[str] = field(default_factory=list)
    at_trace: list[str] = field(default_factory=list)

    def take(self, message: Any) -> None:
        trace = message.record["level"].no <= logger.level("TRACE").no
        (self.at_trace if trace else self.above_trace).append(str(message))


@contextmanager
def _logged(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    """Nothing above TRACE quotes the container; TRACE does."""
    log = Log()
    caplog.set_level(logging.DEBUG)
    sink = logger.add(log.take, level="TRACE", backtrace=True, diagnose=True)
    try:
        yield log
    finally:
        logger.remove(sink)
    assert log.above_trace
    assert [line for line in [*log.above_trace, caplog.text] if SECRET in line] == []
    assert [line for line in log.at_trace if SECRET in line]


def _assert_survived(pipeline: RunningPipeline) -> None:
    assert pipeline.words == words(0, 50)
    assert len([name for name, *_ in pipeline.handled if name == "on_reconnected"]) == len(LOSING)
    assert SECRET not in str([*pipeline.handled, *pipeline.errors])


async def test_nova(caplog: pytest.LogCaptureFixture) -> None:
    with _logged(caplog):
        async with local_path(*LOSING, *HARMLESS) as path:
            async with running(nova(path, retry_policy=QUICK)) as pipeline:
                await pipeline.speak(marked_audio(0, 50))
    _assert_survived(pipeline)


async def test_flux(caplog: pytest.LogCaptureFixture) -> None:
    with _logged(caplog):
        async with flux_path(*LOSING, *HARMLESS_TO_FLUX) as path:
            async with flux_running(flux(path, retry_policy=QUICK)) as pipeline:
                await pipeline.speak(marked_audio(0, 50))
    _assert_survived(pipeline)


async def test_the_client_alone_has_it_in_the_details_of_the_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with _logged(caplog):
        async with local_path(*LOSING) as path:
            heard = await transcribe(path, marked_audio(0, 50), retry_policy=QUICK)
    assert heard.words == words(0, 50)
    causes = [event.cause for event in heard.events if isinstance(event, events.Lost)]
    assert len(causes) == len(LOSING)
    for cause in causes:
        assert SECRET in cause.details
        assert SECRET not in f"{cause} {cause!r}"


async def test_an_error_that_is_not_foreseen_is_logged_without_the_values_around_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def read(data: str | bytes) -> Reading:
        quoted = f"cannot read {data!r}"
        raise ValueError(quoted)

    protocol = StreamProtocol(
        invocation_path="v1/listen", query=lambda: QUERY, new_reader=lambda: read
    )
    with _logged(caplog) as log:
        async with local_path(f"text={SECRET}@seconds=0") as path:
            client = path.client(protocol=protocol, retry_policy=RetryPolicy(max_retries=0))
            await client.start_session()
            with pytest.raises(StreamLostError, match="ValueError") as caught:
                await client.receive_response()
            await client.close_session()
    assert SECRET in caught.value.details
    assert SECRET not in str(caught.value)
    assert any(
        "failed unexpectedly: ValueError" in line and "in read" in line for line in log.above_trace
    )


@pytest.mark.parametrize("fault", LOSING, ids=range(len(LOSING)))
async def test_an_error_that_ends_it_all_does_not_quote_it(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    fault = f"{fault.rpartition(',')[0]},streams=every"
    with _logged(caplog):
        async with local_path(fault) as path:
            service = nova(path, retry_policy=RetryPolicy(max_retries=0))
            async with running(service) as pipeline:
                await pipeline.speak(marked_audio(0, 10))
                await pipeline.until(lambda p: p.errors)
    assert SECRET not in str([*pipeline.handled, *pipeline.errors])
