# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The real recogniser on human speech, over real WebSockets."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    MoonshineRecognizer,
    RecognizerUnavailableError,
)
from tests.speech_clips import (
    NO_PROMPTS,
    Clip,
    excerpts,
    human_clips,
    plain,
    telephone_prompts,
    two_cities,
    word_error_rate,
)

from ...conversation import (
    CLOSE_STREAM,
    converse,
    count_pings,
    cut,
    hear_out,
    listening,
    listening_for_turns,
    talk,
)
from ...v2.turn_rules import finished_turns, largest_gap

SECOND = bytes(32000)


def recognises_speech(test: Callable) -> Callable:
    """Mark a test that recognises speech in the container that all such tests share."""
    return pytest.mark.speech(pytest.mark.asyncio(loop_scope="module")(test))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container() -> AsyncIterator[ModelContainer]:
    async with ModelContainer(MoonshineRecognizer()) as running:
        await running.wait_until_ready()
        yield running


@recognises_speech
async def test_prose_is_understood(container: ModelContainer):
    reply = await converse(container.url, cut(two_cities().linear16()), "&endpointing=300")
    assert word_error_rate([(two_cities(), reply.text)]) <= 0.10
    assert reply.messages[-1]["duration"] == pytest.approx(44.37, abs=0.01)


@recognises_speech
async def test_every_human_clip_is_understood(container: ModelContainer):
    heard = [
        (clip, (await converse(container.url, cut(clip.linear16()))).text)
        for clip in human_clips()[1:]
    ]
    assert len(heard) >= 3
    assert word_error_rate(heard) <= 0.10


@recognises_speech
async def test_telephone_prompts_are_understood_exactly_at_8_khz(container: ModelContainer):
    prompts = telephone_prompts()[:3]
    if not prompts:
        pytest.skip(NO_PROMPTS)
    for prompt in prompts:
        frames = cut(prompt.linear16(8000), 320)
        reply = await converse(container.url, frames, sample_rate=8000)
        assert plain(reply.text) == plain(prompt.text)


@recognises_speech
async def test_finals_follow_each_other_and_words_have_times_inside_the_audio(
    container: ModelContainer,
):
    frames = cut(excerpts()[0].linear16() + SECOND)
    finals = (await converse(container.url, frames, "&endpointing=300&punctuate=true")).finals
    ends = [final["start"] + final["duration"] for final in finals]
    assert [final["start"] for final in finals] == pytest.approx([0.0, *ends[:-1]], abs=1e-5)
    assert any(final["speech_final"] for final in finals)
    words = [w for final in finals for w in final["channel"]["alternatives"][0]["words"]]
    times = [time for word in words for time in (word["start"], word["end"])]
    assert times == sorted(times)
    assert 0 < times[0] < times[-1] < ends[-1]
    assert words[0]["punctuated_word"] == "It"


@recognises_speech
async def test_two_connections_at_once_hear_what_each_hears_alone(container: ModelContainer):
    """Interims may be skipped when both want to decode; finals may not."""
    first, second = (cut(clip.linear16())[:250] for clip in excerpts()[:2])
    alone = [await converse(container.url, frames) for frames in (first, second)]
    together = await asyncio.gather(
        *(converse(container.url, frames) for frames in (first, second, first))
    )
    assert [r.text for r in together] == [alone[0].text, alone[1].text, alone[0].text]


@recognises_speech
async def test_pings_are_answered_all_the_while_before_the_final(container: ModelContainer):
    async with listening(container.url, "&endpointing=false") as websocket:
        hearing = asyncio.create_task(hear_out(websocket))
        await websocket.send(excerpts()[0].linear16())
        await websocket.send(CLOSE_STREAM)
        answered = await count_pings(websocket, hearing)
        assert "best of times" in plain((await hearing).text)
    assert answered > 30


@recognises_speech
async def test_silence_has_no_text(container: ModelContainer):
    reply = await converse(container.url, cut(SECOND * 10))
    assert reply.text == ""
    assert reply.finals
    assert all(not m["channel"]["alternatives"][0]["words"] for m in reply.messages[:-1])


def _with_pauses(clips: list[Clip]) -> bytes:
    return SECOND + b"".join(clip.linear16() + 2 * SECOND for clip in clips)


@recognises_speech
async def test_turns_are_heard_whole_and_none_spans_a_long_pause(container: ModelContainer):
    clips = excerpts()
    reply = await talk(container.url, cut(_with_pauses(clips), 2560), "&eager_eot_threshold=0.4")
    turns = finished_turns(reply.messages, eager=True)
    assert len(turns) >= 3
    said = Clip("all", " ".join(clip.text for clip in clips), clips[0].path)
    assert word_error_rate([(said, " ".join(turns))]) <= 0.10
    ends = [m["audio_window_end"] for m in reply.messages if m.get("event") == "EndOfTurn"]
    begins = 1.0
    for clip in clips:
        begins += len(clip.linear16()) / 32000 + 2
        assert any(begins - 2 < end <= begins for end in ends)
    assert largest_gap(reply.messages) <= 0.26


@recognises_speech
async def test_each_telephone_prompt_is_one_turn(container: ModelContainer):
    prompts = telephone_prompts()
    if not prompts:
        pytest.skip(NO_PROMPTS)
    reply = await talk(container.url, cut(_with_pauses(prompts), 2560))
    turns = finished_turns(reply.messages)
    assert len(turns) == len(prompts)
    assert word_error_rate(list(zip(prompts, turns, strict=True))) <= 0.05


@recognises_speech
async def test_words_of_a_turn_come_while_it_is_spoken(container: ModelContainer):
    frames = cut(_with_pauses(excerpts()[:1])[: 32000 * 6], 2560)
    heard: list[str] = []
    async with listening_for_turns(container.url) as websocket, asyncio.timeout(30):
        hearing = asyncio.create_task(
            hear_out(websocket, lambda message: heard.append(message.get("event", "")))
        )
        for frame in frames:
            await asyncio.sleep(0.08)
            await websocket.send(frame)
        before_the_end = list(heard)
        await websocket.send(CLOSE_STREAM)
        await hearing
    assert "StartOfTurn" in before_the_end
    assert before_the_end.count("Update") > 10


@pytest.mark.speech
async def test_no_thread_and_no_task_is_left_when_a_container_closes():
    before = set(threading.enumerate())
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready()
        await converse(container.url, cut(excerpts()[1].linear16()[:96000]))
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("package", ["moonshine_voice", "onnxruntime"])
def test_a_missing_package_is_named_with_how_to_install_it(
    package: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RecognizerUnavailableError, match=r"pip install .*\[local\]") as missing:
        MoonshineRecognizer().load()
    assert package.replace("_", "-") in str(missing.value)


def test_a_package_without_weights_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("moonshine_voice.utils.get_model_path", lambda name: str(tmp_path / name))
    with pytest.raises(RecognizerUnavailableError, match="holds no tiny-en model"):
        MoonshineRecognizer().load()


@pytest.mark.parametrize(
    ("language", "known"), [("en", True), ("en-GB", True), ("multi", True), ("es", False)]
)
def test_it_understands_english(language: str, known: bool):
    assert MoonshineRecognizer().supports_language(language) is known


def test_it_wants_16_khz_whatever_comes():
    assert MoonshineRecognizer().wanted_sample_rate(8000) == 16000
