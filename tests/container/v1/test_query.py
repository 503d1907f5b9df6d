# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v1/listen."""

import pytest

from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.v1.query import (
    RecordingOptions,
    parse_query,
    parse_recording_query,
)

RAW = "encoding=linear16&sample_rate=16000"


def test_the_defaults_are_deepgrams():
    query = parse_query(RAW)
    assert query.audio == AudioFormat("linear16", 16000, 1)
    assert (query.language, query.interim_results, query.endpointing) == ("en", False, 0.01)
    assert (query.utterance_end, query.vad_events, query.punctuate) == (None, False, False)


def test_what_is_asked_is_read():
    query = parse_query(
        "model=nova-3-medical&language=en-GB&encoding=mulaw&sample_rate=8000&channels=2"
        "&multichannel=true&interim_results=true&endpointing=300&utterance_end_ms=1000"
        "&vad_events=true&extra=a:b&extra=c:d:e"
    )
    assert (query.model, query.language) == ("nova-3-medical", "en-GB")
    assert query.audio == AudioFormat("mulaw", 8000, 2)
    assert (query.multichannel, query.interim_results, query.vad_events) == (True, True, True)
    assert (query.endpointing, query.utterance_end) == (0.3, 1.0)
    assert query.extra == {"a": "b", "c": "d:e"}


def test_endpointing_can_be_off():
    assert parse_query(f"{RAW}&endpointing=false").endpointing is None


@pytest.mark.parametrize("name", ["punctuate", "smart_format"])
def test_what_implies_punctuation_gives_it(name):
    assert parse_query(f"{RAW}&{name}=true").punctuate
    assert not parse_query(f"{RAW}&{name}=false").punctuate


@pytest.mark.parametrize(
    "more",
    [
        "model=nova-3&keyterm=one&keyterm=two%20words",
        "model=nova-2&keywords=snuffle:2",
        "model=40bd3654-e622-47c4-a111-63a61b23bfe8",
        "language=multi&language_hint=en&language_hint=es",
        "version=latest&numerals=true&profanity_filter=true&no_delay=true&filler_words=true",
        "punctuate=true&dictation=true&mip_opt_out=true",
        "diarize=false&detect_entities=false&redact=false",
        "redact=numbers&redact=aggressive_numbers",
        "search=word&replace=this%3Athat&replace=um&tag=billing",
    ],
)
def test_every_documented_parameter_is_known(more):
    parse_query(f"{RAW}&{more}")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"{RAW}&interim=true", "unsupported query parameter(s): interim"),
        (f"{RAW}&utterances=true", "unsupported query parameter(s): utterances"),
        (f"{RAW}&punctuate=yes", "punctuate: invalid value 'yes'"),
        (f"{RAW}&punctuate=True", "punctuate: invalid value 'True'"),
        (f"{RAW}&punctuate=true&punctuate=true", "duplicate field `punctuate`"),
        (f"{RAW}&model=nova-9", "No such model/version combination found."),
        (f"{RAW}&language=e", "language: invalid value 'e'"),
        ("encoding=mp3&sample_rate=16000", "encoding: invalid value 'mp3'"),
        ("encoding=speex&sample_rate=16000", "encoding=speex is not available"),
        ("encoding=linear16", "encoding=linear16 requires sample_rate"),
        ("encoding=opus", "encoding=opus requires sample_rate"),
        ("sample_rate=16000", "only where encoding is given"),
        ("encoding=linear16&sample_rate=16k", "sample_rate: invalid value '16k'"),
        (f"{RAW}&channels=0", "channels: invalid value '0'"),
        (f"{RAW}&endpointing=true", "endpointing: invalid value 'true'"),
        (f"{RAW}&endpointing=-1", "endpointing: invalid value '-1'"),
        (f"{RAW}&utterance_end_ms=1000", "requires interim_results=true"),
        (f"{RAW}&utterance_end_ms=900&interim_results=true", "invalid value '900'"),
        (f"{RAW}&diarize=true", "a model of speakers is not a part of this container"),
        (f"{RAW}&diarize_model=latest", "a model of speakers is not a part of this container"),
        (f"{RAW}&detect_entities=true", "entity detection is not a part of this container"),
        (f"{RAW}&redact=numbers&redact=name", "redact=name is not available: entity detection"),
        (f"{RAW}&model=nova-2&keywords=a:-2", "negative intensifier is not available"),
        (f"{RAW}&model=nova-2&keyterm=x", "nova-3 models only"),
        (f"{RAW}&model=nova-3&keywords=x", "use keyterm"),
        (f"{RAW}&language=en&language_hint=es", "requires language=multi"),
        (f"{RAW}&dictation=true", "requires punctuate=true"),
        (f"{RAW}&replace=:that", "replace: invalid value ':that'"),
        (f"{RAW}&tag={'x' * 129}", "tag: invalid value"),
        (f"{RAW}&model=nova-3&keyterm=", "keyterm: invalid value ''"),
        (f"{RAW}&callback=https://example.com", "no network access"),
    ],
)
def test_a_wrong_query_is_refused_with_the_reason(query, said):
    with pytest.raises(QueryError) as refusal:
        parse_query(query)
    assert said in refusal.value.description


@pytest.mark.parametrize("encoding", [None, "flac", "ogg-opus"])
def test_a_file_says_itself_what_it_is(encoding):
    audio = parse_query(f"encoding={encoding}" if encoding else "").audio
    assert (audio.encoding, audio.is_raw, audio.comes_in_packets) == (encoding, False, False)


def test_what_is_for_recordings_is_read_there_only():
    asked = "paragraphs=true&utterances=true&utt_split=1.5&measurements=true"
    query = parse_recording_query(asked)
    assert query.recording == RecordingOptions(paragraphs=True, utterances=True, utt_split=1.5)
    assert query.punctuate
    for parameter in asked.split("&"):
        with pytest.raises(QueryError, match="unsupported query parameter"):
            parse_query(parameter)


@pytest.mark.parametrize(
    "parameter",
    ["interim_results=true", "endpointing=300", "vad_events=true", "utterance_end_ms=1000"],
)
def test_what_is_for_streams_is_refused_for_recordings(parameter):
    with pytest.raises(QueryError) as refusal:
        parse_recording_query(parameter)
    assert refusal.value.code == "unsupported_parameter"


@pytest.mark.parametrize("name", ["summarize=v2", "topics=true", "intents=true", "sentiment=true"])
def test_what_needs_a_model_that_is_not_there_is_refused(name):
    with pytest.raises(QueryError, match="is not a part of this container"):
        parse_recording_query(name)


def test_too_many_keyterms_are_refused_in_deepgrams_words():
    terms = "&keyterm=" + "%20".join(["word"] * 501)
    with pytest.raises(QueryError, match="across all keyterms is 500"):
        parse_query(f"{RAW}&model=nova-3{terms}")
