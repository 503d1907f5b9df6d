# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A headless Chromium with a sound file for a microphone, driven by the DevTools protocol."""

import asyncio
import base64
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = "Chromium is not installed: run scripts/system-deps as root"

_START_TIMEOUT = 60.0
_CALL_TIMEOUT = 30.0
_CLOSE_TIMEOUT = 20.0
_UNLIMITED: dict[str, Any] = {"max_size": None, "ping_interval": None}
_ANNOUNCEMENT = b"DevTools listening on "


def find_chromium() -> str | None:
    """The path of the first of ``PROGRAMS`` that is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def chromium_or_skip() -> str:
    """The path of Chromium; a test is skipped without it."""
    return find_chromium() or pytest.skip(NO_CHROMIUM)


class Page:
    """One page of a browser.

    Args:
        connection: The browser's DevTools.
        address: Where they are.
    """

    def __init__(self, connection: ClientConnection, address: str) -> None:
        self._connection = connection
        self._address = address
        self._numbers = count(1)
        self._session: str | None = None
        self._target = ""
        self.exceptions: list[str] = []

    async def open(self, url: str) -> None:
        """Open a page and follow its exceptions, and what else its console calls an error."""
        target = await self._call("Target.createTarget", url="about:blank", width=1280, height=900)
        await self._attach(target["targetId"])
        await self._call("Runtime.enable")
        await self._call("Log.enable")
        await self._call("Page.enable")
        await self._call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def evaluate(self, expression: str, *, timeout: float = _CALL_TIMEOUT) -> Any:
        """The value of an expression; of what it resolves to, if that is a promise."""
        answer = await self._call(
            "Runtime.evaluate",
            timeout=timeout,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def until(self, condition: str, *, timeout: float = _CALL_TIMEOUT) -> None:
        """Wait until a condition holds; it is looked at whenever the document changes."""
        watching = f"""new Promise((resolve) => {{
            const observer = new MutationObserver(check);
            function check() {{
                if (!({condition})) return;
                observer.disconnect();
                resolve(true);
            }}
            observer.observe(document, {{
                subtree: true, childList: true, characterData: true, attributes: true,
            }});
            document.addEventListener("readystatechange", check);
            check();
        }})"""
        try:
            await self.evaluate(watching, timeout=timeout)
        except TimeoutError:
            shown = await self.evaluate("document.body.innerText")
            raise AssertionError(f"never came: {condition}\nThe page shows:\n{shown}") from None

    async def resize(self, width: int, height: int) -> None:
        """Show the page as a screen of this size would, in CSS pixels."""
        await self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    async def click(self, selector: str) -> None:
        """Click on an element that can be clicked."""
        quoted = json.dumps(selector)
        await self.until(f"document.querySelector({quoted})?.disabled === false")
        await self.evaluate(f"document.querySelector({quoted}).click()")

    async def text(self, selector: str) -> str:
        """The text of an element."""
        return str(await self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    async def look(self, *, width: int, height: int = 900, is_dark: bool = False) -> None:
        """Have a window of that size, and a system that prefers light or dark."""
        await self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        prefers = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        await self._call("Emulation.setEmulatedMedia", features=[prefers])

    async def screenshot(self) -> bytes:
        """The page as a PNG."""
        answer = await self._call("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])

    async def reload(self) -> None:
        """Load the page again."""
        await self.evaluate("void (window.isBefore = true)")
        await self._call("Page.reload")
        await self.until("window.isBefore === undefined && document.readyState === 'complete'")

    @asynccontextmanager
    async def another_tab(self) -> AsyncIterator["Page"]:
        """Another page of the same browser, which is still to be opened."""
        async with connect(self._address, **_UNLIMITED) as connection:
            yield Page(connection, self._address)

    @asynccontextmanager
    async def onlooker(self) -> AsyncIterator["Page"]:
        """The same page once more, so that it can be watched while something waits for it."""
        async with connect(self._address, **_UNLIMITED) as connection:
            page = Page(connection, self._address)
            await page._attach(self._target)
            yield page

    async def _attach(self, target: str) -> None:
        attached = await self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session, self._target = attached["sessionId"], target

    async def close_browser(self) -> None:
        """End the browser with all its processes."""
        self._session = None
        await self._call("Browser.close")

    async def _call(
        self, method: str, *, timeout: float = _CALL_TIMEOUT, **parameters: Any
    ) -> dict[str, Any]:
        number = next(self._numbers)
        request: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            request["sessionId"] = self._session
        async with asyncio.timeout(timeout):
            await self._connection.send(json.dumps(request))
            while True:
                message = json.loads(await self._connection.recv())
                if _is_error(message):
                    self.exceptions.append(json.dumps(message["params"]))
                if message.get("id") == number:
                    break
        if "error" in message:
            raise AssertionError(f"{method}: {message['error']}")
        return message["result"]


def _is_error(message: dict[str, Any]) -> bool:
    match message:
        case {"method": "Runtime.exceptionThrown"}:
            return True
        case {"method": "Runtime.consoleAPICalled", "params": {"type": "error"}}:
            return True
        case {"method": "Log.entryAdded", "params": {"entry": {"level": "error"}}}:
            return True
    return False


@asynccontextmanager
async def running_chromium(program: str, folder: Path, microphone: Path) -> AsyncIterator[Page]:
    """Run a browser that hears a WAV file, from its start whenever a page opens the microphone."""
    process = await asyncio.create_subprocess_exec(
        program,
        *_switches(folder, microphone),
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        address = await asyncio.wait_for(_read_address(process.stderr), _START_TIMEOUT)
        async with asyncio.TaskGroup() as tasks, connect(address, **_UNLIMITED) as connection:
            tasks.create_task(_drain(process.stderr))
            page = Page(connection, address)
            yield page
            await page.close_browser()
        await asyncio.wait_for(process.wait(), _CLOSE_TIMEOUT)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _switches(folder: Path, microphone: Path) -> list[str]:
    return [
        "--headless=new",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--mute-audio",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


async def _read_address(stderr: asyncio.StreamReader) -> str:
    seen = b""
    async for line in stderr:
        if line.startswith(_ANNOUNCEMENT):
            return line.removeprefix(_ANNOUNCEMENT).decode().strip()
        seen += line
    raise AssertionError(f"Chromium did not start: {seen.decode(errors='replace')}")


async def _drain(stderr: asyncio.StreamReader) -> None:
    while await stderr.read(65536):
        pass
