# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a replay may hold: caps drop the oldest, counted and reported; controls keep their place."""

from pipecat_sagemaker_deepgram.client import ClientConfig, SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE

from ..local_path import Heard, local_path, marked_audio, speak, transcribe, words

LATE_FINALS = ScriptedBehavior(interim_interval=0.1, final_interval=3.0, final_lag=2.0)


def _dropped(heard: Heard) -> list[float]:
    return [event.seconds for event in heard.events if isinstance(event, events.AudioDropped)]


async def test_a_full_ledger_drops_the_oldest_and_says_so_once() -> None:
    config = ClientConfig(max_replay_buffer_bytes=32_000)
    async with local_path("reset@bytes=90000", behavior=LATE_FINALS) as path:
        heard = await transcribe(path, marked_audio(0, 50), config=config)
    assert heard.words[-20:] == words(30, 20)
    assert heard.words == sorted(set(heard.words), key=lambda word: int(word[1:]))
    dropped = _dropped(heard)
    assert dropped
    assert len(heard.words) + round(sum(dropped) / 0.1) >= 49


async def test_without_a_replay_the_first_words_are_still_kept() -> None:
    config = ClientConfig(max_replay_buffer_bytes=0)
    async with local_path("late=1@connect") as path:
        heard = await transcribe(path, marked_audio(0, 30), config=config)
    assert heard.words == words(0, 30)


async def test_without_a_replay_a_lost_stream_costs_what_it_held() -> None:
    config = ClientConfig(max_replay_buffer_bytes=0)
    async with local_path("reset@bytes=60000", behavior=LATE_FINALS) as path:
        heard = await transcribe(path, marked_audio(0, 50), config=config)
    assert heard.words == words(50 - len(heard.words), len(heard.words))
    assert len(heard.words) < 40


async def test_a_stream_cut_between_finalize_and_its_answer_answers_on_the_next() -> None:
    async def go_on(client: SageMakerBidiClient) -> None:
        await client.send_text(FINALIZE, kind="Finalize")
        await speak(client, marked_audio(20, 20))

    async with local_path("reset@control=Finalize") as path:
        heard = await transcribe(path, marked_audio(0, 20), meanwhile=go_on)
    assert heard.words == words(0, 40)
    assert len([event for event in heard.events if isinstance(event, events.Lost)]) == 1
