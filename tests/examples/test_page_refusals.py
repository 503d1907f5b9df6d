# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an endpoint refuses, on the offline bot's page: one sentence, once, with what to do."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from aiohttp import web
from examples.offline.bot import ENDPOINT_NAME
from examples.offline.web import build_app

from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator

from .chromium import Page

CALL_TIMEOUT = 60.0
SENTENCES = "[...document.querySelectorAll('#turns .break')].map((each) => each.innerText)"


@asynccontextmanager
async def other_container() -> AsyncIterator[str]:
    """A container that has another model than the bot asks for."""

    async def refuse(request: web.Request) -> web.Response:
        said = "Bad Request: No such model/version combination found."
        return web.json_response({"err_code": "Bad Request", "err_msg": said}, status=400)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    yield f"ws://{host}:{port}"
    await runner.cleanup()


@asynccontextmanager
async def container(max_streams: int | None = None) -> AsyncIterator[str]:
    options = ContainerOptions(max_streams=max_streams)
    async with ModelContainer(ScriptedRecognizer(), options=options) as container:
        await container.wait_until_ready(CALL_TIMEOUT)
        yield container.url


@asynccontextmanager
async def running_bot(
    monkeypatch: pytest.MonkeyPatch, container_url: str, endpoint_name: str
) -> AsyncIterator[str]:
    async with SageMakerEmulator(
        container_url, endpoint_names=[endpoint_name], faults=FaultScript()
    ) as endpoint:
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        runner = web.AppRunner(build_app("flux", endpoint.faults, lambda: endpoint.streams))
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        await runner.cleanup()


@pytest.mark.parametrize(
    ("endpoint_name", "running_container", "says"),
    [
        ("other", container, f"There is no endpoint {ENDPOINT_NAME} in us-east-1 in"),
        (ENDPOINT_NAME, other_container, "The endpoint has no model"),
        (ENDPOINT_NAME, partial(container, 0), "The container is full and accepts no"),
    ],
    ids=["wrong name", "refused model", "full container"],
)
async def test_a_refusal_is_one_sentence_with_what_to_do(
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
    endpoint_name: str,
    running_container: Callable[[], AbstractAsyncContextManager[str]],
    says: str,
) -> None:
    async with (
        running_container() as container_url,
        running_bot(monkeypatch, container_url, endpoint_name) as address,
    ):
        await page.open(address)
        await page.click("#call")
        await page.until("document.querySelector('#status').textContent === 'refused'")
        await page.until(f"{SENTENCES}.length > 0")
        (said,) = await page.evaluate(SENTENCES)
        assert said.startswith(says)
        assert any(f". {advice} " in said for advice in ("Check", "Choose", "Try again"))
        shown = await page.evaluate("document.body.innerText")
        assert shown.count(says) == 1
        assert "CloudWatch" not in shown
        await page.click("#call")
