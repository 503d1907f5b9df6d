# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's suite expects of streams to v2/listen, by the unmodified AWS SDK.

Each test names a scenario of that suite. The container behind the endpoint is this project's own;
its recogniser hears ``reader.TEXT``, in two turns.
"""

import pytest

from pipecat_sagemaker_deepgram.container import ContainerOptions, FluxOptions, marked_audio

from .aws_sdk_streams import (
    CLOSE_STREAM,
    Outcome,
    Scenario,
    audio_step,
    run_streams,
    say,
    scenario,
)
from .endpoints import reading_endpoint
from .reader import NEXT, SENTENCE, SPEECH

ENGLISH = "model=flux-general-en"
MULTILINGUAL = "model=flux-general-multi"
RAW = "encoding=linear16&sample_rate=16000"
THRESHOLDS = {"eot_threshold": 0.8}
QUERIES = {
    "basic": ENGLISH,
    "eager": f"{ENGLISH}&eager_eot_threshold=0.5",
    "eot_threshold": f"{ENGLISH}&eot_threshold=0.9",
    "eot_timeout_ms": f"{ENGLISH}&eot_threshold=1.0&eot_timeout_ms=600",
    "keyterm": f"{ENGLISH}&keyterm=Tretinoin",
    "profanity_filter": f"{ENGLISH}&profanity_filter=true",
    "mip_opt_out": f"{ENGLISH}&mip_opt_out=true",
    "English hint": f"{ENGLISH}&language_hint=en",
    "multilingual hint": f"{MULTILINGUAL}&language_hint=en",
}
PARALLEL = {f"parallel {number}": ENGLISH for number in range(10)}
ZEROS = [step for _ in range(6) for step in (audio_step(bytes(2)), {"pause": 0.5})]


def listening(query: str, *steps: dict) -> Scenario:
    return scenario("v2/listen", f"{query}&{RAW}", {"wait": "Connected"}, *steps)


SCENARIOS = {
    **{
        name: listening(query, audio_step(SPEECH), CLOSE_STREAM)
        for name, query in (QUERIES | PARALLEL).items()
    },
    "configure": listening(
        ENGLISH,
        say(type="Configure", thresholds=THRESHOLDS),
        {"wait": "ConfigureSuccess"},
        audio_step(SPEECH),
        CLOSE_STREAM,
    ),
    "bad configure": listening(
        ENGLISH,
        say(type="Configure", thresholds={"eot_threshold": 7}),
        {"wait": "ConfigureFailure"},
        audio_step(SPEECH),
        CLOSE_STREAM,
    ),
    "finalize": listening(ENGLISH, say(type="Finalize")),
    "open turn": listening(ENGLISH, audio_step(marked_audio(0, 6)), CLOSE_STREAM),
    "mulaw": scenario(
        "v2/listen",
        f"{ENGLISH}&encoding=mulaw&sample_rate=8000",
        audio_step(b"\xff" * 8000),
        CLOSE_STREAM,
    ),
}


@pytest.fixture(scope="module")
def heard() -> dict[str, Outcome]:
    with reading_endpoint() as endpoint:
        return run_streams(endpoint, SCENARIOS)


def test_basic_hears_every_turn(heard: dict[str, Outcome]):
    assert heard["basic"].messages[0]["type"] == "Connected"
    assert heard["basic"].turns == [SENTENCE, NEXT]
    assert heard["basic"].ended == "cleanly"


def test_ten_parallel_streams_hear_every_turn(heard: dict[str, Outcome]):
    """Also five, and a ramp to ten: all of them run at once."""
    assert all(heard[name].turns == [SENTENCE, NEXT] for name in PARALLEL)


def test_the_answer_to_configure_has_the_exact_thresholds(heard: dict[str, Outcome]):
    (answer,) = heard["configure"].of("ConfigureSuccess")
    assert answer["thresholds"]["eot_threshold"] == 0.8
    assert heard["configure"].turns == [SENTENCE, NEXT]


def test_the_answer_to_a_bad_configure_names_the_threshold(heard: dict[str, Outcome]):
    (answer,) = heard["bad configure"].of("ConfigureFailure")
    assert "threshold" in str(answer).lower()
    assert heard["bad configure"].turns == [SENTENCE, NEXT]


def test_eager_eot_threshold_gives_an_eager_end_of_turn(heard: dict[str, Outcome]):
    assert heard["eager"].of("EagerEndOfTurn")
    assert not heard["basic"].of("EagerEndOfTurn")


@pytest.mark.parametrize("name", ["eot_threshold", "eot_timeout_ms", "mip_opt_out"])
def test_eot_threshold_eot_timeout_ms_and_mip_opt_out_hear_every_turn(
    heard: dict[str, Outcome], name: str
):
    assert heard[name].turns == [SENTENCE, NEXT]


def test_keyterm_is_written_as_asked(heard: dict[str, Outcome]):
    assert "the Tretinoin weighs" in heard["keyterm"].turns[0]


def test_profanity_filter_masks(heard: dict[str, Outcome]):
    assert "That is **** late" in heard["profanity_filter"].turns[1]


def test_encoding_mulaw_is_taken(heard: dict[str, Outcome]):
    assert heard["mulaw"].ended == "cleanly"
    assert heard["mulaw"].of("Connected")


def test_finalize_is_rejected_as_an_unknown_variant(heard: dict[str, Outcome]):
    (error,) = heard["finalize"].of("Error")
    assert "unknown variant `Finalize`" in error["description"]


def test_close_stream_in_an_open_turn_only_updates_it(heard: dict[str, Outcome]):
    """As the current bundle does; the suite's own sample ends in silence."""
    assert heard["open turn"].turns == []
    assert heard["open turn"].of("Update")[-1]["transcript"] == SENTENCE


def test_close_stream_in_an_open_turn_ends_it_with_an_older_bundle():
    with reading_endpoint(ContainerOptions(flux=FluxOptions(bundle="2026-06"))) as endpoint:
        streams = {"open turn": SCENARIOS["open turn"]}
        assert run_streams(endpoint, streams)["open turn"].turns == [SENTENCE]


def test_language_hint_is_refused_by_the_english_model(heard: dict[str, Outcome]):
    assert heard["English hint"].error == "ModelError"
    assert heard["English hint"].items == []


def test_language_hint_fills_the_languages_of_the_multilingual_model(heard: dict[str, Outcome]):
    turns = heard["multilingual hint"].of("EndOfTurn")
    assert [turn["languages"] for turn in turns] == [["en"], ["en"]]
    assert turns[0]["languages_hinted"] == ["en"]


def test_frames_of_two_zero_bytes_keep_an_idle_session_alive():
    """The suite sends one in 10 s for 65 s; here two seconds without audio end a session."""
    flux = FluxOptions(idle_timeout=2.0)
    streams = {
        "alive": listening(ENGLISH, *ZEROS, audio_step(SPEECH), CLOSE_STREAM),
        "silent": listening(ENGLISH, {"wait": "never"}),
    }
    with reading_endpoint(ContainerOptions(flux=flux)) as endpoint:
        outcomes = run_streams(endpoint, streams)
    assert outcomes["alive"].turns == [SENTENCE, NEXT]
    assert outcomes["silent"].ended != "cleanly"
