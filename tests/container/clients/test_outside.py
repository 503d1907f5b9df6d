# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's JavaScript SDK in Node, and LiveKit's Deepgram plugin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)

from ..conversation import wav
from ..speak.voices import Beeps
from .outside import javascript_folder, livekit_python, run_client

HERE = Path(__file__).parent
BEHAVIOR = ScriptedBehavior(final_interval=1.0, turns=ScriptedTurns(lag=0.1))
SPEECH = marked_audio(0, 20) + bytes(64000)
WORDS = [f"w{index}" for index in range(20)]


@pytest.fixture
async def container() -> AsyncIterator[ModelContainer]:
    async with ModelContainer(ScriptedRecognizer(BEHAVIOR), synthesizer=Beeps()) as container:
        await container.wait_until_ready()
        yield container


async def javascript(container: ModelContainer, what: str, tmp_path: Path):
    file = tmp_path / "speech.wav"
    file.write_bytes(wav(SPEECH))
    http = container.url.replace("ws://", "http://")
    script = HERE / "deepgram_js.mjs"
    return await run_client("node", script, what, http, file, cwd=javascript_folder())


@pytest.mark.parametrize("what", ["v1", "browser"])
async def test_javascript_listens_with_its_key_in_a_header_or_in_the_subprotocol(
    container: ModelContainer, what: str, tmp_path: Path
):
    heard = await javascript(container, what, tmp_path)
    finals = [m for m in heard["messages"] if m["type"] == "Results" and m["is_final"]]
    text = " ".join(m["channel"]["alternatives"][0]["transcript"] for m in finals)
    assert text.split() == WORDS
    assert (heard["code"], heard["opened"]) == (1000, 1)


async def test_javascript_hears_turns(container: ModelContainer, tmp_path: Path):
    heard = await javascript(container, "v2", tmp_path)
    turns = [m for m in heard["messages"] if m.get("event") == "EndOfTurn"]
    assert [turn["transcript"].split() for turn in turns] == [WORDS]
    assert heard["code"] == 1005


async def test_javascript_sends_a_recording_in_chunks(container: ModelContainer, tmp_path: Path):
    answer = await javascript(container, "file", tmp_path)
    (alternative,) = answer["results"]["channels"][0]["alternatives"]
    assert alternative["transcript"].split() == WORDS


async def test_javascript_speaks(container: ModelContainer, tmp_path: Path):
    heard = await javascript(container, "speak", tmp_path)
    assert [m["type"] for m in heard["messages"]] == ["Metadata", "Flushed"]
    assert (heard["audioBytes"], heard["code"]) == (24000, 1000)


async def test_livekit_listens_and_speaks(container: ModelContainer, tmp_path: Path):
    file = tmp_path / "speech.pcm"
    file.write_bytes(SPEECH)
    script = HERE / "livekit_client.py"
    heard = await run_client(livekit_python(), script, container.url, file, cwd=tmp_path)
    for what in ("stream", "turns", "recording"):
        assert " ".join(heard[what]).split() == WORDS, what
    for what in ("speech", "flux speech"):
        assert heard[what] == pytest.approx(0.5, abs=0.05), what
