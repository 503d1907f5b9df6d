# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""OpenTelemetry spans for requests and attempts at jobs; needs the extra ``tracing``.

A span contains only names and ids. Error messages are omitted, because they may quote anything.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

SERVICE = "pipecat-sagemaker-deepgram"


@contextmanager
def traced(
    tracer: "Tracer | None",
    name: str,
    attributes: Mapping[str, str | int],
    headers: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Open a span for the duration of the context.

    Args:
        tracer: Opens the span; ``None`` for no span.
        name: Name of the span.
        attributes: Names and ids.
        headers: Headers of the request; a trace in them is continued (W3C Trace Context).
    """
    if tracer is None:
        yield
        return
    from opentelemetry.trace import Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    lowered = {key.lower(): value for key, value in (headers or {}).items()}
    with tracer.start_as_current_span(
        name,
        context=TraceContextTextMapPropagator().extract(lowered),
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except BaseException as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def exporting_provider(endpoint: str) -> "TracerProvider":
    """Make a tracer provider that exports to a collector; its ``shutdown`` sends the last spans.

    Args:
        endpoint: URL at which the collector accepts OTLP over HTTP, such as
            ``http://127.0.0.1:4318``.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
