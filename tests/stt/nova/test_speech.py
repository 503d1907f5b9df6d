# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcripts in a real pipeline: channel by channel, and when ``Finalize`` goes unanswered."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    MetricsFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.metrics.metrics import STTUsageMetricsData, TTFBMetricsData

from pipecat_sagemaker_deepgram.client import RetryPolicy
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    RecognizerEvent,
    SessionConfig,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.recognizer import ScriptedSession

from ...local_path import HARD, local_path, marked_audio, words
from ...pipelines import RunningPipeline, nova, running
from ...skipping_loop import skipping_waits

STARTED = VADUserStartedSpeakingFrame
ONLY_FINALIZED = ScriptedBehavior(final_interval=60.0)
"""Finals come on ``Finalize`` and at the end only."""


class _Unanswering(ScriptedRecognizer):
    """Leaves the first ``Finalize`` of every stream unanswered."""

    def open_session(self, config: SessionConfig) -> ScriptedSession:
        return _UnansweringSession(config, self._behavior)


class _UnansweringSession(ScriptedSession):
    has_ignored_one = False

    def finalize(self) -> Sequence[RecognizerEvent]:
        if not self.has_ignored_one:
            self.has_ignored_one = True
            return []
        return super().finalize()


def _stopped() -> VADUserStoppedSpeakingFrame:
    return VADUserStoppedSpeakingFrame(stop_secs=0.2)


async def _say(pipeline: RunningPipeline, first: int, count: int) -> None:
    """Speak some words, with the user's speech beginning and ending round them."""
    await pipeline.send(STARTED())
    await pipeline.speak(marked_audio(first, count))
    await pipeline.send(_stopped())


# Finalize


async def test_an_unanswered_finalize_makes_the_last_interim_the_final() -> None:
    recognizer = _Unanswering(ONLY_FINALIZED)
    async with local_path(recognizer=recognizer) as path:
        async with running(nova(path, finalize_timeout=0.3)) as pipeline:
            await _say(pipeline, 0, 12)
            await pipeline.until(lambda p: p.finals)
            await pipeline.speak(marked_audio(12, 8))
    promoted = pipeline.finals[0]
    assert promoted.finalized
    assert promoted.result["promoted"] is True  # type: ignore[index]
    assert promoted.text.split() == words(0, 12)
    assert pipeline.words == words(0, 20)


async def test_a_finalize_that_is_answered_late_repeats_no_word() -> None:
    async with local_path("delay=1@control=Finalize", behavior=ONLY_FINALIZED) as path:
        async with running(nova(path, finalize_timeout=0.3)) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await _say(pipeline, 0, 12)
            await pipeline.until(lambda p: p.finals)
            await pipeline.speak(marked_audio(12, 8))
    assert pipeline.finals[0].result["promoted"] is True  # type: ignore[index]
    assert pipeline.words == words(0, 20)
    assert len(pipeline.finals) > 1


async def test_a_final_that_says_it_all_is_finalized_though_finalize_goes_unanswered() -> None:
    """It may have been on its way when ``Finalize`` was sent, which then has nothing to flush."""
    said = [
        {"word": word, "start": index / 10, "end": index / 10 + 0.1}
        for index, word in enumerate(words(0, 12))
    ]
    best = {"transcript": " ".join(words(0, 12)), "words": said}
    final = json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "start": 0.0,
            "duration": 1.2,
            "is_final": True,
            "channel": {"alternatives": [best]},
        }
    )
    recognizer = _Unanswering(ONLY_FINALIZED)
    faults = (f"text={final}@control=Finalize", "reset@control=Finalize")
    async with local_path(*faults, recognizer=recognizer) as path:
        async with running(nova(path, finalize_timeout=None)) as pipeline:
            await _say(pipeline, 0, 12)
            await pipeline.until(lambda p: p.finals)
    assert [(frame.text, frame.finalized) for frame in pipeline.finals] == [
        (" ".join(words(0, 12)), True)
    ]


async def test_only_the_latest_of_two_finalizes_marks_a_transcript() -> None:
    """Both wait for the stream to come up, and are answered one after the other."""
    async with local_path("late=1@connect", behavior=ONLY_FINALIZED) as path:
        async with running(nova(path)) as pipeline:
            await _say(pipeline, 0, 12)
            await _say(pipeline, 12, 12)
            await pipeline.until(lambda p: len(p.finals) == 2)
    assert [(frame.text.split(), frame.finalized) for frame in pipeline.finals] == [
        (words(0, 12), False),
        (words(12, 12), True),
    ]


@skipping_waits
async def test_a_finalize_that_is_answered_in_time_promotes_nothing() -> None:
    async with local_path(behavior=ONLY_FINALIZED) as path, running(nova(path)) as pipeline:
        await _say(pipeline, 0, 12)
        await pipeline.until(lambda p: p.finals)
        await asyncio.sleep(60)
    assert [frame.finalized for frame in pipeline.finals] == [True]
    assert "promoted" not in pipeline.finals[0].result  # type: ignore[operator]


async def test_a_user_who_speaks_on_is_not_cut_short() -> None:
    recognizer = _Unanswering(ONLY_FINALIZED)
    async with local_path(recognizer=recognizer) as path:
        async with running(nova(path, finalize_timeout=0.3)) as pipeline:
            await _say(pipeline, 0, 10)
            await pipeline.send(STARTED())
            await pipeline.speak(marked_audio(10, 30))
            assert pipeline.finals == []
    assert pipeline.words == words(0, 40)


async def test_an_unanswered_finalize_and_a_lost_stream_cost_no_word() -> None:
    recognizer = _Unanswering(ONLY_FINALIZED)
    async with local_path("reset@bytes=60000", recognizer=recognizer) as path:
        async with running(nova(path, finalize_timeout=0.2)) as pipeline:
            await _say(pipeline, 0, 12)
            await pipeline.until(lambda p: p.finals)
            await pipeline.speak(marked_audio(12, 28))
    assert pipeline.words == words(0, 40)


async def test_recovery_that_fails_leaves_the_text_so_far_as_a_final() -> None:
    async with local_path("reset@bytes=40000", behavior=ONLY_FINALIZED) as path:
        service = nova(path, retry_policy=RetryPolicy(max_retries=0))
        async with running(service) as pipeline:
            await pipeline.send(STARTED())
            await pipeline.speak(marked_audio(0, 30))
            await pipeline.until(lambda p: p.errors and p.finals)
    assert pipeline.words == words(0, len(pipeline.words))
    assert len(pipeline.words) >= 10
    assert pipeline.finals[0].result["promoted"] is True  # type: ignore[index]


INTERIM = (
    '{"type":"Results","channel_index":[0,1],"start":0.0,"duration":1.0,"is_final":false,"channel":'
    '{"alternatives":[{"transcript":"hm","words":[{"word":"hm","start":0.1,"end":0.2}]}]}}'
)
ERROR = '{"type":"Error","variant":"TranscribeError","description":"no engine"}'
INCOMPLETE = '{"type":"Metadata","sha256":"incomplete","duration":0}'


@pytest.mark.parametrize("failure", [ERROR, INCOMPLETE])
async def test_text_that_comes_with_the_failure_itself_becomes_a_final(failure: str) -> None:
    """By the time it is read recovery has failed already."""
    behavior = ScriptedBehavior(interim_interval=60.0, final_interval=60.0)
    faults = (f"text={INTERIM}@bytes=40000", f"text={failure}@bytes=40000")
    async with local_path(*faults, behavior=behavior) as path:
        service = nova(path, retry_policy=RetryPolicy(max_retries=0))
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: p.errors and p.finals)
    assert [frame.text for frame in pipeline.finals] == ["hm"]


async def test_a_user_who_stops_while_the_stream_is_lost_gets_a_finalized_transcript() -> None:
    faults = ("reset@bytes=30000", "late=1@connect,streams=2")
    async with local_path(*faults, behavior=ONLY_FINALIZED) as path:
        async with running(nova(path)) as pipeline:
            await pipeline.send(STARTED())
            await pipeline.speak(marked_audio(0, 12))
            await pipeline.until(lambda p: ("on_disconnected",) in p.handled)
            await pipeline.send(_stopped())
            await pipeline.until(lambda p: p.finals)
    assert pipeline.finals[0].finalized
    assert pipeline.words == words(0, 12)


async def test_a_user_who_stops_while_recovery_has_failed_harms_nothing() -> None:
    async with local_path("refuse=403:AccessDeniedException@connect,streams=1") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            await _say(pipeline, 0, 5)
            await service.set_usable(True)
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await _say(pipeline, 5, 15)
            await pipeline.until(lambda p: p.finals and p.finals[-1].finalized)
    assert pipeline.words == words(5, 15)


ODD_ORDERS: dict[str, tuple[list[type[Frame]], list[type[Frame]]]] = {
    "stopped twice": ([STARTED], [VADUserStoppedSpeakingFrame] * 2),
    "stopped and never started": ([], [VADUserStoppedSpeakingFrame]),
    "started twice": ([STARTED, STARTED], [VADUserStoppedSpeakingFrame]),
    "stopped, then started without a word": ([STARTED], [VADUserStoppedSpeakingFrame, STARTED]),
}


@pytest.mark.parametrize("order", ODD_ORDERS)
async def test_speech_marks_in_an_odd_order_cost_no_word(order: str) -> None:
    before, after = ODD_ORDERS[order]
    async with local_path() as path, running(nova(path)) as pipeline:
        for kind in before:
            await pipeline.send(kind())
        await pipeline.speak(marked_audio(0, 20))
        for kind in after:
            await pipeline.send(kind())
        await pipeline.speak(marked_audio(20, 10))
    assert pipeline.words == words(0, 30)
    assert pipeline.errors == []


# Metrics


async def test_usage_comes_before_the_final_and_latency_right_before_it() -> None:
    """Pipecat reports the latency to a finalized transcript as the frame is pushed."""
    async with local_path(behavior=ONLY_FINALIZED) as path, running(nova(path)) as pipeline:
        await _say(pipeline, 0, 12)
        await pipeline.until(lambda p: p.finals)
    kinds = [
        kind
        for frame in pipeline.down
        for kind in _kinds(frame)
        if kind in (STTUsageMetricsData, TTFBMetricsData, TranscriptionFrame)
    ]
    assert kinds[-3:] == [STTUsageMetricsData, TTFBMetricsData, TranscriptionFrame]


def _kinds(frame: Frame) -> list[type]:
    return [type(each) for each in frame.data] if isinstance(frame, MetricsFrame) else [type(frame)]


def _has_latency(pipeline: RunningPipeline) -> bool:
    """Whether one was reported; Pipecat begins with a latency of 0 that means nothing."""
    reported = (
        each for frame in pipeline.down if isinstance(frame, MetricsFrame) for each in frame.data
    )
    return any(isinstance(each, TTFBMetricsData) and each.value > 0 for each in reported)


async def test_an_empty_answer_to_finalize_ends_the_wait_for_one() -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        await pipeline.send(STARTED())
        await pipeline.speak(bytes(16_000))
        await pipeline.send(_stopped())
        await pipeline.until(_has_latency)


async def test_where_all_was_heard_finalize_needs_no_answer() -> None:
    """The scripted container ends a segment where it knows its last word, 1.16 s from the start."""
    silent = ScriptedBehavior(final_words=12, final_interval=60.0, answers_empty_finalize=False)
    async with local_path(behavior=silent) as path, running(nova(path)) as pipeline:
        await pipeline.send(STARTED())
        await pipeline.speak(marked_audio(0, 12)[: round(1.16 * 32_000)])
        await pipeline.until(lambda p: p.finals)
        await pipeline.send(_stopped())
        await pipeline.until(_has_latency)


# Several channels

SECOND = 500
COUNT = 40
MULTICHANNEL = {"channels": 2, "multichannel": True}


def _two_channels() -> bytes:
    """Words from 0 on the first channel, from 500 on the second, which begins 0.37 s later."""
    first = marked_audio(0, COUNT)
    second = bytes(round(0.37 * 16_000) * 2) + marked_audio(SECOND, COUNT)
    first += bytes(len(second) - len(first))
    return b"".join(first[at : at + 2] + second[at : at + 2] for at in range(0, len(second), 2))


async def _speak_on_both(pipeline: RunningPipeline, *, speed: float = 5.0) -> None:
    audio = _two_channels()
    for start in range(0, len(audio), 1280):
        piece = audio[start : start + 1280]
        await pipeline.send(InputAudioRawFrame(audio=piece, sample_rate=16_000, num_channels=2))
        await asyncio.sleep(0.02 / speed)


def _words_of(pipeline: RunningPipeline, speaker: str) -> list[str]:
    said = [frame.text for frame in pipeline.finals if frame.user_id == speaker]
    return " ".join(said).lower().replace(".", "").split()


CHANNEL_FAULTS = [
    (),
    ("reset@bytes=150000",),
    ("reset@bytes=90000", "drop@bytes=60000,streams=2", "end@bytes=70000,streams=3"),
    ("model-stream-error@bytes=200000",),
]


@pytest.mark.parametrize("lag", [0.0, 0.65, 2.0])
@pytest.mark.parametrize("faults", CHANNEL_FAULTS, ids=lambda faults: f"{len(faults)} faults")
async def test_each_channel_is_heard_and_reported_once(faults: tuple[str, ...], lag: float) -> None:
    behavior = ScriptedBehavior(interim_interval=0.1, final_interval=0.95, final_lag=lag)
    async with local_path(*faults, behavior=behavior) as path:
        async with running(nova(path, **MULTICHANNEL)) as pipeline:
            await _speak_on_both(pipeline)
        assert len(path.emulator.streams) == len(faults) + 1
    assert _words_of(pipeline, "channel0") == words(0, COUNT)
    assert _words_of(pipeline, "channel1") == words(SECOND, COUNT)
    assert {(frame.user_id, *frame.result["channel_index"]) for frame in pipeline.finals} == {  # type: ignore[index]
        ("channel0", 0, 2),
        ("channel1", 1, 2),
    }
    assert pipeline.errors == []


async def test_finalize_ends_the_turn_when_every_channel_has_answered() -> None:
    async with local_path(behavior=ONLY_FINALIZED) as path:
        async with running(nova(path, **MULTICHANNEL)) as pipeline:
            await pipeline.send(STARTED())
            await _speak_on_both(pipeline)
            await pipeline.send(_stopped())
            await pipeline.until(lambda p: len(p.finals) == 2)
    assert [frame.finalized for frame in pipeline.finals] == [False, True]


async def test_an_unanswered_channel_is_promoted_by_itself() -> None:
    recognizer = _Unanswering(HARD)
    async with local_path(recognizer=recognizer) as path:
        async with running(nova(path, finalize_timeout=0.3, **MULTICHANNEL)) as pipeline:
            await pipeline.send(STARTED())
            await _speak_on_both(pipeline)
            await pipeline.send(_stopped())
            await pipeline.until(lambda p: any("promoted" in f.result for f in p.finals))
    assert _words_of(pipeline, "channel0") == words(0, COUNT)
    assert _words_of(pipeline, "channel1") == words(SECOND, COUNT)
