# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the offline bot, without a browser."""

import asyncio
import shutil
import socket
import sys
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from examples.offline.connection_state import ConnectionState, break_message
from examples.offline.stand_ins import EchoLLM, LocalTTS, answer_to
from examples.offline.voices import SAMPLE_RATE, FliteVoice, HummingVoice, find_voice
from examples.offline.web import build_app
from pipecat.frames.frames import (
    LLMContextFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.tests.utils import run_test

from pipecat_sagemaker_deepgram import (
    Connected,
    GivenUp,
    Lost,
    RejectedError,
    RetryScheduled,
    StreamChanged,
    StreamIdentity,
    StreamLostError,
)
from pipecat_sagemaker_deepgram.emulator import FaultScript, StreamRecord

from .offline_bot import ROOT


async def answer(*messages: tuple[str, str]) -> str:
    context = LLMContext()
    for role, text in messages:
        context.add_message({"role": role, "content": text})  # type: ignore[arg-type]
    down, _ = await run_test(EchoLLM(), frames_to_send=[LLMContextFrame(context)])
    return "".join(frame.text for frame in down if isinstance(frame, LLMTextFrame))


async def test_the_stand_in_for_a_language_model_repeats_what_was_said_last() -> None:
    said = await answer(("user", "Good day."), ("assistant", "Hm."), ("user", "Two tickets."))
    assert said.startswith("You said: Two tickets. ")


async def test_it_greets_who_has_said_nothing() -> None:
    assert await answer() == answer_to("")


async def test_the_stand_in_for_a_voice_speaks_as_long_as_its_voice_does() -> None:
    voice = HummingVoice()
    down, _ = await run_test(LocalTTS(voice), frames_to_send=[TTSSpeakFrame("A sentence.")])
    sound = b"".join(frame.audio for frame in down if isinstance(frame, TTSAudioRawFrame))
    assert sound == await voice.speak("A sentence.")
    assert len(sound) > SAMPLE_RATE


async def test_flite_speaks_where_it_is_installed() -> None:
    program = shutil.which("flite")
    if program is None:
        pytest.skip("flite is not installed: run scripts/system-deps as root")
    assert isinstance(find_voice(), FliteVoice)
    short, long = [await FliteVoice(program).speak(text) for text in ("One.", "One, two, three.")]
    assert SAMPLE_RATE // 2 < len(short) < len(long)


CAUSE = StreamLostError("cut")


def connected(stream: int, again: float = 0.0, **fields: Any) -> Connected:
    identity = StreamIdentity(request_id=f"r{stream}")
    return Connected(stream, identity, 0.1, again, is_first=stream == 1, **fields)


def test_the_page_shows_what_became_of_the_stream() -> None:
    state = ConnectionState()
    for event in (connected(1), Lost(1, CAUSE), RetryScheduled(1, 0.25, CAUSE)):
        state = state.after(event)
    assert (state.status, state.detail) == ("lost", "attempt 1 in 0.2 s")
    for event in (connected(2, 2.0), Lost(2, CAUSE), connected(3, 1.5)):
        state = state.after(event)
    assert state.message() == {
        "kind": "connection",
        "status": "connected",
        "detail": "recovered, 1.5 s sent again",
        "streams_lost": 2,
        "replayed_seconds": 3.5,
        "request_id": "r3",
    }
    refused = state.after(GivenUp(CAUSE, 0.0))
    assert (refused.status, refused.detail) == ("refused", "trying again now and then")
    rotated = state.after(
        StreamChanged(4, "rotation", 0.0, identity=StreamIdentity(request_id="r4"))
    )
    assert (rotated.streams_lost, rotated.request_id) == (2, "r4")


def test_a_break_is_reported_twice() -> None:
    assert break_message(connected(1)) is None
    assert break_message(Lost(1, CAUSE)) == {
        "kind": "break",
        "text": "stream lost",
        "state": "lost",
    }
    assert break_message(connected(2, 3.1, outage_seconds=0.3)) == {
        "kind": "break",
        "text": "stream lost, replaced after 0.3 s, 3.1 s sent again",
        "state": "replaced",
    }
    lossy = break_message(connected(2, 0.0, outage_seconds=60.0, dropped_seconds=30.0))
    assert lossy is not None
    assert lossy["text"] == "stream lost, replaced after 60.0 s, 30.0 s lost"
    cause = RejectedError("No such endpoint", status_code=400, advice="Check its name.")
    assert break_message(GivenUp(cause, 0.0)) == {
        "kind": "break",
        "text": "No such endpoint. Check its name.",
        "state": "refused",
    }


async def test_a_page_breaks_its_own_stream_alone() -> None:
    faults = FaultScript()
    streams = [
        StreamRecord(3, 1, request_id="theirs"),
        StreamRecord(4, 2, request_id="mine"),
        StreamRecord(5, 2, request_id="over", ended="fault"),
    ]
    runner = web.AppRunner(build_app("flux", faults, lambda: streams))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as browser:
        assert "Offline bot" in await (await browser.get("/")).text()
        assert await (await browser.get("/api/model")).json() == {"model": "flux"}
        for fault, name, status in (
            ("drop@seconds=0", "mine", 204),
            ("drop@seconds=0", "over", 409),
            ("hiccup", "mine", 400),
        ):
            done = await browser.post("/api/faults", json={"fault": fault, "request_id": name})
            assert done.status == status
            assert (fault in await done.text()) == (status == 400)
    await runner.cleanup()
    assert [fault.stream for fault in faults.faults] == [4]


async def test_a_port_that_is_taken_is_reported_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, reported = await start_bot("--port", str(port))
    assert code == 1
    assert reported.startswith(f"error: port {port} cannot be used: Address already in use. Choose")
    assert reported.count("\n") == 1


async def test_a_port_that_is_none_is_wrong_usage() -> None:
    code, reported = await start_bot("--port", "99999")
    assert code == 2
    assert "99999 is not a port" in reported


async def start_bot(*arguments: str) -> tuple[int | None, str]:
    """Start ``python -m examples.offline``; its exit code, and what it says on stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "examples.offline", *arguments),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, reported = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, reported.decode()
