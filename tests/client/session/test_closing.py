# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long a stream is waited for at the end."""

import pytest

from pipecat_sagemaker_deepgram.client.session.closing import LEAST_PATIENCE, Closing


@pytest.mark.parametrize(
    ("timeout", "stall_timeout", "patience"),
    [
        (5.0, 5.0, 2.5),
        (60.0, 5.0, 5.0),
        (5.0, 2.0, 2.0),
        (1.5, 5.0, LEAST_PATIENCE),
        (0.0, 5.0, LEAST_PATIENCE),
    ],
)
def test_half_of_the_time_is_for_the_stream_that_is_there(
    timeout: float, stall_timeout: float, patience: float
) -> None:
    assert Closing(10.0, 10.0 + timeout).patience(stall_timeout) == patience
