# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's suites expect of speech on streams, Aura's and Flux's, by the unmodified AWS SDK.

Each test names a scenario of those suites. The container behind the endpoint is this project's
own, with a voice of beeps: 50 ms for each letter.
"""

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.audio.pcm import decode

from .aws_sdk_streams import Outcome, Scenario, audio_of, run_streams, say, scenario
from .endpoints import reading_endpoint

AURA = "model=aura-2-thalia-en"
FLUX = "model=flux-heather-en"
PHRASES = ("Good morning. ", "How can I help you? ", "Goodbye.")
LONG = "One two three four five six seven eight nine ten. " * 4
TALE = LONG * 8
"""Takes ten seconds to be sent, so that there is something to interrupt."""
FLUSH = say(type="Flush")
CLOSE = say(type="Close")


def speak(text: str) -> dict:
    return say(type="Speak", text=text)


def aura(query: str, *steps: dict) -> Scenario:
    return scenario("v1/speak", query, *steps, CLOSE)


def flux(query: str, *steps: dict) -> Scenario:
    return scenario("v2/speak", query, *steps, CLOSE)


AURA_QUERIES = {
    "linear16": f"{AURA}&encoding=linear16&sample_rate=24000",
    "mulaw": f"{AURA}&encoding=mulaw&sample_rate=8000",
    "speed": f"{AURA}&speed=1.4",
    "mip_opt_out": f"{AURA}&mip_opt_out=true",
    "unknown name": f"{AURA}&bogus=true",
    "another voice": "model=aura-2-andromeda-en",
    "old voice": "model=aura-asteria-en",
    "wrong language": "model=aura-2-sirio-es",
    **{f"parallel {number}": AURA for number in range(5)},
}
FLUX_QUERIES = {
    "basic": FLUX,
    "fast": f"{FLUX}&speed=1.15",
    "unknown name": f"{FLUX}&bogus=true",
    "batch only": f"{FLUX}&container=wav",
    "Aura voice": AURA,
    **{f"parallel {number}": FLUX for number in range(5)},
}
TURN = [speak("Hello there, "), speak("my friend."), FLUSH]
SCENARIOS = {
    **{
        f"aura {name}": aura(query, speak("Hello there, my friend."), FLUSH, {"wait": "Flushed"})
        for name, query in AURA_QUERIES.items()
    },
    "aura phrases": aura(AURA, *[step for text in PHRASES for step in (speak(text), FLUSH)]),
    "aura barge_in": aura(
        AURA,
        *[speak(TALE), FLUSH, {"wait": "audio"}, say(type="Clear"), {"wait": "Cleared"}],
        *[speak("And on."), FLUSH, {"wait": "Flushed"}],
    ),
    **{f"flux {name}": flux(query, *TURN) for name, query in FLUX_QUERIES.items()},
    "flux multi_turn": flux(FLUX, *TURN, {"wait": "SpeechMetadata"}, *TURN),
    "flux incremental": flux(FLUX, *[speak(letter) for letter in "Hello there."], FLUSH),
    "flux long turn": flux(FLUX, speak(LONG), FLUSH),
    "flux configure": flux(
        FLUX, say(type="Configure", speed=1.1), {"wait": "ConfigureSuccess"}, *TURN
    ),
    "flux interrupt": flux(
        FLUX,
        *[speak(TALE), FLUSH, {"wait": "audio", "count": 8}],
        say(type="Interrupt", playback_offset={"type": "time_ms", "value": 500}),
        {"wait": "SpeechInterrupted"},
    ),
}
LETTERS = 18
"""Of the text of a turn."""


@pytest.fixture(scope="module")
def heard() -> dict[str, Outcome]:
    with reading_endpoint() as endpoint:
        return run_streams(endpoint, SCENARIOS)


def loudness(audio: bytes, encoding: str = "linear16") -> float:
    """The root of the mean square of the samples."""
    samples = decode(audio, encoding).astype(float)
    return float(np.sqrt(np.mean(samples**2)))


def milliseconds(audio: bytes) -> float:
    """Of linear16 of 24 kHz."""
    return len(audio) / 48


# v1/speak


@pytest.mark.parametrize("name", [n for n in AURA_QUERIES if n not in ("mulaw", "wrong language")])
def test_aura_stream_has_metadata_loud_audio_and_flushed(heard: dict[str, Outcome], name: str):
    """An unknown name is passed over; five in parallel are among them."""
    outcome = heard[f"aura {name}"]
    assert outcome.messages[0]["type"] == "Metadata"
    assert loudness(outcome.audio) > 150
    assert len(outcome.of("Flushed")) == 1


def test_aura_three_phrases_are_flushed_each(heard: dict[str, Outcome]):
    outcome = heard["aura phrases"]
    assert [each["sequence_id"] for each in outcome.of("Flushed")] == [0, 1, 2]
    letters = sum(map(str.isalpha, "".join(PHRASES)))
    assert milliseconds(outcome.audio) == pytest.approx(letters * 50, abs=5)


def test_aura_barge_in_is_cleared_and_speaks_on(heard: dict[str, Outcome]):
    """What was not yet sent is dropped, and with it the answer to its Flush."""
    outcome = heard["aura barge_in"]
    kinds = [each["type"] for each in outcome.messages]
    assert kinds == ["Metadata", "Cleared", "Flushed"]
    after = outcome.items[outcome.items.index(outcome.of("Cleared")[0]) :]
    assert milliseconds(b"".join(map(audio_of, after))) == pytest.approx(5 * 50, abs=5)
    assert milliseconds(outcome.audio) < sum(map(str.isalpha, TALE)) * 50


def test_aura_linear16_has_24_khz(heard: dict[str, Outcome]):
    assert milliseconds(heard["aura linear16"].audio) == pytest.approx(LETTERS * 50, abs=5)


def test_aura_mulaw_has_8_khz(heard: dict[str, Outcome]):
    audio = heard["aura mulaw"].audio
    assert len(audio) / 8 == pytest.approx(LETTERS * 50, abs=5)
    assert loudness(audio, "mulaw") > 150


def test_aura_speed_is_faster(heard: dict[str, Outcome]):
    assert milliseconds(heard["aura speed"].audio) == pytest.approx(LETTERS * 50 / 1.4, abs=5)


def test_aura_voice_of_another_language_is_refused(heard: dict[str, Outcome]):
    """Deepgram's containers have the voices of their bundle; this one speaks English."""
    assert heard["aura wrong language"].error == "ModelError"


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith("aura")])
def test_aura_close_drains_and_ends_the_stream(heard: dict[str, Outcome], name: str):
    assert heard[name].ended == ("" if name == "aura wrong language" else "cleanly")


# v2/speak


def turns_of(outcome: Outcome) -> list[list[dict]]:
    """The items of each turn, from its start to its metadata."""
    turns: list[list[dict]] = []
    for item in outcome.items:
        if item.get("type") == "SpeechStarted":
            turns.append([])
        if turns and item.get("type") != "SessionMetadata":
            turns[-1].append(item)
    return turns


@pytest.mark.parametrize("name", ["basic", *(f"parallel {number}" for number in range(5))])
def test_flux_connected_comes_first_and_session_metadata_last(heard: dict[str, Outcome], name: str):
    """Five in parallel are among them."""
    outcome = heard[f"flux {name}"]
    kinds = [each["type"] for each in outcome.messages]
    assert kinds[0] == "Connected"
    assert kinds[-1] == "SessionMetadata"
    assert loudness(outcome.audio) > 150
    assert outcome.ended == "cleanly"


@pytest.mark.parametrize("name", ["basic", "multi_turn", "long turn", "configure", "incremental"])
def test_flux_sums_of_turns_equal_the_session(heard: dict[str, Outcome], name: str):
    outcome = heard[f"flux {name}"]
    turns = outcome.of("SpeechMetadata")
    (total,) = outcome.of("SessionMetadata")
    for of_turns, of_session in (
        ("audio_duration_ms", "total_audio_duration_ms"),
        ("input_character_count", "total_input_character_count"),
        ("billable_character_count", "total_billable_character_count"),
    ):
        assert sum(turn[of_turns] for turn in turns) == pytest.approx(total[of_session])
    assert milliseconds(outcome.audio) == pytest.approx(total["total_audio_duration_ms"], abs=5)


def test_flux_multi_turn_has_two_speech_metadata_with_two_speech_ids(heard: dict[str, Outcome]):
    outcome = heard["flux multi_turn"]
    assert len({each["speech_id"] for each in outcome.of("SpeechMetadata")}) == 2
    for turn in turns_of(outcome):
        assert turn[-1]["type"] == "SpeechMetadata"
        assert any("audio" in item for item in turn)


def test_flux_incremental_speak_is_one_turn(heard: dict[str, Outcome]):
    (turn,) = heard["flux incremental"].of("SpeechMetadata")
    assert turn["input_character_count"] == len("Hello there.")


def test_flux_long_turn_has_exactly_one_speech_metadata(heard: dict[str, Outcome]):
    (turn,) = heard["flux long turn"].of("SpeechMetadata")
    assert turn["input_character_count"] == len(LONG)


def test_flux_speed_of_1_15_lasts_no_more_than_95_percent(heard: dict[str, Outcome]):
    usual, fast = (len(heard[f"flux {name}"].audio) for name in ("basic", "fast"))
    assert fast <= 0.95 * usual


def test_flux_configure_is_answered(heard: dict[str, Outcome]):
    (answer,) = heard["flux configure"].of("ConfigureSuccess")
    assert answer["applied"] == {"speed": 1.1}


def test_flux_interrupt_at_500_ms_gives_the_text_back_in_two_parts(heard: dict[str, Outcome]):
    (interrupted,) = heard["flux interrupt"].of("SpeechInterrupted")
    assert interrupted["text_spoken"] + interrupted["text_remaining"] == TALE
    assert interrupted["audio_played_ms"] == 500
    assert not heard["flux interrupt"].of("SpeechMetadata")


@pytest.mark.parametrize("name", ["unknown name", "batch only", "Aura voice"])
def test_flux_unknown_name_and_aura_voice_are_refused(heard: dict[str, Outcome], name: str):
    assert heard[f"flux {name}"].error == "ModelError"
    assert heard[f"flux {name}"].items == []
