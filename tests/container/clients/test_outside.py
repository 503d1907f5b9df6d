# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's JavaScript SDK in Node, and LiveKit's Deepgram plugin."""

from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.container import marked_audio

from ..conversation import wav
from .outside import javascript_folder, livekit_python, run_client
from .servers import SERVERS_WITHOUT_AUDIO, Server, each_server

HERE = Path(__file__).parent
SPEECH = marked_audio(0, 20) + bytes(64000)
WORDS = [f"w{index}" for index in range(20)]


async def javascript(server: Server, what: str, tmp_path: Path):
    file = tmp_path / "speech.wav"
    file.write_bytes(wav(SPEECH))
    script = HERE / "deepgram_js.mjs"
    return await run_client("node", script, what, server.http, file, cwd=javascript_folder())


@each_server()
@pytest.mark.parametrize("what", ["v1", "browser"])
async def test_javascript_listens_with_its_key_in_a_header_or_in_the_subprotocol(
    server: Server, what: str, tmp_path: Path
):
    heard = await javascript(server, what, tmp_path)
    finals = [m for m in heard["messages"] if m["type"] == "Results" and m["is_final"]]
    text = " ".join(m["channel"]["alternatives"][0]["transcript"] for m in finals)
    assert text.split() == WORDS
    assert (heard["code"], heard["opened"]) == (1000, 1)


@each_server()
async def test_javascript_hears_turns(server: Server, tmp_path: Path):
    heard = await javascript(server, "v2", tmp_path)
    turns = [m for m in heard["messages"] if m.get("event") == "EndOfTurn"]
    assert [turn["transcript"].split() for turn in turns] == [WORDS]
    assert heard["code"] == 1005


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_javascript_sends_a_recording_in_chunks(server: Server, tmp_path: Path):
    answer = await javascript(server, "file", tmp_path)
    (alternative,) = answer["results"]["channels"][0]["alternatives"]
    assert alternative["transcript"].split() == WORDS


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_javascript_speaks(server: Server, tmp_path: Path):
    heard = await javascript(server, "speak", tmp_path)
    assert [m["type"] for m in heard["messages"]] == ["Metadata", "Flushed"]
    assert (heard["audioBytes"], heard["code"]) == (24000, 1000)


@each_server("container", "broken")
async def test_livekit_listens_and_speaks(server: Server, tmp_path: Path):
    file = tmp_path / "speech.pcm"
    file.write_bytes(SPEECH)
    script = HERE / "livekit_client.py"
    heard = await run_client(livekit_python(), script, server.url, file, cwd=tmp_path)
    for what in ("stream", "turns", "recording"):
        assert " ".join(heard[what]).split() == WORDS, what
    for what in ("speech", "flux speech"):
        assert heard[what] == pytest.approx(0.5, abs=0.05), what
