# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's JavaScript SDK in a browser that holds no key, but a token granted to one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.gateway import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from tests.container.clients.outside import javascript_folder
from tests.container.clients.servers import serving
from tests.container.conversation import submit, wav
from tests.examples.chromium import chromium_or_skip, running_chromium
from tests.local_path import words

SPEECH = marked_audio(0, 30)
SCRIPT = Path(__file__).with_name("browser_page.js")
QUERY = "{model: 'nova-3', encoding: 'linear16', sample_rate: 16000, interim_results: true}"


@asynccontextmanager
async def application(sdk: Path) -> AsyncIterator[str]:
    """Somebody's web application, on another origin than the gateway's."""
    files = {
        "/": ("text/html", b"<script src=/sdk.js></script><script src=/page.js></script>"),
        "/favicon.ico": ("image/x-icon", b""),
        "/sdk.js": ("text/javascript", sdk.read_bytes()),
        "/page.js": ("text/javascript", SCRIPT.read_bytes()),
        "/speech.pcm": ("application/octet-stream", SPEECH),
        "/speech.wav": ("audio/wav", wav(SPEECH)),
    }

    async def serve(request: web.Request) -> web.Response:
        kind, body = files[request.path]
        return web.Response(body=body, content_type=kind)

    app = web.Application()
    app.add_routes([web.get(path, serve) for path in files])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_browser_listens_with_a_granted_token_while_the_endpoint_breaks(tmp_path: Path):
    program = chromium_or_skip()
    sdk = javascript_folder() / "node_modules/@deepgram/sdk/dist/browser/index.global.js"
    _, key = KeyFile(tmp_path / "keys.json").add("app")
    async with application(sdk) as origin:
        access = AccessOptions(key_file=tmp_path / "keys.json", origins=(origin,))
        async with serving("broken", access=access) as server:
            headers = {"Authorization": f"Token {key}"}
            granted = await submit(server.url, "/v1/auth/grant", b"", headers=headers)
            token = granted.json["access_token"]
            async with running_chromium(program, tmp_path, tmp_path / "silence.wav") as page:
                await page.open(origin)
                place = f"'{server.http}', '{token}'"
                heard = await page.evaluate(f"listen({place}, {QUERY})", timeout=60)
                answer = await page.evaluate(f"recorded({place}, 'model=nova-3')", timeout=60)
                assert page.exceptions == []
    finals = [m for m in heard["messages"] if m["type"] == "Results" and m["is_final"]]
    text = " ".join(m["channel"]["alternatives"][0]["transcript"] for m in finals)
    assert (text.split(), heard["code"]) == (words(0, 30), 1000)
    assert answer["id"] == answer["answer"]["metadata"]["request_id"]
