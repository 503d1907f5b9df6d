# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Query strings that Deepgram and SageMaker both take."""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.query import (
    MAX_QUERY_LENGTH,
    QueryValue,
    build_query,
    query_texts,
)
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

PAIR = r"[a-zA-Z0-9][A-Za-z0-9_-]*=(?:[A-Za-z0-9._~\-]|%[0-9A-Fa-f]{2})+"
MODEL_QUERY_STRING = re.compile(f"{PAIR}(?:&{PAIR})*")
"""SageMaker's pattern for ``ModelQueryString``, of its service model."""


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        ({}, ""),
        ({"model": "nova-3"}, "model=nova-3"),
        ({"model": "nova-3", "channels": 1}, "model=nova-3&channels=1"),
        ({"keyterm": "customer service"}, "keyterm=customer%20service"),
        ({"keyterm": ["a b", "c"]}, "keyterm=a%20b&keyterm=c"),
        ({"keyterm": ("b", "a", "b")}, "keyterm=b&keyterm=a&keyterm=b"),
        ({"smart_format": True, "punctuate": False}, "smart_format=true&punctuate=false"),
        ({"redact": [True, "pci"]}, "redact=true&redact=pci"),
        ({"language": None, "model": "m"}, "model=m"),
        ({"keyterm": []}, ""),
        ({"endpointing": 0, "utterance_end_ms": 1000}, "endpointing=0&utterance_end_ms=1000"),
        ({"eot_threshold": 0.7}, "eot_threshold=0.7"),
        ({"replace": "find:put, please"}, "replace=find%3Aput%2C%20please"),
        ({"tag": "a+b&c=d%/é"}, "tag=a%2Bb%26c%3Dd%25%2F%C3%A9"),
        ({"keyterm": "日本"}, "keyterm=%E6%97%A5%E6%9C%AC"),
    ],
)
def test_parameters_as_they_are_written(parameters: dict[str, QueryValue], query: str) -> None:
    assert build_query(parameters) == query


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"language": ""}, "language holds an empty value"),
        ({"keyterm": ["a", " "]}, "keyterm holds an empty value"),
        ({"key term": "a"}, "'key term' is not a valid name"),
        ({"_private": "a"}, "'_private' is not a valid name"),
        ({"": "a"}, "'' is not a valid name"),
        ({"keyterm": {"a": 1}}, "keyterm holds a value of type dict"),
        ({"keyterm": {"a", "b"}}, "keyterm holds a value of type set"),
        ({"keyterm": ["a", None]}, "keyterm holds a value of type NoneType"),
        ({"keyterm": [["a"]]}, "keyterm holds a value of type list"),
        ({"tag": b"a"}, "tag holds a value of type bytes"),
        ({"eot_threshold": float("nan")}, "eot_threshold is nan"),
        ({"eot_threshold": float("inf")}, "eot_threshold is inf"),
        ({"keyterm": "\ud83d"}, "keyterm holds half of a surrogate pair"),
    ],
)
def test_what_cannot_stand_in_a_query_is_refused(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        build_query(parameters)


def test_the_longest_query_that_sagemaker_takes_is_built() -> None:
    query = build_query(
        {"model": "m", "keyterm": "x" * (MAX_QUERY_LENGTH - len("model=m&keyterm="))}
    )
    assert len(query) == MAX_QUERY_LENGTH


def test_one_that_is_too_long_is_refused_with_its_length_and_what_takes_most_of_it() -> None:
    parameters = {"model": "nova-3", "keyterm": ["two words"] * 100, "tag": "y" * 100}
    with pytest.raises(ConfigurationError) as refusal:
        build_query(parameters)
    length = len("model=nova-3&") + 100 * len("keyterm=two%20words&") + len("tag=") + 100
    assert f"{length} characters long" in str(refusal.value)
    assert "2048 at most" in str(refusal.value)
    assert "keyterm alone takes 1999" in str(refusal.value)
    assert "Shorten keyterm" in str(refusal.value)


def test_texts_are_what_is_sent_before_it_is_encoded() -> None:
    assert query_texts({"a": True, "b": ["x y", 2], "c": None, "d": ()}) == {
        "a": ["true"],
        "b": ["x y", "2"],
    }


names = st.from_regex(r"[a-zA-Z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True)
texts = st.text(max_size=12).filter(str.strip)
scalars = texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
parameters = st.dictionaries(names, scalars | st.none() | st.lists(scalars, max_size=4), max_size=6)
quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@given(parameters=parameters)
@quick
def test_every_query_is_one_that_sagemaker_takes(parameters: dict[str, QueryValue]) -> None:
    query = build_query(parameters)
    assert query == "" or MODEL_QUERY_STRING.fullmatch(query)


anything = st.text(max_size=6) | st.floats() | st.characters(codec=None, categories=["Cs"])


asked = st.text(max_size=4) | names, anything | st.lists(anything, max_size=3)


@given(parameters=st.dictionaries(*asked, max_size=4))
@quick
def test_whatever_is_asked_is_written_well_or_refused(parameters: dict[str, QueryValue]) -> None:
    try:
        query = build_query(parameters)
    except ConfigurationError:
        return
    assert query == "" or MODEL_QUERY_STRING.fullmatch(query)


few_texts = st.dictionaries(names, texts | st.lists(texts, max_size=3), max_size=4)


@given(parameters=few_texts)
@quick
def test_every_query_reads_back_as_what_was_given(
    parameters: dict[str, str | list[str]],
) -> None:
    given = [
        (name, text)
        for name, value in parameters.items()
        for text in ([value] if isinstance(value, str) else value)
    ]
    assert parse_qsl(build_query(parameters)) == given
