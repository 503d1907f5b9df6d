# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Each word once in a real pipeline: answers that come late, interims that stood for finals."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pipecat.frames.frames import VADUserStartedSpeakingFrame, VADUserStoppedSpeakingFrame

from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ...local_path import HARD, local_path, marked_audio, words
from ...pipelines import RunningPipeline, nova, running

SAYS_NOTHING = ScriptedBehavior(
    interim_interval=60.0, silence_interval=60.0, answers_empty_finalize=False
)
"""Of silence there is no result, and no answer to ``Finalize`` but what a test puts in."""

SILENCE = bytes(32_000)


def _results(start: float, end: float, *said: str, is_final: bool, **more: Any) -> str:
    """A message with such words, each with its times and perhaps its speaker."""
    separator = more.pop("separator", " ")
    found = [word.split() for word in said]
    written = [
        {"word": text, "start": float(begin), "end": float(stop)}
        | ({"speaker": int(speaker[0])} if speaker else {})
        for text, begin, stop, *speaker in found
    ]
    best = {"transcript": separator.join(text for text, *_ in found), "words": written}
    body = {"type": "Results", "channel_index": [0, 1], "start": start, "duration": end - start}
    return json.dumps(body | {"is_final": is_final, "channel": {"alternatives": [best]}} | more)


@asynccontextmanager
async def _said(faults: Sequence[str], **options: Any) -> AsyncIterator[RunningPipeline]:
    """A second of audio between the user's start and stop, of which messages say what it holds."""
    async with local_path(*faults, behavior=SAYS_NOTHING) as path:
        async with running(nova(path, **options)) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.speak(SILENCE, speed=20)
            await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
            yield pipeline


def _texts(pipeline: RunningPipeline) -> list[str]:
    return [frame.text for frame in pipeline.finals]


async def test_answers_that_take_their_usual_time_promote_nothing() -> None:
    async with local_path("delay=1.2", behavior=HARD) as path, running(nova(path)) as pipeline:
        for first in range(0, 40, 20):
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.speak(marked_audio(first, 20))
            await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
            await pipeline.until(lambda p, to=first + 20: p.words[-1:] == words(to - 1, 1))
    assert pipeline.words == words(0, 40)
    assert not [frame for frame in pipeline.finals if "promoted" in (frame.result or {})]


async def test_the_final_of_a_promoted_interim_gives_only_what_lies_beyond() -> None:
    age = ("it 0.1 0.3", "was 0.3 0.5", "of 0.5 0.6")
    late = ("it 0.15 0.35", "was 0.35 0.5", "of 0.52 0.62", "foolishness 0.62 0.9", "too 0.9 1.0")
    faults = [
        f"text={_results(0.0, 0.7, *age, 'four 0.6 0.7', is_final=False)}@bytes=20000",
        f"text={_results(0.0, 1.0, *late, is_final=True)}@bytes=40000",
    ]
    async with _said(faults, finalize_timeout=0.1) as pipeline:
        await pipeline.until(lambda p: p.finals)
        await pipeline.speak(SILENCE, speed=20)
        await pipeline.until(lambda p: len(p.finals) == 2)
    assert _texts(pipeline) == ["it was of four", "too"]
    result = pipeline.finals[1].result
    assert result["trimmed"] is True  # type: ignore[index]
    said = result["channel"]["alternatives"][0]["transcript"]  # type: ignore[index]
    assert said == "it was of foolishness too"


async def test_of_finals_that_overlap_on_one_stream_each_word_comes_once() -> None:
    seek = ("then 0.0 0.2", "you 0.2 0.3", "seek 0.3 0.5")
    again = ("then 0.05 0.2", "you 0.2 0.35", "seek 0.4 0.55", "incorrectly. 0.55 0.9")
    faults = [
        f"text={_results(0.0, 0.55, *seek, is_final=True)}@bytes=20000",
        f"text={_results(0.0, 1.0, *again, is_final=True)}@bytes=30000",
    ]
    async with _said(faults) as pipeline:
        await pipeline.until(lambda p: len(p.finals) == 2)
    assert _texts(pipeline) == ["then you seek", "incorrectly."]


async def test_an_interim_that_comes_behind_its_final_is_not_promoted() -> None:
    faults = [
        f"text={_results(0.0, 0.8, 'hello 0.3 0.6', is_final=True)}@bytes=26000",
        f"text={_results(0.0, 0.7, 'hello 0.3 0.62', is_final=False)}@bytes=28000",
        f"text={_results(1.0, 1.9, 'there 1.2 1.5', is_final=True)}@bytes=62000",
    ]
    async with _said(faults, finalize_timeout=0.01) as pipeline:
        await pipeline.speak(SILENCE)
        await pipeline.until(lambda p: "there" in _texts(p))
    assert _texts(pipeline) == ["hello", "there"]


# Languages without spaces

TODAY = ("今日 0.1 0.2", "は 0.2 0.3")
WEATHER = ("いい 0.3 0.5", "天気 0.5 0.7", "です。 0.7 0.9")


async def test_text_without_spaces_is_cut_without_adding_any() -> None:
    faults = [
        f"text={_results(0.0, 0.4, *TODAY, is_final=False, separator='')}@bytes=20000",
        f"text={_results(0.0, 1.0, *TODAY, *WEATHER, is_final=True, separator='')}@bytes=40000",
    ]
    async with _said(faults, finalize_timeout=0.1) as pipeline:
        await pipeline.until(lambda p: p.finals)
        await pipeline.speak(SILENCE, speed=20)
        await pipeline.until(lambda p: len(p.finals) == 2)
    assert _texts(pipeline) == ["今日は", "いい天気です。"]


async def test_text_without_spaces_is_parted_by_speaker_without_adding_any() -> None:
    said = [f"{word} 0" for word in TODAY] + [f"{word} 1" for word in WEATHER]
    faults = [f"text={_results(0.0, 1.0, *said, is_final=True, separator='')}@bytes=20000"]
    async with _said(faults, frame_per_speaker=True) as pipeline:
        await pipeline.until(lambda p: len(p.finals) == 2)
    assert [(frame.user_id, frame.text) for frame in pipeline.finals] == [
        ("0", "今日は"),
        ("1", "いい天気です。"),
    ]
