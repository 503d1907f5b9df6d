# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Query strings that Deepgram and SageMaker both take."""

import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.query import QueryValue, build_query

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
        ({"language": "", "model": "m"}, "model=m"),
        ({"keyterm": ["", "a", ""]}, "keyterm=a"),
        ({"keyterm": []}, ""),
        ({"endpointing": 0, "utterance_end_ms": 1000}, "endpointing=0&utterance_end_ms=1000"),
        ({"eot_threshold": 0.7}, "eot_threshold=0.7"),
        ({"replace": "find:put, please"}, "replace=find%3Aput%2C%20please"),
        ({"tag": "a+b&c=d%/é"}, "tag=a%2Bb%26c%3Dd%25%2F%C3%A9"),
    ],
)
def test_parameters_as_they_are_written(parameters: dict[str, QueryValue], query: str) -> None:
    assert build_query(parameters) == query


names = st.from_regex(r"[a-zA-Z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True)
scalars = st.text(max_size=12) | st.integers() | st.floats() | st.booleans()
parameters = st.dictionaries(names, scalars | st.none() | st.lists(scalars, max_size=4), max_size=6)
quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@given(parameters=parameters)
@quick
def test_every_query_is_one_that_sagemaker_takes(parameters: dict[str, QueryValue]) -> None:
    query = build_query(parameters)
    assert query == "" or MODEL_QUERY_STRING.fullmatch(query)


@given(parameters=st.dictionaries(names, st.text(max_size=12) | st.lists(st.text(max_size=5))))
@quick
def test_every_query_reads_back_as_what_was_given(
    parameters: dict[str, str | list[str]],
) -> None:
    given = [
        (name, text)
        for name, value in parameters.items()
        for text in ([value] if isinstance(value, str) else value)
        if text
    ]
    assert parse_qsl(build_query(parameters)) == given
