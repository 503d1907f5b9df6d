# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint for one test, with services of this package in front of it."""

import asyncio

import pytest

from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.container import FluxOptions, ScriptedBehavior
from pipecat_sagemaker_deepgram.testing import (
    EndpointOptions,
    Heard,
    local_endpoint,
    run_stt,
    scripted_speech,
)

SPEECH = scripted_speech(words=40)


def test_no_loop_is_needed_to_run_it():
    """The test's own loop begins and ends while the endpoint runs."""
    with local_endpoint(EndpointOptions(faults=["reset@bytes=32000"])) as endpoint:

        async def run() -> Heard:
            return await run_stt(DeepgramSageMakerSTTService(**endpoint.options), SPEECH)

        heard = asyncio.run(run())
        assert heard.words == SPEECH.words
        assert [stream.ended for stream in endpoint.streams] == [
            "fault: reset=INTERNAL_ERROR",
            "container closed: 1000",
        ]


async def test_faults_come_and_go_while_it_runs():
    with local_endpoint() as endpoint:
        endpoint.add_fault("refuse=403,streams=every")
        heard = await run_stt(DeepgramSageMakerSTTService(**endpoint.options), SPEECH)
        assert heard.words == []
        assert len(heard.errors) >= 1
        endpoint.clear_faults()
        heard = await run_stt(DeepgramSageMakerSTTService(**endpoint.options), SPEECH)
        assert heard.words == SPEECH.words
        with pytest.raises(ValueError, match="explode"):
            endpoint.add_fault("explode")


async def test_flux_and_its_container_can_be_set_up():
    options = EndpointOptions(
        name="deepgram-flux",
        region="eu-central-1",
        behavior=ScriptedBehavior(max_speed=20),
        flux=FluxOptions(closestream_finalizes=True),
    )
    with local_endpoint(options) as endpoint:
        assert endpoint.options["region"] == "eu-central-1"
        heard = await run_stt(DeepgramFluxSageMakerSTTService(**endpoint.options), SPEECH)
    assert heard.words == SPEECH.words


async def test_expired_credentials_are_refused_and_new_ones_taken():
    with local_endpoint() as endpoint:
        old = endpoint.options
        endpoint.expire_credentials()
        assert (await run_stt(DeepgramSageMakerSTTService(**old), SPEECH)).words == []
        new = DeepgramSageMakerSTTService(**endpoint.options)
        assert (await run_stt(new, SPEECH)).words == SPEECH.words
