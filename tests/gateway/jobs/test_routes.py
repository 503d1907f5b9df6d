# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs over HTTP, with a real endpoint behind the gateway."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook

from pipecat_sagemaker_deepgram.gateway import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.jobs.options import (
    CallbackOptions,
    JobOptions,
    sqlite_url,
)
from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, FetchOptions
from tests.container.conversation import wav
from tests.gateway.running import RunningGateway, running_gateway
from tests.local_path import marked_audio, words

RECORDING = wav(marked_audio(0, 20))
LIMIT = 60.0
SECRET = b"a secret of both sides"


def here(address: Address) -> bool:
    return str(address) == "127.0.0.1"


@asynccontextmanager
async def gateway(path: Path, **changes: Any) -> AsyncIterator[RunningGateway]:
    callbacks = CallbackOptions(is_allowed=here, interval=0.1, secret=SECRET)
    given: dict[str, Any] = {"poll": 0.1, "callbacks": callbacks}
    options = {
        "jobs": JobOptions(database=sqlite_url(path / "jobs.db"), **given | changes),
        "fetch": FetchOptions(is_allowed=here),
        "access": AccessOptions(key_file=path / "keys.json"),
    }
    async with running_gateway(options=options) as running:
        yield running


class Client:
    """Asks a gateway."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        given = {"Content-Type": "audio/wav"} | (headers or {})
        url = f"{self._base}{path}"
        async with self._session.request(method, url, data=body, headers=given) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def until_done(self, id: str) -> dict[str, Any]:
        async with asyncio.timeout(LIMIT):
            while True:
                status, job = await self.ask("GET", f"/v1/jobs/{id}")
                assert status == 200
                if job["status"] in ("completed", "failed"):
                    return job
                await asyncio.sleep(0.1)


@asynccontextmanager
async def client(running: RunningGateway) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(running.gateway.url, session)


class Receiver:
    """Receives callbacks; refuses the first ones."""

    def __init__(self, refusals: int = 0) -> None:
        self.requests: asyncio.Queue[tuple[str, dict[str, str], bytes]] = asyncio.Queue()
        self._refusals = refusals

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.put_nowait((request.method, headers, body))
        self._refusals -= 1
        return web.Response(status=500 if self._refusals >= 0 else 200)

    async def next(self) -> tuple[str, dict[str, str], bytes]:
        async with asyncio.timeout(LIMIT):
            return await self.requests.get()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        application = web.Application()
        application.router.add_get("/speech.wav", serve_recording)
        application.router.add_route("*", "/{name}", self.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def serve_recording(request: web.Request) -> web.Response:
    return web.Response(body=RECORDING)


def text(answer: Any) -> list[str]:
    return answer["results"]["channels"][0]["alternatives"][0]["transcript"].split()


async def test_a_result_is_called_back_signed_and_again_if_it_was_refused(tmp_path: Path):
    receiver = Receiver(refusals=1)
    async with receiver.open() as url, gateway(tmp_path) as running, client(running) as asking:
        path = f"/v1/listen?model=nova-3&callback={url}/done&callback_method=put"
        status, answer = await asking.ask("POST", path, RECORDING)
        assert (status, list(answer)) == (200, ["request_id"])
        for _ in range(2):
            method, headers, body = await receiver.next()
            verified = Webhook(SECRET).verify(body, headers)
            assert (method, text(verified)) == ("PUT", words(0, 20))
            assert verified["metadata"]["request_id"] == answer["request_id"]
            assert headers["dg-token"] == "anonymous"


async def test_a_job_is_polled_listed_and_deleted(tmp_path: Path):
    async with gateway(tmp_path) as running, client(running) as asking:
        _, answer = await asking.ask("POST", "/v1/jobs?model=nova-3&priority=7", RECORDING)
        id = answer["request_id"]
        job = await asking.until_done(id)
        assert (job["status"], job["priority"], job["attempts"]) == ("completed", 7, 1)
        assert text(job["result"]) == words(0, 20)
        _, listed = await asking.ask("GET", "/v1/jobs?status=completed")
        assert [(each["request_id"], "result" in each) for each in listed["jobs"]] == [(id, False)]
        assert (await asking.ask("DELETE", f"/v1/jobs/{id}"))[0] == 204
        assert (await asking.ask("GET", f"/v1/jobs/{id}"))[0] == 404
        assert (await asking.ask("DELETE", f"/v1/jobs/{id}"))[0] == 404
        assert (await asking.ask("GET", "/v1/jobs/%00"))[0] == 404


async def test_a_poison_file_fails_at_once_and_says_why(tmp_path: Path):
    async with gateway(tmp_path) as running, client(running) as asking:
        _, answer = await asking.ask("POST", "/v1/jobs?model=nova-3", b"no audio at all")
        job = await asking.until_done(answer["request_id"])
    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert job["error"]["err_code"] == "Bad Request"


async def test_the_architectures_route_queues_what_is_long(tmp_path: Path):
    async with Receiver().open() as url, gateway(tmp_path) as running, client(running) as asking:
        wish = {"audioUrl": f"{url}/speech.wav", "userId": "ada", "priority": 3}
        body = json.dumps(wish | {"audioDuration": 301}).encode()
        status, answer = await asking.ask("POST", "/transcribe", body)
        assert (status, answer["status"]) == (202, "queued")
        job = await asking.until_done(answer["jobId"])
    assert (job["user_id"], job["priority"]) == ("ada", 3)
    assert text(job["result"]) == words(0, 20)


async def test_a_key_has_its_own_jobs(tmp_path: Path):
    keys = KeyFile(tmp_path / "keys.json")
    mine, theirs = ({"Authorization": f"Token {keys.add(name)[1]}"} for name in ("a", "b"))
    async with gateway(tmp_path, concurrency=0) as running, client(running) as asking:
        _, answer = await asking.ask("POST", "/v1/jobs?model=nova-3", RECORDING, mine)
        path = f"/v1/jobs/{answer['request_id']}"
        assert (await asking.ask("GET", path, headers=mine))[0] == 200
        for method in ("GET", "DELETE"):
            assert (await asking.ask(method, path, headers=theirs))[0] == 404
            assert (await asking.ask(method, path))[0] == 401
        assert (await asking.ask("GET", "/v1/jobs", headers=theirs))[1] == {"jobs": []}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("callback=ftp://receiver.example", "INVALID_QUERY_PARAMETER"),
        ("callback=http://[", "INVALID_QUERY_PARAMETER"),
        ("callback=http://127.0.0.2/inside", "REMOTE_CONTENT_ERROR"),
        ("callback=http://169.254.169.254/latest", "REMOTE_CONTENT_ERROR"),
        ("callback=http://r.example&callback_method=GET", "INVALID_QUERY_PARAMETER"),
        ("callback=http://r.example&priority=much", "INVALID_QUERY_PARAMETER"),
        ("callback=http://r.example&priority=1001", "INVALID_QUERY_PARAMETER"),
        ("callback=http://r.example/%00&callback_method=put", "INVALID_QUERY_PARAMETER"),
    ],
)
async def test_what_cannot_be_queued_is_refused(tmp_path: Path, query: str, code: str):
    async with gateway(tmp_path, concurrency=0) as running, client(running) as asking:
        status, answer = await asking.ask("POST", f"/v1/listen?model=nova-3&{query}", RECORDING)
    assert (status, answer["err_code"]) == (400, code)


async def test_a_database_that_is_gone_refuses_jobs_and_nothing_else(tmp_path: Path):
    async with gateway(tmp_path, concurrency=0) as running, client(running) as asking:
        for file in tmp_path.glob("jobs.db*"):
            file.write_bytes(b"no database" * 1000)
        status, answer = await asking.ask("POST", "/v1/jobs?model=nova-3", RECORDING)
        assert (status, answer["err_code"]) == (503, "SERVICE_UNAVAILABLE")
        status, answer = await asking.ask("POST", "/v1/listen?model=nova-3", RECORDING)
        assert (status, text(answer)) == (200, words(0, 20))
