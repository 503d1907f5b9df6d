# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's own SageMaker suites expect of a client, by versions of the unmodified AWS SDK.

Each test of a version names an expectation; all of its scenarios run in one process, six of them
at once, each on a connection of its own.
"""

import subprocess

import pytest
from benchmarks.environments import Environment

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.emulator import StreamRecord
from pipecat_sagemaker_deepgram.testing import EndpointOptions, local_endpoint

from .aws_sdk_streams import (
    CLOSE_STREAM,
    KEEP_ALIVE,
    Outcome,
    audio_step,
    run_streams,
    scenario,
)

WORDS = [f"w{number}" for number in range(20)]
LONG = [f"w{number}" for number in range(330)]
SPEECH = audio_step(marked_audio(0, len(WORDS)) + bytes(16_000))
QUERY = "model=nova-3&encoding=linear16&sample_rate=16000&interim_results=true"
MEGABYTE = 1_000_000


def listening(*steps: dict, more: str = "") -> dict:
    return scenario("v1/listen", QUERY + more, KEEP_ALIVE, *steps)


SCENARIOS = {
    "basic": listening(SPEECH, CLOSE_STREAM),
    "close_stream_binary_frame": listening(SPEECH, CLOSE_STREAM | {"as": "BINARY"}),
    "adversarial_bare_close": listening(SPEECH, {"close": True}),
    "unknown_parameter": listening(SPEECH, CLOSE_STREAM, more="&bogus=true"),
    "another basic": listening(SPEECH, CLOSE_STREAM),
    "megabyte chunks": listening(
        audio_step(marked_audio(0, len(LONG)), chunk=MEGABYTE), CLOSE_STREAM
    ),
}

type Run = tuple[dict[str, Outcome], list[StreamRecord]]


@pytest.fixture(scope="module", params=["0.6.0", "0.9.0", "0.12.0"])
def run(request: pytest.FixtureRequest) -> Run:
    """What came of each scenario, and what the endpoint saw."""
    sdk = f"aws-sdk-sagemaker-runtime-http2[awscrt]=={request.param}"
    environment = Environment(name=f"aws-sdk-{request.param}", requirements=(sdk,), shown=())
    try:
        environment.build()
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"the environment cannot be built here: {error}")
    with local_endpoint(EndpointOptions(name="deepgram-nova-3")) as endpoint:
        outcomes = run_streams(endpoint, SCENARIOS, python=environment.python)
        return outcomes, endpoint.streams


def test_connect_and_await_output_with_one_stream_per_connection(run: Run):
    outcomes, records = run
    assert outcomes["basic"].variant == "AllTraffic"
    assert len({record.connection for record in records}) == len(SCENARIOS)


@pytest.mark.parametrize("name", ["basic", "another basic"])
def test_control_as_utf8_and_audio_as_binary_then_closestream_drain_and_close(run: Run, name: str):
    outcome = run[0][name]
    assert outcome.words == WORDS
    assert outcome.ended == "cleanly"


def test_interim_results_come(run: Run):
    assert any(not each["is_final"] for each in run[0]["basic"].of("Results"))


def test_the_last_message_is_metadata_with_sha256(run: Run):
    last = run[0]["basic"].messages[-1]
    assert last["type"] == "Metadata"
    assert last["sha256"]


def test_chunks_of_a_megabyte_are_taken(run: Run):
    assert run[0]["megabyte chunks"].words == LONG


def test_close_stream_binary_frame_is_understood(run: Run):
    assert run[0]["close_stream_binary_frame"].words == WORDS


def test_adversarial_bare_close_ends_the_stream(run: Run):
    """The input closed without CloseStream: the tail may be lost, what came came in order."""
    outcome = run[0]["adversarial_bare_close"]
    assert outcome.words == WORDS[: len(outcome.words)]
    assert not outcome.error


def test_an_unknown_parameter_is_424_with_the_words_that_clients_look_for(run: Run):
    outcome = run[0]["unknown_parameter"]
    assert "Failed to establish WebSocket connection" in outcome.message
    assert outcome.error == "ModelError"
    assert outcome.items == []
    (record,) = [each for each in run[1] if "bogus" in each.query]
    assert record.status == 424
    assert "unsupported_parameter" in (record.container_reason or "")
