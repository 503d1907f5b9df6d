# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Faults at connect: the recoverable are retried and lose nothing, the fatal are named at once."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from pipecat_sagemaker_deepgram.client import RetryPolicy, Target
from pipecat_sagemaker_deepgram.client import records as events

from ..fault_tables import first_column
from ..local_path import Heard, listen, local_path, marked_audio, speak, transcribe, words
from .fault_cases import CONNECT_COUNT as COUNT
from .fault_cases import (
    CONNECT_FAULTS,
    FATAL_FAULTS,
    PATIENT,
    ConnectFault,
    FatalFault,
    closed_port,
    fail_to_resolve,
    relay,
)

FAULTS = [
    *(f"at connect: {case.name}" for case in CONNECT_FAULTS),
    "at connect: connection refused",
    "at connect: a name that does not resolve twice",
    "at connect: first target down, second used",
]
"""What the table of docs/reliability.md says of this file."""


def _record(record_property: Callable[[str, object], None], fault: str, heard: Heard) -> None:
    record_property("table", "faults")
    record_property("fault", fault)
    record_property("words lost", len(set(words(0, COUNT)) - set(heard.words)))
    record_property("words repeated", len(heard.words) - len(set(heard.words)))
    record_property("streams lost", 0)


@pytest.mark.parametrize("case", CONNECT_FAULTS, ids=lambda case: case.name)
async def test_what_was_said_meanwhile_is_kept(
    case: ConnectFault, record_property: Callable[[str, object], None]
) -> None:
    async with local_path(*case.faults) as path:
        heard = await transcribe(
            path, marked_audio(0, COUNT), config=case.config, retry_policy=PATIENT
        )
        assert heard.words == words(0, COUNT)
        failed = [event for event in heard.events if isinstance(event, events.AttemptFailed)]
        assert len(failed) == case.failed_attempts
    _record(record_property, f"at connect: {case.name}", heard)


async def test_a_port_on_which_nobody_listens_at_first(
    record_property: Callable[[str, object], None],
) -> None:
    refused = asyncio.Event()
    heard = Heard()
    async with closed_port() as port, local_path() as path:
        upstream = urlsplit(path.emulator.endpoint_url)

        def on_event(event: events.SessionEvent) -> None:
            heard.events.append(event)
            if isinstance(event, events.AttemptFailed):
                refused.set()

        client = path.client(
            endpoint_url=f"https://127.0.0.1:{port}",
            on_event=on_event,
            retry_policy=RetryPolicy(max_retries=30, max_backoff=0.2),
        )
        listening = asyncio.create_task(listen(client, heard))
        client.connect()
        await speak(client, marked_audio(0, COUNT))
        await refused.wait()
        async with relay(port, upstream.hostname or "", upstream.port or 0):
            await client.close_session()
        await listening
    assert heard.words == words(0, COUNT)
    cause = next(event.cause for event in heard.events if isinstance(event, events.AttemptFailed))
    assert "refuses the connection" in str(cause)
    _record(record_property, "at connect: connection refused", heard)


async def test_a_name_that_does_not_resolve_twice(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    async with local_path() as path:
        fail_to_resolve("localhost", 2, monkeypatch)
        url = path.emulator.endpoint_url.replace("127.0.0.1", "localhost")
        heard = await transcribe(path, marked_audio(0, COUNT), endpoint_url=url)
    assert heard.words == words(0, COUNT)
    failed = [event.cause for event in heard.events if isinstance(event, events.AttemptFailed)]
    assert ["cannot be resolved" in str(cause) for cause in failed] == [True, True]
    _record(record_property, "at connect: a name that does not resolve twice", heard)


@pytest.mark.parametrize("case", FATAL_FAULTS, ids=lambda case: case.name)
async def test_one_clear_error_within_two_seconds(
    case: FatalFault, record_property: Callable[[str, object], None]
) -> None:
    async with local_path(*case.faults, **case.emulator) as path:
        client = path.client(**case.client)
        async with asyncio.timeout(2):
            with pytest.raises(case.error, match=case.says):
                await client.start_session()
        with pytest.raises(case.error):
            await client.receive_response()
        await client.close_session()
    record_property("table", "fatal faults")
    record_property("fault", case.name)
    record_property("error", f"`{case.error.__name__}`")
    record_property("attempts", client.stats.failed_attempts)


async def test_the_second_target_is_used_when_the_first_is_down(
    record_property: Callable[[str, object], None],
) -> None:
    standby = Target(endpoint_name="standby")
    async with local_path("refuse=503:ServiceUnavailableError@connect,streams=1") as path:
        heard = await transcribe(path, marked_audio(0, COUNT), targets=[standby])
    assert heard.words == words(0, COUNT)
    targets = [event.target for event in heard.events if isinstance(event, events.Connecting)]
    assert [target.endpoint_name for target in targets] == ["deepgram-nova-3", "standby"]
    _record(record_property, "at connect: first target down, second used", heard)


def test_the_page_has_these_cases() -> None:
    assert first_column("fatal faults") == [case.name for case in FATAL_FAULTS]
