# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A run of the chaos: numbered words through a real pipeline, and which of them came out."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from typing import Any

import numpy as np
from benchmarks.pictures.soak_runs import SoakRun
from pipecat.frames.frames import (
    STTUpdateSettingsFrame,
    TextFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.emulator import (
    DropConnection,
    Fault,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)

from ..flux_pipelines import flux
from ..local_path import HARD, LocalPath
from ..pipelines import RunningPipeline, nova, record, running
from .chaos_audio import NOISE, AttentiveRecognizer, gain_of
from .chaos_cases import Break, Change, ChaosCase, Outage, Pause, Speak, Step
from .run_observer import RunObserver

WORD_SECONDS = 0.1
BYTES_PER_SECOND = 32_000
MOST_HELD = 0.5
"""Seconds for which a frame may be held, the time apart for which the loop itself stood still."""

END_TIMEOUT = 75.0

CONFIG = ClientConfig(
    connection_timeout=1.0,
    subscription_timeout=2.0,
    send_timeout=1.0,
    stall_timeout=1.5,
    close_timeout=60.0,
    rotate_jitter=0.0,
    rotate_by=5.0,
)


@dataclass
class Verdict:
    """What is wrong with a run; nothing where all is empty.

    Attributes:
        lost: Words that did not come out and were not reported.
        reported: Words that did not come out, of which ``on_audio_lost`` said so.
        repeated: Words that came out twice or out of order.
        errors: Errors beside the reports of lost audio.
        held: Seconds for which a frame was held, where that was too long.
        frozen: Whether a call did not end.
        streams: How many streams were opened.
        words: How many words were said.
        runs: What was observed of each call.
    """

    lost: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    held: float = 0.0
    frozen: bool = False
    streams: int = 0
    words: int = 0
    runs: list[SoakRun] = field(default_factory=list, repr=False)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.repeated or self.errors or self.held or self.frozen)


@asynccontextmanager
async def _path(case: ChaosCase) -> AsyncIterator[tuple[LocalPath, FaultScript]]:
    behavior = replace(HARD, max_speed=case.max_speed)
    script = FaultScript()
    async with ModelContainer(AttentiveRecognizer(behavior, gain_of(case.level))) as container:
        await container.wait_until_ready(10)
        async with SageMakerEmulator(container.url, faults=script) as emulator:
            yield LocalPath(emulator), script


def _service(case: ChaosCase, path: LocalPath, config: ClientConfig) -> Any:
    config = replace(config, rotate_after=case.rotate_after)
    return (flux if case.service == "flux" else nova)(path, client_config=config)


async def run_and_judge(case: ChaosCase, *, config: ClientConfig = CONFIG) -> Verdict:
    """Hold the case's calls, and judge what came out of them.

    Args:
        case: The run.
        config: The client's configuration, but for the rotation.
    """
    verdict = Verdict()
    async with _path(case) as (path, script):
        service = _service(case, path, config)
        for steps in case.calls:
            script.clear()
            await _Call(case, service, script).hold(steps, verdict)
        verdict.streams = len(path.emulator.streams)
    return verdict


class _Call:
    """One call: what is said and done in it.

    Args:
        case: The run.
        service: The service.
        script: The emulator's faults.
    """

    def __init__(self, case: ChaosCase, service: Any, script: FaultScript) -> None:
        self._case = case
        self._service = service
        self._script = script
        self._said = 0
        self._changes = count(1)
        self._outages: set[asyncio.Task[None]] = set()
        self._noise = np.random.default_rng(case.seed)

    async def hold(self, steps: tuple[Step, ...], verdict: Verdict) -> None:
        """Hold it, and add to the verdict."""
        pipeline: RunningPipeline | None = None
        name = f"{self._case.service}, seed {self._case.seed}, call {len(verdict.runs) + 1}"
        observer = RunObserver(self._service, name, model=self._case.service)
        processors = [self._service, observer]
        try:
            async with running(
                self._service, end_timeout=END_TIMEOUT, processors=processors
            ) as pipeline:
                record(self._service, "on_audio_lost", pipeline)
                watch = asyncio.create_task(_longest_hold(pipeline))
                for step in steps:
                    await self._take(pipeline, step)
                if self._case.stays:
                    await asyncio.gather(*self._outages)
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
        except TimeoutError:
            verdict.frozen = True
        finally:
            for outage in self._outages:
                outage.cancel()
            await asyncio.gather(*self._outages, return_exceptions=True)
        if pipeline is not None:
            said = [f"w{number}" for number in range(self._said)]
            judge(said, pipeline.words, pipeline.handled, pipeline.errors, verdict)
        run = observer.finish()
        run.note_problem("" if verdict.is_good else str(verdict))
        verdict.runs.append(run)

    async def _take(self, pipeline: RunningPipeline, step: Step) -> None:
        match step:
            case Speak(words=number):
                if self._case.has_vad:
                    await pipeline.send(VADUserStartedSpeakingFrame())
                await self._send(pipeline, marked_audio(self._said, number))
                self._said += number
            case Pause(seconds=seconds, is_sent=True):
                await self._send(pipeline, bytes(round(seconds * BYTES_PER_SECOND)))
            case Pause(seconds=seconds):
                await asyncio.sleep(seconds / self._case.speed)
            case Outage():
                self._outages.add(asyncio.create_task(self._be_out(step)))
            case Break(fault=fault):
                self._script.add(parse_fault(fault))
            case Change(what="finalize"):
                await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
            case Change():
                await pipeline.send(STTUpdateSettingsFrame(delta=self._delta()))

    async def _send(self, pipeline: RunningPipeline, audio: bytes) -> None:
        samples = np.frombuffer(audio, "<i2") // gain_of(self._case.level)
        if self._case.is_noisy:
            samples = samples + self._noise.integers(-NOISE, NOISE, len(samples))
        await pipeline.speak(samples.astype("<i2").tobytes(), speed=self._case.speed)

    async def _be_out(self, outage: Outage) -> None:
        refusal = parse_fault(f"{outage.kind}@connect,streams=every")
        self._script.add(refusal, Fault(DropConnection(), stream="current"))
        await asyncio.sleep(outage.seconds)
        self._script.clear()

    def _delta(self) -> Any:
        terms = [f"term {next(self._changes)}"]
        if self._case.service == "flux":
            return DeepgramFluxSageMakerSTTService.Settings(keyterm=terms)
        return DeepgramSageMakerSTTService.Settings(keyterm=terms)


def judge(
    said: list[str],
    heard: list[str],
    handled: list[tuple[Any, ...]],
    errors: list[str],
    verdict: Verdict,
) -> None:
    """Judge one call, and add to the verdict.

    Args:
        said: The words that were said.
        heard: The words of the final transcriptions.
        handled: The calls of the service's event handlers, and how long frames were held.
        errors: The errors that the pipeline was told of.
        verdict: What to add to.
    """
    missing = [word for word in said if word not in heard]
    lost = sum(each[1] for each in handled if each[0] == "on_audio_lost")
    # The first of them may have been answered for to just before its middle.
    covered = int((lost + WORD_SECONDS / 2) / WORD_SECONDS + 1e-6)
    verdict.words += len(said)
    verdict.reported += missing[:covered]
    verdict.lost += missing[covered:]
    verdict.repeated += _out_of_order(heard)
    verdict.errors += [each for each in errors if "will not be transcribed" not in each]
    held = max((each[1] for each in handled if each[0] == HELD), default=0.0)
    verdict.held = max(verdict.held, held if held > MOST_HELD else 0.0)


HELD = "held"


async def _longest_hold(pipeline: RunningPipeline) -> None:
    """Send frames one after the other, and note for how long each was held."""
    now = asyncio.get_running_loop().time
    for number in count():
        text, sent_at, stood_still = f"beat {number}", now(), 0.0
        await pipeline.send(TextFrame(text))
        while not any(isinstance(f, TextFrame) and f.text == text for f in pipeline.down[-200:]):
            slept_at = now()
            await asyncio.sleep(0.01)
            stood_still += max(0.0, now() - slept_at - 0.02)
        pipeline.handled.append((HELD, now() - sent_at - stood_still))
        await asyncio.sleep(0.02)


def _out_of_order(words: list[str]) -> list[str]:
    """Words that came twice, or before one that was said earlier."""
    twice = [word for word, number in Counter(words).items() if number > 1]
    pairs = pairwise(int(word[1:]) for word in words)
    return twice or [f"w{later} before w{earlier}" for later, earlier in pairs if later > earlier]
