# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every request is logged once, whatever became of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.gateway import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from tests.container.conversation import CLOSE_STREAM, hear_out, listen_url, submit
from tests.gateway.running import running_gateway

_LOG = "pipecat_sagemaker_deepgram.gateway.log"


@pytest.fixture
def records() -> Iterator[list[Any]]:
    """What the gateway logs about requests."""
    records: list[Any] = []
    sink = logger.add(lambda line: records.append(line.record), level="DEBUG", filter=_LOG)  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]
    yield records
    logger.remove(sink)


def facts(record: Any) -> tuple[Any, ...]:
    extra = record["extra"]
    return extra["method"], extra["route"], extra["status"], extra["key_id"]


async def test_a_stream_is_logged_with_its_upgrade(records: list[Any]):
    async with running_gateway() as gateway:
        async with connect(listen_url(gateway.url)) as websocket:
            await websocket.send(CLOSE_STREAM)
            await hear_out(websocket)
    (record,) = records
    assert facts(record) == ("GET", "/v1/listen", 101, "anonymous")
    assert record["extra"]["seconds"] >= 0
    assert "GET /v1/listen 101 after" in record["message"]


async def test_a_refused_stream_is_logged_with_its_status(records: list[Any], tmp_path: Path):
    KeyFile(tmp_path / "keys.json").add("app")
    access = AccessOptions(key_file=tmp_path / "keys.json")
    async with running_gateway(options={"access": access}) as gateway:
        with pytest.raises(InvalidStatus):
            await connect(listen_url(gateway.url))
    (record,) = records
    assert facts(record) == ("GET", "/v1/listen", 401, "")
    assert "401 after" in record["message"]
    assert record["extra"]["reason"] == "Invalid credentials."
    assert record["message"].endswith("key unknown: Invalid credentials.")
    assert record["level"].name == "WARNING"


async def test_a_refused_stream_is_logged_with_its_reason_and_the_id_of_its_key(
    records: list[Any], tmp_path: Path
):
    stored, key = KeyFile(tmp_path / "keys.json").add("app")
    access = AccessOptions(key_file=tmp_path / "keys.json")
    headers = {"Authorization": f"Token {key}"}
    async with running_gateway(options={"access": access}) as gateway:
        with pytest.raises(InvalidStatus):
            await connect(listen_url(gateway.url, "&bo%0Agus=1"), additional_headers=headers)
    (record,) = records
    assert facts(record) == ("GET", "/v1/listen", 400, stored.id)
    assert record["message"].endswith(f"key {stored.id}: unsupported query parameter(s): bo gus")
    assert key not in str(record)


async def test_a_path_that_is_not_served_is_logged_as_it_was_written(records: list[Any]):
    async with running_gateway() as gateway:
        await submit(gateway.url, "/nowhere%0Aforged", b"")
    (record,) = records
    assert facts(record) == ("POST", "", 404, "")
    assert "POST /nowhere%0Aforged 404 after" in record["message"]


async def test_polling_is_quiet_unless_it_fails(records: list[Any]):
    async with running_gateway(options={"endpoints": ()}) as gateway:
        for path in ("/health/live", "/health/ready"):
            await submit(gateway.url, path, method="GET")
    assert [(facts(each)[1:3], each["level"].name) for each in records] == [
        (("/health/live", 200), "DEBUG"),
        (("/health/ready", 503), "WARNING"),
    ]
