# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a gateway shows of itself: ``/metrics``, ``/monitor.json`` and the page."""

import asyncio
import json
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity
from pipecat_sagemaker_deepgram.gateway import AccessOptions, JobOptions
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics
from tests.axe import axe_script, problems_of
from tests.container.conversation import wav
from tests.examples.chromium import chromium_or_skip, running_chromium
from tests.gateway.running import running_gateway
from tests.local_path import marked_audio, words

RECORDING = wav(marked_audio(0, 10))
CLOSE = json.dumps({"type": "CloseStream"})
STATE = "document.querySelector('#state').textContent"


def value(written: str, name: str, **labels: str) -> float:
    for family in text_string_to_metric_families(written):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    raise AssertionError(f"{name} {labels} is not there")


def test_a_sessions_events_are_counted():
    metrics = GatewayMetrics()
    first, second = metrics.session(), metrics.session()
    cause = SageMakerDeepgramError("lost")
    identity = StreamIdentity()
    first(events.Connected(1, identity, 0.2, 0.0, True))
    second(events.Connected(1, identity, 0.3, 0.0, True))
    assert metrics.active == 2
    first(events.Lost(1, cause))
    first(events.AttemptFailed(2, cause))
    first(events.FailedOver(Target(endpoint_name="other")))
    first(events.Connected(3, identity, 0.4, 1.5, False))
    second(events.AudioDropped(2.5, "gave_up"))
    second(events.GivenUp(cause, 2.5))
    second(events.Closed(2.5))
    written = metrics.write().decode()
    assert value(written, "deepgram_active_connections") == 1
    for name, expected in (
        ("losses", 1), ("failed_attempts", 1), ("failovers", 1), ("replayed_seconds", 1.5),
        ("lost_seconds", 2.5),
    ):  # fmt: skip
        assert value(written, f"deepgram_{name}_total") == expected
    assert value(written, "deepgram_connect_seconds_count") == 3


def test_names_that_callers_make_up_do_not_fill_the_memory():
    metrics = GatewayMetrics()
    for number in range(1000):
        with metrics.request(f"model-{number}", "", is_timed=False):
            pass
    written = metrics.write().decode()
    assert value(written, "transcription_requests_total", model="other") == 950


async def test_an_attempt_at_a_job_is_counted_where_its_model_is_served(tmp_path: Path):
    jobs = JobOptions(database=sqlite_url(tmp_path / "jobs.db"), concurrency=1)
    counted = 'model="nova-3",region="us-east-1",status="completed"'
    async with running_gateway(options={"jobs": jobs}) as running:
        base = running.gateway.url
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            url, headers = f"{base}/v1/jobs?model=nova-3", {"Content-Type": "audio/wav"}
            async with session.post(url, data=RECORDING, headers=headers) as answer:
                assert answer.status == 200
            written = ""
            while f"transcription_requests_total{{{counted}}} 1.0" not in written:
                async with session.get(f"{base}/metrics") as answer:
                    written = await answer.text()
                await asyncio.sleep(0.02)


async def test_streams_recordings_and_the_queue_are_counted(tmp_path: Path):
    jobs = JobOptions(database=sqlite_url(tmp_path / "jobs.db"), concurrency=0)
    async with running_gateway(options={"jobs": jobs}) as running:
        base = running.gateway.url
        async with aiohttp.ClientSession() as session:
            headers = {"Content-Type": "audio/wav"}
            for path in ("/v1/listen", "/v1/jobs"):
                url = f"{base}{path}?model=nova-3"
                async with session.post(url, data=RECORDING, headers=headers) as answer:
                    assert answer.status == 200
            async with session.get(f"{base}/metrics") as answer:
                written = await answer.text()
            async with session.get(f"{base}/monitor.json") as answer:
                shown = await answer.json()
    labels = {"status": "completed", "model": "nova-3", "region": "us-east-1"}
    assert value(written, "transcription_requests_total", **labels) == 1
    assert value(written, "transcription_latency_seconds_count", model="nova-3") == 1
    assert value(written, "transcription_queue_depth") == 1
    assert shown["queue"]["queued"] == 1
    assert [job["status"] for job in shown["jobs"]] == ["queued"]
    assert words(0, 10)[0] not in written + json.dumps(shown)


async def test_a_queue_that_cannot_be_read_has_no_figures(tmp_path: Path):
    database = tmp_path / "jobs.db"
    jobs = JobOptions(database=sqlite_url(database), concurrency=0)
    async with running_gateway(options={"jobs": jobs}) as running:
        base = running.gateway.url
        async with aiohttp.ClientSession() as session:
            depths = []
            for _ in range(2):
                async with session.get(f"{base}/metrics") as answer:
                    depths.append(value(await answer.text(), "transcription_queue_depth"))
                with closing(sqlite3.connect(database)) as connection:
                    connection.execute("DROP TABLE IF EXISTS jobs")
            async with session.get(f"{base}/monitor.json") as answer:
                shown = await answer.json()
    assert depths == [0, pytest.approx(math.nan, nan_ok=True)]
    assert (shown["queue"], shown["jobs"]) == (None, [])


async def test_a_port_for_prometheus_alone_needs_no_key(tmp_path: Path):
    file = tmp_path / "keys.json"
    KeyFile(file).add("app")
    options = {"access": AccessOptions(key_file=file, proxy="127.0.0.9"), "metrics_port": 0}
    async with running_gateway(options=options) as running, aiohttp.ClientSession() as session:
        base = running.gateway.metrics_url
        async with session.get(f"{base}/metrics") as answer:
            assert value(await answer.text(), "deepgram_active_connections") == 0
        async with session.get(f"{base}/monitor.json") as answer:
            assert answer.status == 404


@pytest.mark.parametrize("path", ["/metrics", "/monitor.json"])
async def test_where_keys_are_in_use_figures_are_for_those_who_have_one(tmp_path: Path, path: str):
    file = tmp_path / "keys.json"
    _, key = KeyFile(file).add("prometheus")
    options = {"access": AccessOptions(key_file=file)}
    async with running_gateway(options=options) as running, aiohttp.ClientSession() as session:
        url = f"{running.gateway.url}{path}"
        async with session.get(url) as answer:
            assert answer.status == 401
        async with session.get(url, headers={"Authorization": f"Token {key}"}) as answer:
            assert answer.status == 200


async def test_the_page_shows_what_happens_on_wide_and_narrow_screens(tmp_path: Path):
    program = chromium_or_skip()
    script = axe_script()
    microphone = tmp_path / "silence.wav"
    microphone.write_bytes(RECORDING)
    jobs = JobOptions(database=sqlite_url(tmp_path / "jobs.db"), concurrency=0)
    async with (
        running_gateway(options={"jobs": jobs}) as running,
        aiohttp.ClientSession() as session,
    ):
        base = running.gateway.url
        async with running_chromium(program, tmp_path / "chromium", microphone) as page:
            await page.open(base)
            await page.until(f"{STATE} === 'live'")
            assert "No jobs." in await page.text("main")
            url = f"{base}/v1/jobs?model=nova-3"
            async with session.post(url, data=RECORDING) as answer:
                id = (await answer.json())["request_id"]
            await page.until(f"document.querySelector('#jobs').innerText.includes('{id}')")
            for width, is_dark in ((1280, False), (1280, True), (390, False), (390, True)):
                await page.look(width=width, height=844, is_dark=is_dark)
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
                assert await problems_of(page, script) == []
            assert page.exceptions == []


async def test_everybody_can_give_the_page_a_key(tmp_path: Path):
    program = chromium_or_skip()
    script = axe_script()
    _, key = KeyFile(tmp_path / "keys.json").add("app")
    options = {"access": AccessOptions(key_file=tmp_path / "keys.json")}
    async with (
        running_gateway(options=options) as running,
        running_chromium(program, tmp_path / "chromium", tmp_path / "silence.wav") as page,
    ):
        await page.open(running.gateway.url)
        await page.until(f"{STATE} === 'a key is needed'")
        for is_dark in (False, True):
            await page.look(width=390, height=844, is_dark=is_dark)
            assert await problems_of(page, script) == []
        await page.evaluate(f"void (document.querySelector('#key').value = '{key}')")
        await page.click("#access button")
        await page.until(f"{STATE} === 'live'")
        assert await page.evaluate("document.querySelector('#access').checkVisibility()") is False
