# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every recoverable fault, on real sockets: no word lost, none repeated, times running on."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ..fault_tables import first_column
from ..local_path import WORD_SECONDS, local_path, marked_audio, speak, transcribe, words
from .fault_cases import COUNT, STREAM_FAULTS, StreamFault
from .test_connecting import FAULTS

LAGS = (0.65, 3.0)


def _threads() -> set[str]:
    """Every thread but those of the event loop's own pool."""
    return {t.name for t in threading.enumerate() if not t.name.startswith("asyncio_")}


@pytest.mark.parametrize("lag", LAGS, ids=lambda lag: f"{lag} s late")
@pytest.mark.parametrize("case", STREAM_FAULTS, ids=lambda case: case.name)
async def test_every_word_is_heard_once(
    case: StreamFault, lag: float, record_property: Callable[[str, object], None]
) -> None:
    async def go_on(client: SageMakerBidiClient) -> None:
        for step in case.then:
            if isinstance(step, bytes):
                await speak(client, step)
            else:
                await client.send_text(step, kind="Finalize")

    threads = _threads()
    behavior = ScriptedBehavior(final_interval=0.95, final_lag=lag, max_speed=case.max_speed)
    expected = words(0, COUNT + case.more)
    async with local_path(*case.faults, behavior=behavior, settings=case.settings) as path:
        heard = await transcribe(path, marked_audio(0, COUNT), config=case.config, meanwhile=go_on)
    assert heard.words == expected
    for index, start in enumerate(heard.starts):
        at = index * WORD_SECONDS + (case.pause if index >= COUNT else 0.0)
        assert start == pytest.approx(at, abs=WORD_SECONDS / 2 + 0.01)
    lost = [event for event in heard.events if isinstance(event, events.Lost)]
    assert case.allows(len(lost))
    assert heard.events[-1] == events.Closed(lost_seconds=0.0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert _threads() == threads
    if lag < max(LAGS):
        return
    record_property("table", "faults")
    record_property("fault", case.name)
    record_property("words lost", len(set(expected) - set(heard.words)))
    record_property("words repeated", len(heard.words) - len(set(heard.words)))
    record_property("streams lost", len(lost))


def test_the_page_has_these_cases_first() -> None:
    cases = FAULTS + [case.name for case in STREAM_FAULTS]
    assert first_column("faults")[: len(cases)] == cases
