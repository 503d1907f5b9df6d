# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the offline bot, without a browser."""

import asyncio
import shutil
import socket
import sys

import aiohttp
import pytest
from aiohttp import web
from examples.offline.connection_state import ConnectionState
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

from pipecat_sagemaker_deepgram.emulator import FaultScript

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


def test_the_page_is_told_what_became_of_the_stream() -> None:
    state = ConnectionState().connected().disconnected().reconnecting(1, 0.25)
    assert (state.status, state.detail) == ("lost", "attempt 1 in 0.2 s")
    state = state.connected().reconnected(2.0).disconnected().connected().reconnected(1.5)
    assert state.message() == {
        "kind": "connection",
        "status": "connected",
        "detail": "recovered, 1.5 s sent again",
        "streams_lost": 2,
        "replayed_seconds": 3.5,
    }
    assert state.failed("no such endpoint").detail == "no such endpoint"
    assert state.changed("rotation").streams_lost == 2


async def test_the_page_adds_faults_and_is_told_of_those_that_do_not_exist() -> None:
    faults = FaultScript()
    runner = web.AppRunner(build_app("flux", faults))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as browser:
        assert "Offline bot" in await (await browser.get("/")).text()
        assert await (await browser.get("/api/model")).json() == {"model": "flux"}
        done = await browser.post("/api/faults", json={"fault": "drop@seconds=0,streams=next"})
        assert done.status == 204
        refused = await browser.post("/api/faults", json={"fault": "hiccup"})
        assert refused.status == 400
        assert "hiccup" in await refused.text()
    await runner.cleanup()
    assert len(faults.faults) == 1


async def test_a_port_that_is_taken_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, told = await start_bot("--port", str(port))
    assert code == 1
    assert told.startswith(f"error: port {port} cannot be used: Address already in use. Choose")
    assert told.count("\n") == 1


async def test_a_port_that_is_none_is_wrong_usage() -> None:
    code, told = await start_bot("--port", "99999")
    assert code == 2
    assert "99999 is not a port" in told


async def start_bot(*arguments: str) -> tuple[int | None, str]:
    """Start ``python -m examples.offline``; its exit code, and what it says on stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "examples.offline", *arguments),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, told.decode()
