# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's own SageMaker suites expect of a stream, by versions of the unmodified AWS SDK.

Each test of a version names an expectation; all of its scenarios run in one process, five of them
at once, each on a connection of its own.
"""

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from benchmarks.environments import Environment

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.emulator import StreamRecord
from pipecat_sagemaker_deepgram.testing import EndpointOptions, LocalEndpoint, local_endpoint

SCRIPT = Path(__file__).with_name("aws_sdk_client.py")
WORDS = [f"w{number}" for number in range(20)]
AUDIO = base64.b64encode(marked_audio(0, len(WORDS)) + bytes(16_000)).decode()
QUERY = "model=nova-3&encoding=linear16&sample_rate=16000&interim_results=true"

SCENARIOS: dict[str, dict[str, str]] = {
    "basic": {"query": QUERY, "close": "UTF8", "audio": AUDIO},
    "close_stream_binary_frame": {"query": QUERY, "close": "BINARY", "audio": AUDIO},
    "adversarial_bare_close": {"query": QUERY, "close": "bare", "audio": AUDIO},
    "unknown_parameter": {"query": f"{QUERY}&bogus=true", "close": "UTF8", "audio": AUDIO},
    "another basic": {"query": QUERY, "close": "UTF8", "audio": AUDIO},
}


@pytest.fixture(scope="module", params=["0.6.0", "0.9.0", "0.12.0"])
def run(request: pytest.FixtureRequest) -> tuple[dict[str, dict[str, Any]], list[StreamRecord]]:
    """What came of each scenario, and what the endpoint saw."""
    sdk = f"aws-sdk-sagemaker-runtime-http2[awscrt]=={request.param}"
    environment = Environment(name=f"aws-sdk-{request.param}", requirements=(sdk,), shown=())
    try:
        environment.build()
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"the environment cannot be built here: {error}")
    with local_endpoint(EndpointOptions(name="deepgram-nova-3")) as endpoint:
        said = _run(environment.python, endpoint)
        return dict(zip(SCENARIOS, json.loads(said), strict=True)), endpoint.streams


def _run(python: Path, endpoint: LocalEndpoint) -> str:
    variables = {"PATH": os.environ["PATH"], **endpoint.environment}
    done = subprocess.run(
        [str(python), str(SCRIPT)],
        input=json.dumps(list(SCENARIOS.values())),
        env=variables | {"SSL_CERT_FILE": variables["AWS_CA_BUNDLE"]},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


type Run = tuple[dict[str, dict[str, Any]], list[StreamRecord]]


def words_of(outcome: dict[str, Any]) -> list[str]:
    """The words of the finals."""
    messages = [json.loads(text) for text in outcome["texts"]]
    finals = [each for each in messages if each["type"] == "Results" and each["is_final"]]
    return [word["word"] for each in finals for word in each["channel"]["alternatives"][0]["words"]]


def test_connect_and_await_output_with_one_stream_per_connection(run: Run):
    outcomes, records = run
    assert outcomes["basic"]["variant"] == "AllTraffic"
    assert len({record.connection for record in records}) == len(SCENARIOS)


@pytest.mark.parametrize("name", ["basic", "another basic"])
def test_control_as_utf8_and_audio_as_binary_then_closestream_drain_and_close(run: Run, name: str):
    outcome = run[0][name]
    assert words_of(outcome) == WORDS
    assert outcome["ended"] == "cleanly"


def test_interim_results_come(run: Run):
    messages = [json.loads(text) for text in run[0]["basic"]["texts"]]
    assert any(each["type"] == "Results" and not each["is_final"] for each in messages)


def test_the_last_message_is_metadata_with_sha256(run: Run):
    last = json.loads(run[0]["basic"]["texts"][-1])
    assert last["type"] == "Metadata"
    assert last["sha256"]


def test_close_stream_binary_frame_is_understood(run: Run):
    assert words_of(run[0]["close_stream_binary_frame"]) == WORDS


def test_adversarial_bare_close_ends_the_stream(run: Run):
    """The input closed without CloseStream: the tail may be lost, what came came in order."""
    outcome = run[0]["adversarial_bare_close"]
    heard = words_of(outcome)
    assert heard == WORDS[: len(heard)]
    assert "error" not in outcome


def test_an_unknown_parameter_is_424_with_the_words_that_clients_look_for(run: Run):
    outcome = run[0]["unknown_parameter"]
    assert "Failed to establish WebSocket connection" in outcome["message"]
    assert outcome["error"] == "ModelError"
    assert outcome["texts"] == []
    (record,) = [each for each in run[1] if "bogus" in each.query]
    assert record.status == 424
    assert "bogus" in (record.container_reason or "")
