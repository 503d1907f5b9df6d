# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from http import HTTPStatus

import pytest

from pipecat_sagemaker_deepgram.gateway.jobs.decisions import (
    AttemptFailure,
    failure_of,
    next_attempt,
    next_callback,
)
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions, JobOptions
from pipecat_sagemaker_deepgram.web.errors import RequestError

OPTIONS = JobOptions(database="sqlite://")
PASSING = AttemptFailure("SERVICE_UNAVAILABLE", "later", is_final=False)


def test_a_job_is_tried_three_times_with_waits_that_double():
    waits = [next_attempt(PASSING, attempts, OPTIONS) for attempts in (1, 2, 3)]
    assert waits == [5.0, 10.0, None]


def test_what_cannot_work_is_not_tried_again():
    assert (
        next_attempt(AttemptFailure("Bad Request", "no audio", is_final=True), 1, OPTIONS) is None
    )


def test_a_callback_is_tried_ten_times_every_30_s():
    waits = [next_callback(attempts, CallbackOptions()) for attempts in range(1, 11)]
    assert waits == [30.0] * 9 + [None]


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (415, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_a_refusal_is_final_if_another_attempt_would_be_refused_too(status: int, is_final: bool):
    failure = failure_of(RequestError(HTTPStatus(status), "CODE", "why"))
    assert failure == AttemptFailure("CODE", "why", is_final)


def test_what_another_error_says_is_quoted_nowhere():
    failure = failure_of(ValueError("hello world was said"))
    assert failure == AttemptFailure(
        "INTERNAL_SERVER_ERROR", "Internal Server Error (ValueError)", False
    )
