# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The page about events leaves nothing out."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

from examples.bots import observed_bot

from pipecat_sagemaker_deepgram import SessionEvent, SessionStats
from pipecat_sagemaker_deepgram.stt.tracing import CONNECT_SPAN, REST_SPAN

PAGE = (Path(__file__).parent.parent.parent / "docs" / "events.md").read_text()


def test_every_event_is_named() -> None:
    assert [each for each in get_args(SessionEvent.__value__) if each.__name__ not in PAGE] == []


def test_every_counter_span_and_metric_is_named() -> None:
    counters = [each.name for each in fields(SessionStats) if not each.name.startswith("_")]
    metrics = [family.name for family in observed_bot.METRICS.collect()]
    spans = [CONNECT_SPAN, REST_SPAN]
    assert [name for name in [*counters, *metrics, *spans] if f"`{name}" not in PAGE] == []
