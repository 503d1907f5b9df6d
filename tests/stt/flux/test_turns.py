# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A start of a turn leaves the frames of the turn before the time to pass."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

from pipecat.frames.frames import Frame, ProposedUserStartedSpeakingFrame

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import Heard, TurnEnded, TurnStarted
from pipecat_sagemaker_deepgram.stt.flux.turns import TURN_GAP, TURN_STEPS, TurnReporter
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

ENDED = TurnEnded(
    "one", Heard(TurnInfo(1, "EndOfTurn", 0, 0.0, 1.0, "one"), 1, 0.0), True, is_ours=False
)


class _Rounds:
    """Counts the event loop's rounds while it is entered."""

    async def __aenter__(self) -> "_Rounds":
        self.count = 0
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(0)
            self.count += 1


class _Service:
    """Notes in which round of the event loop it pushed which frame."""

    def __init__(self, rounds: _Rounds) -> None:
        self._settings = SimpleNamespace(model="flux-general-en")
        self._rounds = rounds
        self.pushed: dict[type, int] = {}

    async def push_frame(self, frame: Frame) -> None:
        self.pushed[type(frame)] = self._rounds.count

    async def broadcast_frame(self, frame_cls: type[Frame]) -> None:
        self.pushed[frame_cls] = self._rounds.count

    async def emit_stt_usage_metrics(self) -> None: ...
    async def _call_event_handler(self, *_: Any) -> None: ...
    def _clear_eager_end_of_turn(self) -> None: ...


async def _trace(*_: Any) -> None: ...


async def test_a_machine_that_was_busy_meanwhile_does_not_count_as_time_to_pass() -> None:
    async with _Rounds() as rounds:
        service = _Service(rounds)
        reporter = TurnReporter(service, SpeakerLog(), _trace)
        await reporter.tell(ENDED)
        ended = rounds.count
        time.sleep(2 * TURN_GAP)  # noqa: ASYNC251 - the whole machine is busy
        await reporter.tell(TurnStarted("two"))
    assert service.pushed[ProposedUserStartedSpeakingFrame] - ended >= TURN_STEPS


async def test_without_a_turn_before_it_a_start_is_told_at_once() -> None:
    async with _Rounds() as rounds:
        service = _Service(rounds)
        await TurnReporter(service, SpeakerLog(), _trace).tell(TurnStarted("one"))
    assert service.pushed[ProposedUserStartedSpeakingFrame] <= 1
