# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of query parameters."""

import pytest

from pipecat_sagemaker_deepgram.container.query_checks import (
    Check,
    QueryError,
    are_too_many_keyterms,
    boolean,
    check_query,
    choice,
    integer,
    keyterms,
    number,
    one,
    several,
)


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        (one, "any text", "any text"),
        (boolean, "true", True),
        (boolean, "false", False),
        (integer(1, 20), "20", 20),
        (number(0.5, 1.0), "0.5", 0.5),
        (number(0.5, 1.0), "1", 1.0),
        (number(0.5, 1.0), "1.0", 1.0),
        (choice("a", "b"), "b", "b"),
    ],
)
def test_a_check_gives_the_value(check: Check, text: str, value: object):
    assert check("name", [text]) == value


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (boolean, "True"),
        (boolean, "1"),
        (integer(1, 20), "21"),
        (integer(1, 20), "1.0"),
        (integer(1, 20), "+1"),
        (integer(1, 20), ""),
        (number(0.5, 1.0), "0.49999"),
        (number(0.5, 1.0), "1.00001"),
        (number(0.5, 1.0), "nan"),
        (number(0.5, 1.0), "7e-1"),
        (number(0.5, 1.0), " 0.7"),
        (number(0.5, 1.0), "0.7\n"),
        (choice("a", "b"), "c"),
        (several(3), ""),
        (several(3), "abcd"),
    ],
)
def test_a_check_refuses_by_name(check: Check, text: str):
    with pytest.raises(QueryError, match=r"query parameters: name: invalid value"):
        check("name", [text])


@pytest.mark.parametrize("check", [one, boolean, integer(0, 9), number(0, 9), choice("1")])
def test_what_may_be_given_once_is_refused_twice(check: Check):
    with pytest.raises(QueryError, match="duplicate field `name`"):
        check("name", ["1", "1"])


def test_keyterms_are_limited_together():
    assert not are_too_many_keyterms(["a b"] * 250)
    with pytest.raises(QueryError, match="Keyterm limit exceeded"):
        keyterms("keyterm", ["a b"] * 250 + ["c"])


def test_a_query_is_read_by_its_checks():
    checks = {"a": one, "b": several()}
    assert check_query("a=x%20y&b=1&b=2", checks) == {"a": "x y", "b": ["1", "2"]}
    with pytest.raises(QueryError, match="unsupported query parameter"):
        check_query("a=1&c=2", checks)
