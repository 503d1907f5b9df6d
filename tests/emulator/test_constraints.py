# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What members may be."""

import re

import pytest

from pipecat_sagemaker_deepgram.emulator.constraints import NAME, Constraint

SHORT = Constraint(4, re.compile("[a-z]*"), shortest=2)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("abcde", "length less than or equal to 4"),
        ("a", "length greater than or equal to 2"),
        ("AB", "regular expression pattern: [a-z]*"),
        ("ab", None),
    ],
)
def test_each_rule_has_its_sentence(value: str, rule: str | None):
    sentence = SHORT.violation("member", value)
    assert sentence is None if rule is None else rule in (sentence or "")


def test_what_is_sensitive_is_not_repeated():
    secret = Constraint(9, re.compile("x"), is_sensitive=True)
    assert "hush" not in (secret.violation("member", "hush") or "hush")
    assert "hush" in (NAME.violation("member", "-hush") or "")
