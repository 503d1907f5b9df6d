# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v2/listen."""

import pytest

from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES
from pipecat_sagemaker_deepgram.container.v2.query import FluxQuery, parse_flux_query
from pipecat_sagemaker_deepgram.container.v2.turns import Thresholds

AUDIO = "encoding=linear16&sample_rate=16000"
ENGLISH = f"model=flux-general-en&{AUDIO}"
MULTILINGUAL = f"model=flux-general-multi&{AUDIO}"


def read(query: str, bundle: str = "current") -> FluxQuery:
    return parse_flux_query(query, BUNDLES[bundle])


def refusal(query: str, bundle: str = "current") -> QueryError:
    with pytest.raises(QueryError) as refused:
        read(query, bundle)
    return refused.value


@pytest.mark.parametrize("bundle", BUNDLES)
def test_defaults_are_deepgrams(bundle):
    assert read(ENGLISH, bundle) == FluxQuery(
        "flux-general-en", AudioFormat("linear16", 16000), Thresholds(0.7, None, 5.0)
    )


@pytest.mark.parametrize("bundle", BUNDLES)
def test_what_every_bundle_knows_is_read(bundle):
    query = read(
        f"{MULTILINGUAL}&eot_threshold=0.9&eager_eot_threshold=0.3&eot_timeout_ms=10000"
        "&keyterm=a%20b&keyterm=c&language_hint=en&language_hint=es-419&redact=numbers"
        "&mip_opt_out=true&tag=x&tag=y",
        bundle,
    )
    assert query.thresholds == Thresholds(0.9, 0.3, 10.0)
    assert query.keyterms == ("a b", "c")
    assert query.language_hints == ("en", "es")
    assert query.is_multilingual


@pytest.mark.parametrize(
    ("parameter", "since"),
    [
        ("profanity_filter=true", "2026-06"),
        ("numerals=true", "current"),
        ("eot_threshold=1.0", "current"),
        ("eot_timeout_ms=60000", "current"),
    ],
)
def test_a_newer_parameter_is_refused_by_older_bundles(parameter, since):
    names = list(BUNDLES)
    for name in names[: names.index(since)]:
        code = refusal(f"{ENGLISH}&{parameter}", name).code
        assert code in ("unsupported_parameter", "INVALID_QUERY_PARAMETER")
    for name in names[names.index(since) :]:
        read(f"{ENGLISH}&{parameter}", name)


def test_numerals_are_read():
    assert read(f"{ENGLISH}&numerals=true").numerals


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("language=en", "unsupported query parameter(s): language"),
        ("interim_results=true", "unsupported query parameter(s): interim_results"),
        ("punctuate=true", "unsupported query parameter(s): punctuate"),
        ("eot_threshold=0.49", "a number from 0.5 to 1.0"),
        ("eot_threshold=1.01", "a number from 0.5 to 1.0"),
        ("eot_threshold=nan", "a number from 0.5 to 1.0"),
        ("eager_eot_threshold=0.2", "a number from 0.3 to 0.9"),
        ("eager_eot_threshold=0.91", "a number from 0.3 to 0.9"),
        ("eot_timeout_ms=499", "an integer from 500 to 60000"),
        ("eot_timeout_ms=1e3", "an integer from 500 to 60000"),
        ("eot_threshold=0.7&eot_threshold=0.7", "duplicate field `eot_threshold`"),
        ("redact=ssn", "one of numbers, aggressive_numbers"),
        ("numerals=yes", "expected `true` or `false`"),
        ("keyterm=", "keyterm: invalid value"),
        (f"tag={'x' * 129}", "1 to 128 characters"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(parameter, said):
    assert said in refusal(f"{ENGLISH}&{parameter}").description


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (AUDIO, "missing field `model`"),
        (f"model=nova-3&{AUDIO}", "No such model/version combination found."),
        ("model=flux-general-en&encoding=linear16", "encoding=linear16 requires sample_rate"),
        ("model=flux-general-en&sample_rate=16000", "only where encoding is given"),
        ("model=flux-general-en&encoding=flac", "one of linear16"),
        ("model=flux-general-en&encoding=linear16&sample_rate=22050", "one of 8000, 16000"),
    ],
)
def test_a_model_and_audio_that_can_be_read_are_required(query, said):
    assert said in refusal(query).description


@pytest.mark.parametrize("thresholds", ["eager_eot_threshold=0.8", "eot_threshold=0.5&"
                                        "eager_eot_threshold=0.6"])  # fmt: skip
def test_an_eager_threshold_above_the_other_is_refused(thresholds):
    error = refusal(f"{ENGLISH}&{thresholds}")
    assert error.description == ("eager_eot_threshold must be less than or equal to eot_threshold")


def test_the_english_model_takes_no_language_hints():
    error = refusal(f"{ENGLISH}&language_hint=en")
    assert (error.code, error.description) == (
        "INVALID_PARAMETER",
        "language_hint is not supported for model flux-general-en",
    )


@pytest.mark.parametrize("hint", ["", "xx", "english"])
def test_an_unknown_language_hint_is_refused(hint):
    assert "one of en, es" in refusal(f"{MULTILINGUAL}&language_hint={hint}").description


def test_too_many_keyterms_are_refused():
    assert read(f"{ENGLISH}&keyterm={'a+' * 499}a").keyterms
    assert "maximum number of tokens" in refusal(f"{ENGLISH}&keyterm={'a+' * 500}a").description
