# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A bot's sessions, as Prometheus sees them."""

import asyncio
import urllib.request

import pytest
from pipecat.frames.frames import CancelFrame
from prometheus_client import CollectorRegistry

from pipecat_sagemaker_deepgram.stt.prometheus import PrometheusExporter

from ..local_path import local_path, marked_audio, words
from ..pipelines import nova, running


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def read(registry: CollectorRegistry, name: str) -> float | None:
    return registry.get_sample_value(f"deepgram_{name}")


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_what_a_session_goes_through_is_counted(
    registry: CollectorRegistry, is_cancelled: bool
) -> None:
    exporter = PrometheusExporter(registry=registry)
    async with local_path("reset@bytes=32000") as path:
        service = nova(path)
        exporter.watch(service)
        async with running(service, end=not is_cancelled) as pipeline:
            await pipeline.speak(marked_audio(0, 30), speed=10)
            await pipeline.until(lambda p: len(p.words) > 20)
            await pipeline.until(lambda _: read(registry, "connect_seconds_count") == 2)
            assert read(registry, "active_connections") == 1
            if is_cancelled:
                await pipeline.send(CancelFrame())
        if not is_cancelled:
            assert pipeline.words == words(0, 30)
    assert read(registry, "active_connections") == 0
    assert read(registry, "losses_total") == 1
    assert (read(registry, "replayed_seconds_total") or 0) > 0
    assert read(registry, "lost_seconds_total") == 0
    assert read(registry, "failovers_total") == 0


async def test_one_exporter_serves_all_calls_of_a_process(registry: CollectorRegistry) -> None:
    exporter = PrometheusExporter(0, registry=registry)

    def scrape() -> bytes:
        url = f"http://127.0.0.1:{exporter.port}/metrics"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()

    try:
        async with local_path() as path:
            for _ in range(2):
                service = nova(path)
                exporter.watch(service)
                async with running(service) as pipeline:
                    await pipeline.speak(marked_audio(0, 10), speed=10)
        assert b"deepgram_connect_seconds_count 2.0" in await asyncio.to_thread(scrape)
    finally:
        await asyncio.to_thread(exporter.close)
