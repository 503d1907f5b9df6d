# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every recoverable fault, on real sockets: no word lost, none repeated, times running on."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig, SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.emulator import EmulatorSettings

from ..local_path import RATE, WORD_SECONDS, local_path, marked_audio, speak, transcribe, words
from .conftest import first_column
from .test_connecting import FAULTS

COUNT = 50
LAGS = (0.65, 3.0)


@dataclass(frozen=True)
class Case:
    """A fault that a session survives.

    Parameters:
        name: What it is called in README's table.
        faults: The emulator's script.
        losses: Streams that are lost by it.
        config: The client's configuration.
        settings: The emulator's.
        max_speed: How many times faster than real time the container takes audio.
        more: Words that ``then`` says.
        then: What happens after the first ``COUNT`` words.
    """

    name: str
    faults: tuple[str, ...]
    losses: int = 1
    config: ClientConfig | None = None
    settings: EmulatorSettings | None = None
    max_speed: float | None = None
    more: int = 0
    then: Callable[[SageMakerBidiClient], Awaitable[None]] | None = None


async def _finalize_and_go_on(client: SageMakerBidiClient) -> None:
    await client.send_text(FINALIZE, kind="Finalize")
    await speak(client, marked_audio(COUNT, 20))


async def _pause_and_go_on(client: SageMakerBidiClient) -> None:
    await speak(client, bytes(RATE * 4))
    await speak(client, marked_audio(COUNT, 20))


async def _go_on(client: SageMakerBidiClient) -> None:
    await speak(client, marked_audio(COUNT, 20))


# A stream may last 1.2 s here instead of 30 minutes.
SHORT = EmulatorSettings(time_scale=30 * 60 / 1.2)
NO_ROTATION = ClientConfig(rotate_after=None)
ROTATION = ClientConfig(rotate_after=0.5, rotate_jitter=0.0, rotate_by=1.0)
ROTATION_IN_A_PAUSE = ClientConfig(rotate_after=0.5, rotate_jitter=0.0, rotate_by=60.0)

QUICK_STALL = ClientConfig(stall_timeout=0.4)
QUICK_SEND = ClientConfig(send_timeout=0.4, stall_timeout=0.6)

CASES = [
    Case("END_STREAM not asked for", ("end@bytes=60000",)),
    Case("RST_STREAM", ("reset@bytes=60000",)),
    Case("connection dropped", ("drop@bytes=60000",)),
    Case("GOAWAY", ("goaway@bytes=60000",)),
    Case("ModelStreamError", ("model-stream-error@bytes=60000",)),
    Case("InternalStreamFailure", ("internal-stream-failure@bytes=60000",)),
    Case("an unmodelled error event", ("error@bytes=60000",)),
    Case(
        "Deepgram's own Error",
        ('text={"type":"Error","variant":"InternalError","description":"d"}@bytes=60000',),
    ),
    Case("an event with a bad checksum", ("bad-checksum@bytes=60000",)),
    Case("an event cut in half", ("cut@bytes=60000",)),
    Case(
        "a peer that goes silent while speech flows", ("silence@bytes=60000",), config=QUICK_STALL
    ),
    Case("a peer that stops reading", ("stop-reading@bytes=60000",), config=QUICK_SEND),
    Case("two in a row", ("reset@bytes=60000", "drop@bytes=20000,streams=2"), losses=2),
    Case(
        "one during a replay",
        ("reset@bytes=60000", "reset@bytes=4000,streams=2"),
        losses=2,
    ),
    Case("one during drain", ("reset@control=CloseStream",)),
    Case("messages in PARTIAL parts", ("fragment=7:inside-characters@seconds=0",), losses=0),
    Case("a message of 1 MiB", ("big@bytes=60000",), losses=0),
    Case(
        "unknown and malformed messages", ("malformed@bytes=40000", "unknown-event@bytes=60000"), 0
    ),
    Case("a first connect of 3 s", ("late=3@connect",), losses=0),
    Case("a container that throttles the replay", ("reset@bytes=60000",), max_speed=8.0),
    Case(
        "one between Finalize and its answer",
        ("reset@control=Finalize",),
        more=20,
        then=_finalize_and_go_on,
    ),
    Case("the 30-minute end", (), settings=SHORT, config=NO_ROTATION, more=20, then=_go_on),
    Case(
        "before the 30-minute end, in unbroken speech",
        (),
        losses=0,
        settings=SHORT,
        config=ROTATION,
        more=20,
        then=_go_on,
    ),
    Case(
        "before the 30-minute end, in a pause",
        (),
        losses=0,
        config=ROTATION_IN_A_PAUSE,
        more=20,
        then=_pause_and_go_on,
    ),
]


def _threads() -> set[str]:
    """Every thread but those of the event loop's own pool."""
    return {t.name for t in threading.enumerate() if not t.name.startswith("asyncio_")}


@pytest.mark.parametrize("lag", LAGS, ids=lambda lag: f"{lag} s late")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_word_is_heard_once(
    case: Case, lag: float, record_property: Callable[[str, object], None]
) -> None:
    threads = _threads()
    behavior = ScriptedBehavior(final_interval=0.95, final_lag=lag, max_speed=case.max_speed)
    expected = words(0, COUNT + case.more)
    async with local_path(*case.faults, behavior=behavior, settings=case.settings) as path:
        heard = await transcribe(
            path, marked_audio(0, COUNT), config=case.config, meanwhile=case.then
        )
    assert heard.words == expected
    pause = 4.0 if case.then is _pause_and_go_on else 0.0
    for index, start in enumerate(heard.starts):
        at = index * WORD_SECONDS + (pause if index >= COUNT else 0.0)
        assert start == pytest.approx(at, abs=WORD_SECONDS / 2 + 0.01)
    lost = [event for event in heard.events if isinstance(event, events.Lost)]
    assert len(lost) == case.losses
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
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert _threads() == threads


def test_readme_has_these_cases() -> None:
    assert first_column("faults") == FAULTS + [case.name for case in CASES]
