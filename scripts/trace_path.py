#!/usr/bin/env python
# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Follow one chunk and one final through the package, and count what they pass.

Usage: .venv/bin/python scripts/trace_path.py [--verbose]

A Deepgram Nova service runs in a pipeline against the local endpoint with a scripted recogniser.
The chunk is 20 ms of audio on a steady stream, from ``run_stt`` to the socket; the final is the
answer to ``Finalize``, from the socket to the frame. Calls of this package's own functions are
counted (the local endpoint's aside), the files they are in, and how often ``client/session`` is
entered from outside. With ``--verbose`` every call is printed.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from loguru import logger
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

import pipecat_sagemaker_deepgram
from pipecat_sagemaker_deepgram import (
    Credentials,
    DeepgramSageMakerSTTService,
    StaticCredentialsResolver,
)
from pipecat_sagemaker_deepgram.container import ModelContainer, ScriptedRecognizer, marked_audio
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

ROOT = Path(pipecat_sagemaker_deepgram.__file__).parent
OWN = ("stt", "client", "deepgram", "transport")
SESSION = "client/session/"
FRAME_BYTES = 640
STEADY = 50
"""Chunks before the one that is followed."""


@dataclass
class Trace:
    """What was passed on the way.

    Attributes:
        calls: File and function of each call, in order.
        entries: How often the session was entered from outside.
    """

    calls: list[tuple[str, str]] = field(default_factory=list)
    entries: int = 0

    @property
    def files(self) -> list[str]:
        """The files passed, in order."""
        return list(dict.fromkeys(file for file, _ in self.calls))

    def observe(self, frame: FrameType, event: str, argument: object) -> None:
        """Take a profiling event of the interpreter."""
        file = _own_file(frame)
        if event != "call" or file is None:
            return
        self.calls.append((file, frame.f_code.co_qualname))
        caller = _own_file(frame.f_back)
        if file.startswith(SESSION) and not (caller or "").startswith(SESSION):
            self.entries += 1


def _own_file(frame: FrameType | None) -> str | None:
    """Where a frame's code is, below the package; ``None`` for code of others."""
    if frame is None:
        return None
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    file = path.relative_to(ROOT)
    return str(file) if file.parts[0] in OWN else None


@contextmanager
def tracing() -> Iterator[Trace]:
    """Trace the block."""
    trace = Trace()
    sys.setprofile(trace.observe)
    try:
        yield trace
    finally:
        sys.setprofile(None)


class _Finals(FrameProcessor):
    """Says when a final transcription has come out of the service."""

    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self.came.set()
        await self.push_frame(frame, direction)


async def _trace_chunk(service: DeepgramSageMakerSTTService, chunks: list[bytes]) -> Trace:
    """The middle one of several: some do more than carry audio."""
    traces = []
    for chunk in chunks:
        await asyncio.sleep(0.02)
        with tracing() as trace:
            async for _ in service.run_stt(chunk):
                pass
        traces.append(trace)
    return sorted(traces, key=lambda trace: len(trace.calls))[len(traces) // 2]


async def _trace_final(worker: PipelineWorker, finals: _Finals) -> Trace:
    """From the answer's arrival: what leads to the request is over before anything comes back."""
    finals.came.clear()
    with tracing() as trace:
        await worker.queue_frame(VADUserStoppedSpeakingFrame())
        async with asyncio.timeout(5):
            await finals.came.wait()
    arrivals = [at for at, (_, name) in enumerate(trace.calls) if name.endswith("data_received")]
    return Trace(trace.calls[arrivals[-1] :])


async def trace_service() -> tuple[Trace, Trace]:
    """Follow a chunk and a final through a service in a pipeline."""
    async with ModelContainer(ScriptedRecognizer()) as container:
        await container.wait_until_ready(5)
        async with SageMakerEmulator(container.url) as emulator:
            keys = emulator.credentials
            service = DeepgramSageMakerSTTService(
                endpoint_name="traced",
                region=emulator.region,
                endpoint_url=emulator.endpoint_url,
                ca_bundle=emulator.ca_bundle,
                credentials=StaticCredentialsResolver(
                    Credentials(
                        access_key_id=keys.access_key_id,
                        secret_access_key=keys.secret_access_key,
                        session_token=keys.session_token,
                    )
                ),
            )
            return await _trace_in_pipeline(service)


async def _trace_in_pipeline(service: DeepgramSageMakerSTTService) -> tuple[Trace, Trace]:
    finals, connected = _Finals(), asyncio.Event()
    service.add_event_handler("on_connected", lambda _: connected.set())
    worker = PipelineWorker(
        Pipeline([service, finals]),
        cancel_on_idle_timeout=False,
        enable_rtvi=False,
        params=PipelineParams(audio_in_sample_rate=16_000),
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(connected.wait(), 5)
    audio = marked_audio(0, 20)
    for start in range(0, STEADY * FRAME_BYTES, FRAME_BYTES):
        frame = InputAudioRawFrame(audio[start : start + FRAME_BYTES], 16_000, 1)
        await worker.queue_frame(frame)
        await asyncio.sleep(0.02)
    rest = range(STEADY * FRAME_BYTES, len(audio), FRAME_BYTES)
    chunk = await _trace_chunk(service, [audio[at : at + FRAME_BYTES] for at in rest])
    final = await _trace_final(worker, finals)
    await worker.queue_frame(EndFrame())
    await running
    return chunk, final


def _print(name: str, trace: Trace, *, verbose: bool) -> None:
    print(f"{name}: {len(trace.calls)} own calls in {len(trace.files)} files")
    if name == "chunk":
        print(f"{name}: the session is entered {trace.entries} times")
    for file in trace.files:
        names = [function for each, function in trace.calls if each == file]
        print(f"    {len(names):3} {file}")
    if verbose:
        for file, function in trace.calls:
            print(f"        {file}: {function}")


def main() -> None:
    """Print the figures."""
    logger.remove()
    chunk, final = asyncio.run(trace_service())
    for name, trace in (("chunk", chunk), ("final", final)):
        _print(name, trace, verbose="--verbose" in sys.argv[1:])


if __name__ == "__main__":
    main()
