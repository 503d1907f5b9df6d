# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v1/listen, without a socket."""

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.container import (
    MoonshineRecognizer,
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.container.dialogue import Audio, CloseStream, KeepAlive
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    RecognizerEvent,
    SessionConfig,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.recognizer import ScriptedSession
from pipecat_sagemaker_deepgram.container.v1.listen import ListenV1
from pipecat_sagemaker_deepgram.container.v1.messages import Finalize

SECOND = bytes(32000)


class Dialogue:
    """A dialogue that collects its answers."""

    def __init__(self, query: str = "", behavior: ScriptedBehavior | None = None) -> None:
        recognizer = ScriptedRecognizer(behavior)
        raw = "" if "encoding" in query else "encoding=linear16&sample_rate=16000&"
        self.listen = ListenV1(
            ListenV1.check(raw + query, recognizer),
            recognizer,
            request_id="r-1",
            created="2026-01-01T00:00:00.000+00:00",
        )
        self.answers: list[dict] = []

    def say(self, *frames: str | bytes) -> "Dialogue":
        for frame in frames:
            answers = self.listen.handle(self.listen.parse(frame))
            self.answers += [json.loads(answer) for answer in answers]
        return self

    def close(self) -> list[dict]:
        self.say('{"type":"CloseStream"}')
        return self.answers


def transcript(message: dict) -> str:
    return message["channel"]["alternatives"][0]["transcript"]


def finals(answers: list[dict], *, channel: int = 0) -> list[dict]:
    return [
        answer
        for answer in answers
        if answer.get("is_final") and answer["channel_index"][0] == channel
    ]


def test_interims_come_only_where_asked():
    asked = Dialogue("interim_results=true").say(marked_audio(0, 15)).close()
    not_asked = Dialogue().say(marked_audio(0, 15)).close()
    assert [a["is_final"] for a in asked[:3]] == [False, False, False]
    assert all(a["is_final"] for a in not_asked if a["type"] == "Results")
    assert [transcript(a) for a in finals(asked)] == [transcript(a) for a in finals(not_asked)]


def test_each_final_starts_where_the_one_before_ended():
    found = finals(Dialogue().say(SECOND, marked_audio(0, 30), SECOND * 6).close())
    assert found[0]["start"] == 0
    assert all(b["start"] == pytest.approx(a["start"] + a["duration"]) for a, b in pairwise(found))
    assert any(transcript(final) == "" for final in found)


def test_close_stream_says_everything_then_metadata():
    dialogue = Dialogue("extra=k:v")
    audio = marked_audio(0, 4)
    answers = dialogue.say(audio).close()
    assert [a["type"] for a in answers] == ["Results", "Metadata"]
    assert transcript(answers[0]) == "w0 w1 w2 w3"
    assert answers[0]["from_finalize"] is False
    assert answers[1]["sha256"] == hashlib.sha256(audio).hexdigest()
    assert (answers[1]["duration"], answers[1]["channels"]) == (0.4, 1)
    assert answers[1]["extra"] == {"k": "v"}
    assert dialogue.listen.is_finished


def test_close_stream_without_audio_gives_metadata_of_nothing():
    (only,) = Dialogue().close()
    assert (only["type"], only["duration"], only["channels"]) == ("Metadata", 0.0, 0)
    assert only["sha256"] == hashlib.sha256(b"").hexdigest()


def test_finalize_is_answered_once_and_the_stream_goes_on():
    dialogue = Dialogue().say(marked_audio(0, 3), '{"type":"Finalize"}', marked_audio(3, 2))
    first, second, _ = dialogue.close()
    assert (transcript(first), first["from_finalize"]) == ("w0 w1 w2", True)
    assert (first["is_final"], first["speech_final"]) == (True, True)
    assert (transcript(second), second["from_finalize"]) == ("w3 w4", False)


def test_an_empty_finalize_is_answered_unless_the_recognizer_is_silent():
    (answer,) = Dialogue().say('{"type":"Finalize"}').answers
    assert (transcript(answer), answer["from_finalize"], answer["duration"]) == ("", True, 0.0)
    silent = ScriptedBehavior(answers_empty_finalize=False)
    assert Dialogue("", silent).say('{"type":"Finalize"}').answers == []


def test_keep_alive_is_not_answered_and_adds_no_time():
    dialogue = Dialogue().say('{"type":"KeepAlive"}', marked_audio(0, 1), '{"type":"KeepAlive"}')
    assert dialogue.answers == []
    assert dialogue.close()[-1]["duration"] == 0.1


def test_an_unknown_text_gets_an_error_and_the_stream_goes_on():
    dialogue = Dialogue().say('{"type":"Configure","keyterms":[]}', marked_audio(0, 1))
    error, final, _ = dialogue.close()
    assert (error["type"], error["variant"]) == ("Error", "SchemaError")
    assert transcript(final) == "w0"


def test_speech_started_only_where_asked():
    asked = Dialogue("vad_events=true").say(SECOND, marked_audio(0, 2)).answers
    assert asked == [{"type": "SpeechStarted", "channel": [0, 1], "timestamp": 1.0}]
    assert Dialogue().say(SECOND, marked_audio(0, 2)).answers == []


def test_utterance_end_comes_once_for_a_gap_after_the_words():
    query = "interim_results=true&utterance_end_ms=1000"
    dialogue = Dialogue(query).say(marked_audio(0, 5), SECOND * 5, marked_audio(5, 5), SECOND * 2)
    ends = [a for a in dialogue.answers if a["type"] == "UtteranceEnd"]
    assert [end["last_word_end"] for end in ends] == [0.5, 6.0]
    before = dialogue.answers[dialogue.answers.index(ends[0]) - 1]
    assert before["start"] + before["duration"] == pytest.approx(1.51, abs=0.02)


def test_a_shorter_gap_has_no_utterance_end():
    query = "interim_results=true&utterance_end_ms=1100&endpointing=false"
    dialogue = Dialogue(query).say(marked_audio(0, 5), SECOND, marked_audio(5, 5))
    assert {answer["type"] for answer in dialogue.answers} == {"Results"}


def test_endpointing_sets_speech_final():
    dialogue = Dialogue("endpointing=300").say(marked_audio(0, 5), SECOND[:9000], SECOND[:1000])
    assert [(transcript(f), f["speech_final"]) for f in finals(dialogue.answers)] == [
        ("w0 w1 w2 w3 w4", True)
    ]


def stereo(left: bytes, right: bytes) -> bytes:
    return np.column_stack([np.frombuffer(left, "<i2"), np.frombuffer(right, "<i2")]).tobytes()


def test_channels_have_results_of_their_own():
    query = "encoding=linear16&sample_rate=16000&channels=2&multichannel=true"
    dialogue = Dialogue(query).say(stereo(marked_audio(0, 12), marked_audio(50, 12)))
    answers = dialogue.close()
    for channel, first in ((0, 0), (1, 50)):
        found = finals(answers, channel=channel)
        assert [f["channel_index"] for f in found] == [[channel, 2]] * 2
        said = " ".join(transcript(final) for final in found)
        assert said == " ".join(f"w{first + i}" for i in range(12))
    assert answers[-1]["channels"] == 2


def test_finalize_of_one_channel_leaves_the_other():
    query = "encoding=linear16&sample_rate=16000&channels=2&multichannel=true"
    dialogue = Dialogue(query).say(stereo(marked_audio(0, 3), marked_audio(50, 3)))
    dialogue.say('{"type":"Finalize","channel":1}', '{"type":"Finalize","channel":2}')
    answer, error = dialogue.answers
    assert (answer["channel_index"], transcript(answer)) == ([1, 2], "w50 w51 w52")
    assert error["type"] == "Error"


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 48000])
def test_marked_audio_is_read_at_its_own_rate(rate):
    dialogue = Dialogue(f"encoding=linear16&sample_rate={rate}")
    audio = marked_audio(0, 5, sample_rate=rate)
    for at in range(0, len(audio), 333):
        dialogue.say(audio[at : at + 333])
    final, _ = dialogue.close()
    assert (transcript(final), final["duration"]) == ("w0 w1 w2 w3 w4", 0.5)


def test_marked_audio_is_read_from_float_samples():
    floats = (np.frombuffer(marked_audio(0, 3), "<i2") / np.float32(32768)).astype("<f4")
    final, _ = Dialogue("encoding=linear32&sample_rate=16000").say(floats.tobytes()).close()
    assert transcript(final) == "w0 w1 w2"


def test_messages_are_parsed_by_their_frame():
    listen = Dialogue().listen
    assert listen.parse('{"type":"KeepAlive"}') == KeepAlive()
    assert listen.parse(b'{"type":"Finalize"}') == Finalize()
    assert listen.parse(b"") == CloseStream()
    assert listen.parse(b"ab") == Audio(b"ab")


def test_a_language_that_the_recognizer_does_not_know_is_refused():
    with pytest.raises(QueryError, match="model/language/tier"):
        ListenV1.check("encoding=linear16&sample_rate=16000&language=es", MoonshineRecognizer())


def test_a_second_of_audio_is_counted_in_the_clients_bytes():
    query = "encoding=linear32&sample_rate=24000&channels=2&multichannel=true"
    assert Dialogue(query).listen.bytes_per_second == 24000 * 2 * 4


class Wants16Khz(ScriptedRecognizer):
    """Counts the samples that its session is fed, at 16 kHz whatever comes."""

    def __init__(self) -> None:
        super().__init__()
        self.samples = 0

    def wanted_sample_rate(self, sample_rate: int) -> int:
        return 16000

    def open_session(self, config: SessionConfig) -> ScriptedSession:
        recognizer = self

        class Counting(ScriptedSession):
            def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
                recognizer.samples += len(pcm) // 2
                return super().feed(pcm)

        return Counting(config, ScriptedBehavior())


def test_a_finalize_of_8_khz_audio_hears_every_sample():
    recognizer = Wants16Khz()
    query = ListenV1.check("encoding=linear16&sample_rate=8000", recognizer)
    dialogue = ListenV1(query, recognizer, request_id="r", created="now")
    for _ in range(10):
        dialogue.handle(Audio(bytes(320)))
    assert recognizer.samples < 3200
    dialogue.handle(Finalize())
    assert recognizer.samples == 3200
    dialogue.close()
