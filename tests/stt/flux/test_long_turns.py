# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns that are longer than what is kept of their audio, of which streams are lost."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig

from ...flux_pipelines import PAUSE, assert_balanced, flux, flux_path, flux_running
from ...local_path import marked_audio, words

SECOND = 32_000
SHORT_MEMORY = ClientConfig(max_replay_buffer_bytes=4 * SECOND)
SHORT_REPLAY = ClientConfig(max_replay_seconds=1.3)


@pytest.mark.parametrize("config", [SHORT_MEMORY, SHORT_REPLAY], ids=["buffer", "replay"])
@pytest.mark.parametrize("bundle", ["2026-06", "current"], ids=["untimed", "timed"])
async def test_a_turn_longer_than_what_is_kept_of_it_costs_no_word(
    bundle: str, config: ClientConfig
) -> None:
    faults = (f"reset@bytes={7 * SECOND}", f"reset@bytes={6 * SECOND},streams=2")
    async with flux_path(*faults, bundle=bundle, lag=0.2, word_lag=0.1) as path:
        async with flux_running(flux(path, client_config=config)) as pipeline:
            await pipeline.speak(marked_audio(0, 110) + PAUSE, speed=10)
            await pipeline.until(lambda p: p.finals)
    assert pipeline.words == words(0, 110)
    assert pipeline.errors == []
    assert not [name for name, *_ in pipeline.handled if name == "on_audio_lost"]
    assert_balanced(pipeline)


def _turn(event: str, end: float, text: str, *said: str) -> str:
    """A message of the first turn; each word has its text and its times."""
    spoken = [word.split() for word in said]
    timed: list[dict[str, Any]] = [
        {"word": word, "start": float(begin), "end": float(stop)} for word, begin, stop in spoken
    ]
    body = {"type": "TurnInfo", "event": event, "turn_index": 0, "audio_window_start": 0.0}
    return json.dumps(body | {"audio_window_end": end, "transcript": text, "words": timed})


MY_NUMBER = ("my 0.1 0.2", "number 0.2 0.4", "is 0.5 0.6")
DIGITS = ("five 0.7 0.9", "five 0.9 1.1", "oh 1.1 1.3", "one 1.3 1.5")
THANKS = ("thank 1.9 2.1", "you 2.1 2.3")


def _later(said: tuple[str, ...], seconds: float) -> list[str]:
    """Words on the clock of a stream that began so much later."""
    return [
        f"{word} {float(begin) - seconds} {float(end) - seconds}"
        for word, begin, end in map(str.split, said)
    ]


async def test_a_long_turn_with_numbers_in_digits_keeps_its_beginning() -> None:
    """Of the turn, which is 2 s long, 1.3 s are kept: it is cut between ``number`` and ``is``."""
    begin = 0.45
    first = _turn("StartOfTurn", 2.0, "my number is 5501", *MY_NUMBER, *DIGITS)
    again = _later((MY_NUMBER[-1], *DIGITS, *THANKS), begin)
    faults = (
        f"text={first}@bytes={2 * SECOND}",
        f"reset@bytes={2 * SECOND + 6400}",
        f"text={_turn('EndOfTurn', 2.5, 'is 5501 thank you', *again)}@bytes={3 * SECOND},streams=2",
    )
    async with flux_path(*faults) as path:
        async with flux_running(flux(path, client_config=SHORT_REPLAY)) as pipeline:
            await pipeline.speak(bytes(4 * SECOND), speed=10)
            await pipeline.until(lambda p: p.finals)
    assert [frame.text for frame in pipeline.finals] == ["my number is 5501 thank you"]


async def test_text_without_spaces_goes_on_without_any_after_a_lost_stream() -> None:
    today = ("今日 0.1 0.3", "は 0.3 0.4", "いい 0.5 0.7", "天気 0.7 1.2")
    again = _later((*today[2:], "です。 1.9 2.3"), 0.45)
    faults = (
        f"text={_turn('StartOfTurn', 2.0, '今日はいい天気', *today)}@bytes={2 * SECOND}",
        f"reset@bytes={2 * SECOND + 6400}",
        f"text={_turn('EndOfTurn', 2.5, 'いい天気です。', *again)}@bytes={3 * SECOND},streams=2",
    )
    async with flux_path(*faults) as path:
        async with flux_running(flux(path, client_config=SHORT_REPLAY)) as pipeline:
            await pipeline.speak(bytes(4 * SECOND), speed=10)
            await pipeline.until(lambda p: p.finals)
    assert [frame.text for frame in pipeline.finals] == ["今日はいい天気です。"]
