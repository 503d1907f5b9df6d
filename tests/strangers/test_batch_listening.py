# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's suite expects of recordings by ``InvokeEndpoint``, by unmodified boto3.

Each test names a scenario of that suite. The container behind the endpoint is this project's own;
its recogniser hears ``reader.TEXT``, so that a feature shows in the words.
"""

import json

import pytest
from botocore.exceptions import ClientError

from pipecat_sagemaker_deepgram.testing import LocalEndpoint

from ..container.conversation import wav
from .boto3_client import JSON, WAV, Answer, Runtime
from .reader import SPEECH, TEXT

RECORDING = wav(SPEECH)
MIB = 2**20


def transcribe(runtime: Runtime, query: str = "") -> Answer:
    return runtime.invoke(f"v1/listen?model=nova-3{query}", RECORDING, WAV)


def refusal(runtime: Runtime, attributes: str, body: bytes, content_type: str) -> dict:
    """What boto3 raises, and what the container has said."""
    with pytest.raises(ClientError) as caught:
        runtime.invoke(attributes, body, content_type)
    response: dict = dict(caught.value.response)
    assert response["Error"]["Code"] == "ModelError"
    assert response["OriginalMessage"] in response["Error"]["Message"]
    assert response["OriginalMessage"] in str(caught.value)
    assert response["LogStreamArn"].startswith("arn:aws:logs:")
    return response


def test_basic_is_the_whole_transcript(runtime: Runtime):
    answer = transcribe(runtime)
    assert answer.content_type == JSON
    assert answer.transcript == TEXT.removeprefix("Um, ").lower().replace(".", "")
    metadata = json.loads(answer.body)["metadata"]
    assert (metadata["duration"], metadata["channels"]) == (len(SPEECH) / 32000, 1)


@pytest.mark.parametrize("query", ["diarize=true", "diarize_model=v1", "diarize_model=v2"])
def test_diarize_is_refused_as_by_a_bundle_that_lacks_it(runtime: Runtime, query: str):
    refused = refusal(runtime, f"v1/listen?model=nova-3&{query}", RECORDING, WAV)
    assert refused["OriginalStatusCode"] == 400
    assert "a model of speakers is not a part of this container" in refused["OriginalMessage"]


@pytest.mark.parametrize("query", ["summarize=v2", "topics=true", "intents=true", "sentiment=true"])
def test_summarize_topics_intents_and_sentiment_are_refused_as_by_a_bundle_that_lacks_them(
    runtime: Runtime, query: str
):
    refused = refusal(runtime, f"v1/listen?model=nova-3&{query}", RECORDING, WAV)
    assert refused["OriginalStatusCode"] == 400
    assert "is not a part of this container" in refused["OriginalMessage"]


def test_redact_of_names_is_refused_as_by_a_bundle_that_lacks_it(runtime: Runtime):
    refused = refusal(runtime, "v1/listen?model=nova-3&redact=name", RECORDING, WAV)
    assert refused["OriginalStatusCode"] == 400
    assert "entity detection is not a part of this container" in refused["OriginalMessage"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("smart_format=true", "weighs 20 grams. My card is 1 2 3 4."),
        ("numerals=true", "weighs 20 grams my card is 1 2 3 4"),
        ("filler_words=true", "um the tretinoyn"),
        ("measurements=true", "20 g my card"),
        ("replace=tretinoyn%3Aa%20cream", "the a cream weighs"),
        ("keyterm=Tretinoin", "the Tretinoin weighs"),
        ("redact=numbers", "my card is * * * * that"),
        ("profanity_filter=true", "that is **** late"),
        ("dictation=true&punctuate=true", "damn late. Goodbye."),
        ("punctuate=true", "grams. My card"),
    ],
)
def test_features_do_what_they_say(runtime: Runtime, query: str, shown: str):
    """smart_format, filler_words, measurements, replace and others."""
    assert shown in transcribe(runtime, f"&{query}").transcript


def test_filler_words_are_left_out_unless_asked_for(runtime: Runtime):
    assert "um" not in transcribe(runtime).transcript.split()


def test_paragraphs_have_sentences(runtime: Runtime):
    (first, *_) = transcribe(runtime, "&paragraphs=true").alternative["paragraphs"]["paragraphs"]
    assert first["sentences"][0]["text"] == "the tretinoyn weighs twenty grams."


@pytest.mark.parametrize(("query", "count"), [("", 2), ("&utt_split=1.5", 1)])
def test_utterances_are_cut_where_utt_split_says(runtime: Runtime, query: str, count: int):
    results = transcribe(runtime, f"&utterances=true{query}").results
    assert len(results["utterances"]) == count


def test_search_has_a_hit_in_the_json(runtime: Runtime):
    (channel,) = transcribe(runtime, "&search=tretinoyn").results["channels"]
    assert channel["search"][0]["hits"][0]["snippet"] == "tretinoyn"


@pytest.mark.parametrize("value", ["true", "false"])
def test_bogus_fails_with_unsupported_parameter_in_the_client_error(runtime: Runtime, value: str):
    refused = refusal(runtime, f"v1/listen?model=nova-3&bogus={value}", RECORDING, WAV)
    assert "unsupported_parameter" in refused["OriginalMessage"]
    assert refused["OriginalStatusCode"] == 400


@pytest.mark.parametrize("size", [2 * MIB, 20 * MIB])
def test_a_wav_of_many_megabytes_is_taken(runtime: Runtime, size: int):
    body = wav(SPEECH.ljust(size, b"\0"), sample_rate=48000, channels=2)
    metadata = json.loads(runtime.invoke("v1/listen?model=nova-3", body, WAV).body)["metadata"]
    assert metadata["duration"] == pytest.approx(size / 4 / 48000, abs=0.001)


@pytest.mark.parametrize(
    ("attributes", "body", "content_type", "status", "said"),
    [
        ("v1/listen?model=nova-3", b"", WAV, 400, "the body is empty"),
        ("v1/listen?model=nova-3", b"no audio", WAV, 400, "corrupt or unsupported data"),
        ("v1/listen?model=nova-3", b"{", JSON, 400, "INVALID_JSON"),
        ("v1/listen?model=nova-3", b'{"url":"https://example.com"}', JSON, 400, "network access"),
        ("v1/listen?model=nova-9", RECORDING, WAV, 400, "No such model"),
        ("v1/other", RECORDING, WAV, 404, "NOT_FOUND"),
        ("?model=nova-3", RECORDING, WAV, 404, "NOT_FOUND"),
    ],
)
def test_the_containers_own_refusal_is_in_the_model_error(
    runtime: Runtime, attributes: str, body: bytes, content_type: str, status: int, said: str
):
    refused = refusal(runtime, attributes, body, content_type)
    assert refused["OriginalStatusCode"] == status
    assert said in refused["OriginalMessage"]
    assert "request_id" in json.loads(refused["OriginalMessage"])


@pytest.mark.parametrize("term", ["caf\u00e9", "voil\u00e0", "\u6771\u4eac"])
def test_custom_attributes_beyond_ascii_are_refused_before_the_container(
    runtime: Runtime, term: str
):
    """They are sent and signed as UTF-8 by botocore; the signature holds, the pattern does not."""
    with pytest.raises(ClientError) as caught:
        runtime.invoke(f"v1/listen?model=nova-3&keyterm={term}", RECORDING, WAV)
    assert caught.value.response.get("Error", {}).get("Code") == "ValidationError"


def test_a_body_over_25_mib_is_refused_before_the_container(
    runtime: Runtime, endpoint: LocalEndpoint
):
    with pytest.raises(ClientError) as caught:
        runtime.invoke("v1/listen?model=nova-3", bytes(25 * MIB + 1), WAV)
    assert "OriginalStatusCode" not in caught.value.response
    assert transcribe(runtime).transcript
