# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What streams share."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.emulator import (
    EmulatorCredentials,
    EmulatorSettings,
    Fault,
    FaultScript,
    InjectText,
    Refuse,
)
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.stream.request import InvocationRequest

REQUEST = InvocationRequest("ep")


def endpoint(region: str = "us-east-1", *credentials: EmulatorCredentials) -> EmulatedEndpoint:
    settings = EmulatorSettings()
    return EmulatedEndpoint("ws://c:1", region, settings, None, list(credentials), FaultScript())


def test_a_request_of_the_sdk_is_admitted(vectors: dict[str, Any]):
    known, found = vectors["credentials"], vectors["requests"][0]
    credentials = EmulatorCredentials(known["access_key_id"], known["secret_access_key"])
    request = SignedRequest(found["method"], found["path"], found["host"], found["headers"])
    now = datetime(2026, 1, 2, tzinfo=UTC)
    _, invocation = endpoint(vectors["region"], credentials).admit(request, now)
    assert invocation == InvocationRequest(
        "deepgram-nova-3", "v1/listen", "model=nova-3&keyterm=caf%C3%A9%20au%20lait", "variant-1"
    )
    with pytest.raises(ErrorAnswer, match="403"):
        endpoint("eu-west-1", credentials).admit(request, now)


def test_rotation_keeps_the_old_credentials_as_expired():
    old = EmulatorCredentials("OLD", "secret", "token")
    shared = endpoint("us-east-1", old)
    new = shared.rotate_credentials()
    assert [each.expired for each in shared.credentials] == [True, False]
    assert shared.credentials[-1] == new
    assert new.session_token not in (None, "token")


def test_a_scripted_refusal_takes_the_usual_code_and_message():
    answer = endpoint().scripted_refusal(Refuse(429), REQUEST)
    assert (answer.code, answer.message) == ("ThrottlingException", "Rate exceeded")


def test_a_scripted_424_has_the_members_of_a_real_one():
    shared = endpoint()
    real, scripted = (
        shared.container_refused(REQUEST),
        shared.scripted_refusal(Refuse(424), REQUEST),
    )
    assert scripted.body() == real.body()
    named = shared.scripted_refusal(Refuse(424, "ModelError", "no"), REQUEST)
    assert named.message == "no"
    assert named.members == real.members


def test_records_are_open_streams_for_the_script():
    shared = endpoint()
    first, second = shared.record(1, 1), shared.record(2, 1)
    shared.end(first, "over")
    shared.faults.add(Fault(InjectText("x"), stream="current"))
    assert [fault.stream for fault in shared.faults.faults] == [second.number]
    assert first.ended == "over"


async def test_close_cancels_what_was_spawned():
    shared = endpoint()
    task = shared.spawn(asyncio.Event().wait())  # pyright: ignore[reportArgumentType]
    await shared.close()
    assert task.cancelled()
