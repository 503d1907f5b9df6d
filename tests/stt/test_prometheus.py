# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A bot's sessions, as Prometheus sees them."""

import asyncio
import urllib.request

import pytest
from pipecat.frames.frames import MetricsFrame, TextFrame
from pipecat.observers.base_observer import FramePushed
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from prometheus_client import CollectorRegistry

from pipecat_sagemaker_deepgram.stt.metrics import SessionMetricsData
from pipecat_sagemaker_deepgram.stt.prometheus import PrometheusObserver


def session(**changes: float) -> SessionMetricsData:
    given = {
        "connect_seconds": 0.2, "streams": 1, "losses": 0, "failed_attempts": 0, "changes": 0,
        "failovers": 0, "replayed_seconds": 0.0, "lost_seconds": 0.0,
    }  # fmt: skip
    return SessionMetricsData(processor="stt#0", **given | changes)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


async def push(observer: PrometheusObserver, *frames: MetricsFrame | TextFrame) -> None:
    for frame in frames:
        hop = FramePushed(
            source=FrameProcessor(),
            destination=FrameProcessor(),
            frame=frame,
            direction=FrameDirection.DOWNSTREAM,
            timestamp=0,
        )
        await observer.on_push_frame(hop)
        await observer.on_push_frame(hop)  # A frame passes more than one processor.


async def test_what_sessions_go_through_adds_up(registry: CollectorRegistry):
    observer = PrometheusObserver(registry=registry)
    await push(
        observer,
        TextFrame("hello"),
        MetricsFrame(data=[session()]),
        MetricsFrame(data=[session(streams=2, losses=1, replayed_seconds=1.5)]),
        MetricsFrame(data=[session(streams=2, losses=1, replayed_seconds=1.5, lost_seconds=2.0)]),
        MetricsFrame(data=[session(streams=1, failovers=1)]),
    )
    values = {
        name: registry.get_sample_value(f"deepgram_{name}_total")
        for name in ("losses", "failovers", "replayed_seconds", "lost_seconds")
    }
    assert values == {"losses": 1, "failovers": 1, "replayed_seconds": 1.5, "lost_seconds": 2.0}
    assert registry.get_sample_value("deepgram_connect_seconds_count") == 3


async def test_one_line_serves_them(registry: CollectorRegistry):
    observer = PrometheusObserver(0, registry=registry)

    def read() -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{observer.port}/metrics", timeout=30) as got:
            return got.read()

    try:
        await push(observer, MetricsFrame(data=[session()]))
        assert b"deepgram_connect_seconds_count 1.0" in await asyncio.to_thread(read)
    finally:
        await asyncio.to_thread(observer.close)
