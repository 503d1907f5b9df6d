# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Spans of requests and jobs, and what they leave out."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pipecat_sagemaker_deepgram.gateway import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url
from pipecat_sagemaker_deepgram.gateway.tracing import traced
from tests.container.conversation import wav
from tests.gateway.running import running_gateway
from tests.local_path import marked_audio, words

RECORDING = wav(marked_audio(0, 5))
TRACE = "0af7651916cd43dd8448eb211c80319c"
LIMIT = 60.0


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


async def test_a_request_continues_its_callers_trace_and_a_job_has_a_span(
    tmp_path: Path, exporter: InMemorySpanExporter, provider: TracerProvider
):
    options = {
        "tracer": provider.get_tracer("test"),
        "jobs": JobOptions(database=sqlite_url(tmp_path / "jobs.db"), poll=0.1),
    }
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "Content-Type": "audio/wav"}
    async with running_gateway(options=options) as running, aiohttp.ClientSession() as session:
        url = f"{running.gateway.url}/v1/jobs?model=nova-3"
        async with session.post(url, data=RECORDING, headers=headers) as answer:
            id = (await answer.json())["request_id"]
        async with asyncio.timeout(LIMIT):
            while not any(span.name == "job" for span in exporter.get_finished_spans()):
                await asyncio.sleep(0.05)
    request, job = exporter.get_finished_spans()
    assert request.name == "POST /v1/jobs"
    assert request.context is not None
    assert f"{request.context.trace_id:032x}" == TRACE
    for span in (request, job):
        assert span.attributes is not None
        assert span.attributes["request_id"] == id
        assert words(0, 5)[0] not in span.to_json()


def test_what_an_error_says_is_in_no_span(exporter: InMemorySpanExporter, provider: TracerProvider):
    with pytest.raises(ValueError, match="secret"):
        with traced(provider.get_tracer("test"), "work", {}):
            raise ValueError("a secret that was said")
    [span] = exporter.get_finished_spans()
    assert span.status.description == "ValueError"
    assert "secret" not in span.to_json()
