# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's suite expects of streams to v1/listen, by the unmodified AWS SDK.

Each test names a scenario of that suite. The container behind the endpoint is this project's own;
its recogniser hears ``reader.TEXT``, so that a feature shows in the words.
"""

import pytest

from pipecat_sagemaker_deepgram.container import ContainerOptions, marked_audio

from .aws_sdk_streams import (
    CLOSE_STREAM,
    Outcome,
    Scenario,
    audio_step,
    run_streams,
    scenario,
)
from .endpoints import reading_endpoint
from .reader import SPEECH, TEXT

QUERY = "model=nova-3&encoding=linear16&sample_rate=16000"
FEATURES = {
    "plain": "interim_results=true",
    "punctuate": "punctuate=true",
    "replace": "replace=tretinoyn%3Acream",
    "search": "search=tretinoyn",
    "smart_format": "smart_format=true",
    "numerals": "numerals=true",
    "dictation": "dictation=true&punctuate=true",
    "profanity_filter": "profanity_filter=true",
    "keyterm": "keyterm=Tretinoin",
    "redact numbers": "redact=numbers",
    "redact name": "redact=name",
    "diarize": "diarize=true",
    "diarize_model": "diarize_model=v2",
    "utterances": "utterances=true",
    "paragraphs": "paragraphs=true",
    "summarize": "summarize=v2",
    "beyond ASCII": "keyterm=caf\u00e9",
}
TAIL = marked_audio(0, 20)
PARALLEL = {f"parallel {number}": "interim_results=true" for number in range(10)}


def listening(more: str, *steps: dict) -> Scenario:
    return scenario("v1/listen", f"{QUERY}&{more}", *steps)


SCENARIOS = {
    **{
        name: listening(more, audio_step(SPEECH), CLOSE_STREAM)
        for name, more in (FEATURES | PARALLEL).items()
    },
    "tail_finalize_notail": listening("endpointing=300", audio_step(TAIL), CLOSE_STREAM),
}


@pytest.fixture(scope="module")
def heard() -> dict[str, Outcome]:
    with reading_endpoint() as endpoint:
        return run_streams(endpoint, SCENARIOS)


def plain(text: str) -> str:
    """Without filler words, punctuation and case."""
    return text.lower().removeprefix("um, ").replace(".", "").replace(",", "")


def test_basic_loses_no_word_and_shows_no_punctuation(heard: dict[str, Outcome]):
    assert heard["plain"].text == plain(TEXT)


def test_interim_results_has_at_least_one_interim(heard: dict[str, Outcome]):
    assert any(not each["is_final"] for each in heard["plain"].of("Results"))


def test_ten_parallel_streams_lose_no_word(heard: dict[str, Outcome]):
    """Also five, and a ramp to ten in steps of five: all of them run at once."""
    assert {heard[name].text for name in PARALLEL} == {plain(TEXT)}
    assert {heard[name].ended for name in PARALLEL} == {"cleanly"}


def test_tail_finalize_notail_has_the_last_word(heard: dict[str, Outcome]):
    """CloseStream comes right after speech, with ``endpointing=300``."""
    assert heard["tail_finalize_notail"].words[-1] == "w19"


def test_punctuate_shows_a_full_stop(heard: dict[str, Outcome]):
    assert "tretinoyn weighs twenty grams. My card" in heard["punctuate"].text


def test_replace_shows_the_changed_word(heard: dict[str, Outcome]):
    assert "the cream weighs" in heard["replace"].text


def test_search_has_a_hit(heard: dict[str, Outcome]):
    found = [each["channel"]["search"] for each in heard["search"].of("Results")]
    (hit,) = [hit for (term,) in found for hit in term["hits"]]
    assert (hit["snippet"], hit["confidence"]) == ("tretinoyn", 1.0)


@pytest.mark.parametrize("name", ["smart_format", "numerals"])
def test_numerals_and_smart_format_write_digits(heard: dict[str, Outcome], name: str):
    assert "weighs 20 grams" in heard[name].text
    assert "1 2 3 4" in heard[name].text


def test_dictation_writes_a_spoken_period(heard: dict[str, Outcome]):
    assert "That is damn late. Goodbye." in heard["dictation"].text


def test_profanity_filter_masks(heard: dict[str, Outcome]):
    assert "that is **** late" in heard["profanity_filter"].text


def test_keyterm_is_written_as_asked(heard: dict[str, Outcome]):
    assert "the Tretinoin weighs" in heard["keyterm"].text


def test_redact_of_numbers_masks_them(heard: dict[str, Outcome]):
    assert "my card is * * * * that" in heard["redact numbers"].text


@pytest.mark.parametrize("name", ["redact name", "diarize"])
def test_redact_of_names_and_diarize_are_refused_as_by_a_bundle_that_lacks_them(
    heard: dict[str, Outcome], name: str
):
    assert heard[name].error == "ModelError"
    assert heard[name].items == []


@pytest.mark.parametrize("name", ["diarize_model", "utterances", "paragraphs", "summarize"])
def test_what_is_for_recordings_only_is_refused_on_a_stream(heard: dict[str, Outcome], name: str):
    assert heard[name].error == "ModelError"
    assert heard[name].items == []


def test_a_query_that_is_not_percent_encoded_is_refused_before_the_container(
    heard: dict[str, Outcome],
):
    assert heard["beyond ASCII"].error == "InputValidationError"


def test_idle_without_audio_ends_with_net_0001():
    """Deepgram waits 10 s; here the container waits half a second."""
    with reading_endpoint(ContainerOptions(idle_timeout=0.5)) as endpoint:
        streams = {"idle": scenario("v1/listen", QUERY, {"wait": "never"})}
        assert "net0001" in run_streams(endpoint, streams)["idle"].ended
