# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Which of the answers a request over HTTP/1.1 gets."""

from datetime import UTC, datetime

import pytest

from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, FaultScript
from pipecat_sagemaker_deepgram.emulator.api.plain_http import answer_plain
from pipecat_sagemaker_deepgram.emulator.endpoint import Endpoint
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STREAM = "/endpoints/deepgram/invocations-bidirectional-stream"


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/_emulator/faults?x", 200, b"# no faults"),
        ("POST", STREAM, 426, b"streams need HTTP/2"),
        ("POST", "/", 400, b"SerializationException"),
    ],
)
def test_each_path_has_its_answer(method: str, path: str, status: int, words: bytes):
    endpoint = Endpoint(
        "ws://127.0.0.1:1", "us-east-1", EmulatorSettings(), None, [], FaultScript()
    )
    answer = answer_plain(SignedRequest(method, path, "it", []), b"\xff", endpoint, NOW)
    assert answer.status == status
    assert words in answer.body
    assert dict(answer.headers)["date"] == "Sat, 21 Nov 2026 12:00:00 GMT"
    assert len(dict(answer.headers)["x-amzn-requestid"]) == 36
