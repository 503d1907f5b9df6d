# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A run of the soak: real speech with Deepgram Flux in a real pipeline, and what came of it."""

import asyncio
from dataclasses import replace
from functools import cache
from typing import Any

from benchmarks.pictures.soak_runs import SoakRun
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    ProposedUserStartedSpeakingFrame,
    ProposedUserStoppedSpeakingFrame,
    TranscriptionFrame,
)

from pipecat_sagemaker_deepgram.cli.events import read_message
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import ModelContainer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

from ..flux_pipelines import flux, flux_running
from ..local_path import LocalPath
from ..pipelines import FRAME_BYTES, RunningPipeline
from ..speech_clips import Clip, plain, telephone_prompts
from .run_observer import RunObserver
from .soak_cases import BYTES_PER_SECOND, SAYINGS, SoakCase
from .soak_verdicts import Pieces, Told, TurnTold, Verdict, is_over, judge

PAUSE_INSIDE = 1.0
"""Seconds of silence between the prompts of one turn."""

LAST_TURN_TIMEOUT = 20.0
"""Seconds after the last audio within which the last turn has ended; else the run is frozen."""

END_TIMEOUT = 30.0

LEAD = 4.0
"""Seconds by which the speaker may run ahead of what was heard; beyond, they speak in real time."""

CONFIG = ClientConfig(
    min_chunk_seconds=0.08,
    connection_timeout=2.0,
    subscription_timeout=3.0,
    close_timeout=25.0,
)


def seconds_of(turn: str) -> float:
    """The seconds that a turn takes to say."""
    return len(audio_of(turn)) / BYTES_PER_SECOND


@cache
def audio_of(turn: str) -> bytes:
    """A turn's sound."""
    return _silence(PAUSE_INSIDE).join(clip.linear16() for clip in _clips(turn))


def pieces_of(turn: str) -> Pieces:
    """What is said in a turn, in the pieces between which the speaker pauses."""
    return tuple(plain(clip.text) for clip in _clips(turn))


async def run(case: SoakCase, container: ModelContainer) -> Told:
    """Have a conversation, and give back what was told of it."""
    script = FaultScript([parse_fault(fault) for fault in case.faults])
    config = replace(CONFIG, rotate_after=case.rotate_after, rotate_jitter=0.0)
    async with SageMakerEmulator(container.url, faults=script) as emulator:
        service = flux(LocalPath(emulator), client_config=config)
        observer = RunObserver(service, f"seed {case.seed}", model="flux")
        is_frozen = True
        pipeline: Any = None
        try:
            async with flux_running(
                service, end_timeout=END_TIMEOUT, processors=[service, observer]
            ) as pipeline:
                is_frozen = not await _converse(pipeline, case)
        except TimeoutError:
            is_frozen = True
        return _told(pipeline, len(emulator.streams), observer.finish(), is_frozen=is_frozen)


async def run_and_judge(case: SoakCase, container: ModelContainer) -> tuple[Told, Verdict]:
    """Have a conversation and judge it.

    Where words or turns are other than said, the recogniser has to say what it hears in the same
    conversation without a fault.
    """
    said = [pieces_of(turn) for turn in case.turns]
    told = await run(case, container)
    verdict = judge(told, said)
    if verdict.word_errors or verdict.doubled:
        undisturbed = await run(replace(case, faults=(), rotate_after=None), container)
        verdict = judge(told, said, undisturbed=undisturbed.finals)
    told.run.note_problem("" if verdict.is_good else str(verdict))
    return told, verdict


async def _converse(pipeline: RunningPipeline, case: SoakCase) -> bool:
    """Say everything; whether the last turn ended by itself, where it was given the time."""
    pause = _silence(case.pause)
    audio = b"".join(audio_of(turn) + pause for turn in case.turns)
    await _speak(pipeline, audio[: len(audio) - len(pause) * case.hangs_up], case.speed)
    if case.hangs_up:
        return True
    try:
        begins = len(audio) / BYTES_PER_SECOND - case.pause - _seconds_of_last_piece(case)
        await pipeline.until(lambda p: _is_over(p, begins), timeout=LAST_TURN_TIMEOUT)
    except TimeoutError:
        return False
    return True


def _seconds_of_last_piece(case: SoakCase) -> float:
    return len(_clips(case.turns[-1])[-1].linear16()) / BYTES_PER_SECOND


def _is_over(pipeline: RunningPipeline, last_begins: float) -> bool:
    return is_over(_order(pipeline.down), _turns(pipeline), last_begins=last_begins)


async def _speak(pipeline: RunningPipeline, audio: bytes, speed: float) -> None:
    """Speak as fast as is wanted and listened to."""
    pace, now = Pace(speed, lead=LEAD), asyncio.get_running_loop().time
    started = latest = now()
    heard, seen = 0.0, 0
    for at in range(0, len(audio), FRAME_BYTES):
        for frame in pipeline.down[seen:]:
            if isinstance(frame, TranscriptionFrame | InterimTranscriptionFrame) and frame.result:
                heard = max(heard, frame.result["audio_window_end"])
        seen = len(pipeline.down)
        fed, step = at / BYTES_PER_SECOND, FRAME_BYTES / BYTES_PER_SECOND
        due = pace.due(fed=fed, heard=heard, started=started, latest=latest, step=step)
        await asyncio.sleep(max(0.0, due - now()))
        latest = now()
        piece = audio[at : at + FRAME_BYTES]
        await pipeline.send(InputAudioRawFrame(piece, sample_rate=16_000, num_channels=1))


def _told(pipeline: RunningPipeline, streams: int, run: SoakRun, *, is_frozen: bool) -> Told:
    return Told(
        order=tuple(_order(pipeline.down)),
        turns=_turns(pipeline),
        errors=tuple(pipeline.errors),
        streams=streams,
        is_frozen=is_frozen,
        run=run,
    )


def _turns(pipeline: RunningPipeline) -> tuple[TurnTold, ...]:
    return tuple(_turn(frame) for frame in pipeline.finals)


def _turn(frame: TranscriptionFrame) -> TurnTold:
    message = frame.result or {}
    heard = read_message(frame.text, message, is_final=True, at=0.0)
    return TurnTold(
        frame.text,
        start=heard.start,
        end=heard.end,
        is_ended_by_client=message.get("trigger") == "client",
    )


def _order(frames: list[Frame]) -> list[str]:
    names: dict[type[Frame], str] = {
        ProposedUserStartedSpeakingFrame: "start",
        InterimTranscriptionFrame: "text",
        TranscriptionFrame: "final",
        ProposedUserStoppedSpeakingFrame: "stop",
    }
    return [names[type(frame)] for frame in frames if type(frame) in names]


@cache
def _clips(turn: str) -> list[Clip]:
    return telephone_prompts(SAYINGS[turn])


def _silence(seconds: float) -> bytes:
    return bytes(round(seconds * BYTES_PER_SECOND) // 2 * 2)
