# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech on streams: v1/speak and v2/speak over real sockets."""

import json

import numpy as np
import pytest
from deepgram.speak.v1.types import SpeakV1Metadata
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.audio.pcm import decode
from pipecat_sagemaker_deepgram.container import HibariSynthesizer

from .voices import FLUSH, Beeps, say, speak, speaking_container, talking

V1 = "/v1/speak"
V2 = "/v2/speak?model=flux-heather-en"


def milliseconds(audio: bytes, rate: int = 24000, width: int = 2) -> float:
    return len(audio) / width / rate * 1000


async def refusal(url: str) -> tuple[int, dict]:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url)
    response = refused.value.response
    return response.status_code, json.loads(response.body)


# v1/speak


async def test_text_is_spoken_and_each_flush_is_answered_after_its_speech():
    async with speaking_container() as container:
        heard = await say(container, V1, speak("Hello there. "), FLUSH, speak("More"), FLUSH)
    assert heard.kinds == ["Metadata", "audio", "Flushed", "audio", "Flushed"]
    assert [m["sequence_id"] for m in heard.of("Flushed")] == [0, 1]
    assert milliseconds(heard.audio) == (5 + 5 + 4) * 50
    assert heard.close_code == 1000
    metadata = SpeakV1Metadata.model_validate(heard.messages[0])
    assert metadata.model_name == "beeps"


async def test_a_whole_sentence_is_spoken_before_the_flush():
    async with speaking_container() as container, talking(container, V1) as talk:
        await talk.say(speak("One. T"), speak("wo"))
        await talk.wait_for("audio")
        await talk.say({"type": "Close"})
        heard = await talk.hear_out()
    assert milliseconds(heard.audio) == (3 + 3) * 50


async def test_clear_drops_what_was_not_sent_and_nothing_of_it_follows():
    async with speaking_container(speech_pace=0.1) as container, talking(container, V1) as talk:
        await talk.say(speak("A long sentence that takes more than a second to speak. " * 3), FLUSH)
        await talk.wait_for("audio")
        await talk.say({"type": "Clear"})
        await talk.wait_for("Cleared")
        count = len(talk.heard.items)
        await talk.say({"type": "Close"})
        heard = await talk.hear_out()
    assert heard.items[count:] == []
    assert milliseconds(heard.audio) < 3000


@pytest.mark.parametrize(
    ("query", "rate", "width"),
    [
        ("encoding=linear16&sample_rate=16000", 16000, 2),
        ("encoding=linear16&sample_rate=48000", 48000, 2),
        ("encoding=mulaw", 8000, 1),
        ("encoding=alaw&sample_rate=16000", 16000, 1),
    ],
)
async def test_speech_has_the_encoding_that_was_asked_for(query, rate, width):
    async with speaking_container() as container:
        heard = await say(container, f"{V1}?{query}", speak("abcdefghij"), FLUSH)
    encoding = query.split("&")[0].removeprefix("encoding=")
    assert milliseconds(heard.audio, rate, width) == pytest.approx(500, abs=5)
    level = np.abs(decode(heard.audio, encoding).astype(int)).max()
    assert level == pytest.approx(16384, rel=0.05)


async def test_speed_shortens_speech():
    async with speaking_container() as container:
        heard = await say(container, f"{V1}?speed=1.25", speak("abcdefghij"))
    assert milliseconds(heard.audio) == pytest.approx(400, abs=1)


async def test_too_many_flushes_are_warned_of_and_not_taken():
    async with speaking_container() as container:
        heard = await say(container, V1, *[FLUSH] * 22)
    assert len(heard.of("Flushed")) == 20
    assert [m["code"] for m in heard.of("Warning")] == ["EXCESSIVE_FLUSH"] * 2


@pytest.mark.parametrize(
    ("frame", "code", "reason"),
    [
        ("{", 1003, "MESSAGE-0000"),
        ("[]", 1003, "MESSAGE-0000"),
        ('{"type":"Sing"}', 1003, "MESSAGE-0000"),
        ('{"type":"Speak"}', 1003, "MESSAGE-0000"),
        (b"\x00\xff", 1003, "MESSAGE-0000"),
        ('{"type":"Speak","text":""}', 1008, "DATA-0000"),
        (json.dumps({"type": "Speak", "text": "x" * 2001}), 1009, "BIG-0001"),
    ],
)
async def test_a_message_that_cannot_be_taken_closes_the_connection(frame, code, reason):
    async with speaking_container() as container, talking(container, V1) as talk:
        await talk.websocket.send(frame)
        heard = await talk.hear_out()
    assert heard.close_code == code
    assert (heard.close_reason or "").startswith(reason)


async def test_a_client_that_says_nothing_is_closed():
    async with speaking_container(speech_idle_timeout=0.1) as container:
        async with talking(container, V1) as talk:
            heard = await talk.hear_out()
    assert (heard.close_code, (heard.close_reason or "")[:8]) == (1011, "NET-0004")


async def test_a_connection_lasts_no_longer_than_it_may():
    async with speaking_container(longest_speech=0.1) as container:
        async with talking(container, V1) as talk:
            heard = await talk.hear_out()
    assert (heard.close_code, (heard.close_reason or "")[:8]) == (1011, "NET-0003")


async def test_characters_in_a_minute_are_limited_where_that_is_wanted():
    long = speak("x" * 1500)
    async with speaking_container() as container:
        assert (await say(container, V1, long, long)).close_code == 1000
    async with speaking_container(limits_characters=True) as container:
        heard = await say(container, V1, long, long)
    assert (heard.close_code, (heard.close_reason or "")[:9]) == (1008, "DATA-0001")


async def test_unknown_parameters_are_passed_over_and_impossible_ones_refused():
    async with speaking_container() as container:
        assert (await say(container, f"{V1}?bogus=1", speak("a"))).close_code == 1000
        for query in ("model=aura-2-sirio-es", "encoding=mp3", "sample_rate=44100", "speed=2"):
            status, body = await refusal(f"{container.url}{V1}?{query}")
            assert status == 400, query
            assert set(body) == {"err_code", "err_msg", "request_id"}


async def test_inline_pronunciations_are_warned_of_and_the_word_is_spoken():
    voice = Beeps()
    text = 'Take \\{"word": "dupilumab", "pronounce": "dupilumab"} now'
    async with speaking_container(voice) as container:
        heard = await say(container, V1, speak(text))
    assert voice.spoken == ["Take dupilumab now"]
    assert heard.of("Warning")[0]["code"] == "INPUT_MARKUP_STRIPPED"


async def test_text_comes_in_pieces_of_any_size():
    voice = Beeps()
    text = "Dr. Who said: no! Then, he left."
    async with speaking_container(voice) as container:
        await say(container, V1, *[speak(letter) for letter in text], FLUSH)
    assert "".join(voice.spoken) == text


# v2/speak


async def test_a_turn_lies_between_its_start_and_its_metadata():
    async with speaking_container() as container:
        heard = await say(
            container, V2, speak("Hello. "), speak("You."), FLUSH, speak("Again."), FLUSH
        )
    turn = ["SpeechStarted", "audio", "Flushed", "SpeechMetadata"]
    assert heard.kinds == ["Connected", *turn, *turn, "SessionMetadata"]
    first, second = heard.of("SpeechMetadata")
    assert first["speech_id"] != second["speech_id"]
    assert first["speech_id"].startswith("dg_sp_")
    assert first["audio_duration_ms"] == (5 + 3) * 50
    assert first["input_character_count"] == len("Hello. You.")
    total = heard.of("SessionMetadata")[0]
    assert total["total_audio_duration_ms"] == milliseconds(heard.audio)
    assert total["total_input_character_count"] == len("Hello. You.Again.")
    assert heard.close_code == 1000


async def test_close_finishes_the_open_turn():
    async with speaking_container() as container:
        heard = await say(container, V2, speak("Not flushed"))
    assert heard.kinds[-3:] == ["Flushed", "SpeechMetadata", "SessionMetadata"]


async def test_an_interrupt_says_what_was_heard_and_what_was_not():
    text = "One two three four five six seven eight nine ten. " * 2
    async with speaking_container(speech_pace=0.01) as container, talking(container, V2) as talk:
        await talk.say(speak(text), FLUSH)
        while sum(isinstance(item, bytes) for item in talk.heard.items) < 8:
            await talk.wait_for("audio")
        offset = {"type": "time_ms", "value": 500}
        await talk.say({"type": "Interrupt", "playback_offset": offset})
        interrupted = await talk.wait_for("SpeechInterrupted")
        await talk.say(speak("And on."), FLUSH, {"type": "Close"})
        heard = await talk.hear_out()
    assert isinstance(interrupted, dict)
    assert interrupted["audio_played_ms"] == 500
    assert interrupted["text_spoken"] + interrupted["text_remaining"] == text
    assert interrupted["text_spoken"] in ("One two ", "One two three ")
    assert [m["type"] for m in heard.messages].count("SpeechMetadata") == 1
    assert heard.of("SessionMetadata")[0]["total_audio_duration_ms"] == 500 + 5 * 50


async def test_an_interrupt_without_an_offset_counts_what_was_sent():
    async with speaking_container(speech_pace=0.01) as container, talking(container, V2) as talk:
        await talk.say(speak("A sentence that is longer than its head start is. "), FLUSH)
        await talk.wait_for("audio")
        await talk.say({"type": "Interrupt"})
        interrupted = await talk.wait_for("SpeechInterrupted")
        await talk.say({"type": "Close"})
        heard = await talk.hear_out()
    assert isinstance(interrupted, dict)
    assert "text_spoken" not in interrupted
    assert interrupted["audio_played_ms"] == milliseconds(heard.audio)


async def test_what_is_idle_or_empty_is_warned_of():
    async with speaking_container() as container:
        heard = await say(container, V2, FLUSH, {"type": "Interrupt"}, speak("..."), FLUSH)
    codes = [message["code"] for message in heard.of("Warning")]
    assert codes == ["NO_ACTIVE_SPEECH", "NO_ACTIVE_SPEECH", "NO_SYNTHESIZABLE_TEXT"]
    assert heard.of("SpeechMetadata")[0]["audio_duration_ms"] == 0


async def test_the_speed_changes_from_the_next_sentence_on():
    async with speaking_container() as container:
        heard = await say(
            container, V2, {"type": "Configure", "speed": 1.1}, speak("abcdefghijk"), FLUSH,
            {"type": "Configure", "speed": 3}, {"type": "Configure", "speed": 1.01},
        )  # fmt: skip
    assert heard.of("ConfigureSuccess") == [{"type": "ConfigureSuccess", "applied": {"speed": 1.1}}]
    assert [m["code"] for m in heard.of("ConfigureFailure")] == [
        "SPEED_OUT_OF_RANGE",
        "SPEED_INCREMENT_INVALID",
    ]
    assert milliseconds(heard.audio) == pytest.approx(500, abs=2)


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        '{"type":"Clear"}',
        '{"type":"Speak","text":"a","voice":"b"}',
        '{"type":"Interrupt","playback_offset":500}',
        '{"type":"Interrupt","playback_offset":{"type":"bytes","value":1}}',
        '{"type":"Configure","speed":"fast"}',
    ],
)
async def test_what_is_not_understood_is_an_error_and_the_end(frame):
    async with speaking_container() as container, talking(container, V2) as talk:
        await talk.websocket.send(frame)
        heard = await talk.hear_out()
    assert heard.of("Error")[0]["code"] == "MESSAGE-0000"
    assert heard.close_code == 1003


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "INVALID_QUERY_PARAMETER"),
        ("model=aura-2-thalia-en", "Bad Request"),
        ("model=flux-heather-en&bogus=1", "unsupported_parameter"),
        ("model=flux-heather-en&container=wav", "unsupported_parameter"),
        ("model=flux-heather-en&speed=1.3", "SPEED_OUT_OF_RANGE"),
        ("model=flux-heather-en&speed=1.01", "SPEED_INCREMENT_INVALID"),
        ("model=flux-heather-en&expressivity=3", "EXPRESSIVITY_OUT_OF_RANGE"),
        ("model=flux-heather-en&expressivity=1", "Bad Request"),
        ("model=flux-heather-en&encoding=mulaw&sample_rate=24000", "UNSUPPORTED_AUDIO_FORMAT"),
    ],
)
async def test_a_wrong_query_is_refused(query, code):
    async with speaking_container() as container:
        status, body = await refusal(f"{container.url}/v2/speak?{query}")
    assert (status, body["err_code"]) == (400, code)


# The real voice


@pytest.mark.speech
async def test_the_real_voice_speaks_and_names_itself():
    async with speaking_container(HibariSynthesizer()) as container:
        heard = await say(container, V1, speak("Good morning, how can I help you?"), FLUSH)
    assert heard.messages[0]["model_name"] == "hibari-heart"
    samples = decode(heard.audio, "linear16").astype(float)
    assert 1.0 < len(samples) / 24000 < 4.0
    assert np.sqrt(np.mean(samples**2)) > 150
