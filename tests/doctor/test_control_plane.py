# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whose policies IAM is asked to simulate."""

import pytest

from pipecat_sagemaker_deepgram.doctor.control_plane import policy_source


@pytest.mark.parametrize(
    ("arn", "source"),
    [
        ("arn:aws:iam::123456789012:user/me", "arn:aws:iam::123456789012:user/me"),
        (
            "arn:aws-us-gov:sts::123456789012:assumed-role/bot/session",
            "arn:aws-us-gov:iam::123456789012:role/bot",
        ),
        ("arn:aws:iam::123456789012:root", None),
        ("arn:aws:sts::123456789012:federated-user/me", None),
    ],
)
def test_the_principal_behind_a_caller(arn: str, source: str | None) -> None:
    assert policy_source(arn) == source
