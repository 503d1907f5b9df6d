# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import inspect
from importlib import import_module
from typing import Any

import pytest
from loguru import logger

from pipecat_sagemaker_deepgram.cli.log import _REFUSALS, _REPEATED, configure_log
from pipecat_sagemaker_deepgram.client.records import (
    AudioDropped,
    Closed,
    ContainerSlow,
    GivenUp,
    Lost,
    RetryScheduled,
    SessionEvent,
)
from pipecat_sagemaker_deepgram.client.stats import describe, log_fields
from pipecat_sagemaker_deepgram.exceptions import RejectedError, StreamLostError


def log_as(name: str, function: str, sentence: str) -> None:
    def patch(record: Any) -> None:
        record.update(name=name, function=function)

    logger.patch(patch).error(sentence)


def log_event(event: SessionEvent) -> None:
    logger.bind(**log_fields(event)).log(*describe(event))


def test_warnings_are_one_plain_line(capsys: pytest.CaptureFixture[str]):
    configure_log(verbose=False)
    logger.info("all is well")
    logger.warning("{braces} are no format")
    assert capsys.readouterr().err == "warning: {braces} are no format\n"


def test_an_error_that_the_command_says_itself_is_not_said_twice(
    capsys: pytest.CaptureFixture[str],
):
    configure_log(verbose=False)
    log_as("pipecat.processors.frame_processor", "push_error_frame", "told elsewhere")
    log_as("pipecat.processors.frame_processor", "another_function", "told here only")
    assert capsys.readouterr().err == "error: told here only\n"


def test_a_lost_stream_is_news(capsys: pytest.CaptureFixture[str]):
    configure_log(verbose=False)
    log_event(Lost(1, StreamLostError("reset")))
    assert capsys.readouterr().err == "warning: stream 1 was lost: reset.\n"


def test_how_an_outage_ended_is_news_without_being_a_warning(capsys: pytest.CaptureFixture[str]):
    configure_log(verbose=False)
    logger.bind(session_event="Connected").info("stream 2 took over")
    logger.bind(session_event="Connecting").debug("opening stream 3")
    assert capsys.readouterr().err == "note: stream 2 took over\n"


@pytest.mark.parametrize("serves", [False, True])
def test_a_refusal_is_news_to_whoever_serves(capsys: pytest.CaptureFixture[str], serves: bool):
    configure_log(verbose=False, serves=serves)
    log_as("pipecat_sagemaker_deepgram.web.front", "log_refusals", "rejecting request")
    assert ("rejecting request" in capsys.readouterr().err) is serves


@pytest.mark.parametrize("serves", [False, True])
def test_a_refused_stream_is_news_to_whoever_serves(
    capsys: pytest.CaptureFixture[str], serves: bool
):
    configure_log(verbose=False, serves=serves)
    logger.bind(emulator_event="stream_refused").warning("a stream is refused")
    assert ("a stream is refused" in capsys.readouterr().err) is serves


@pytest.mark.parametrize(("module", "function"), [*_REPEATED, *_REFUSALS])
def test_what_is_kept_back_is_found_by_where_it_is_logged(module: str, function: str):
    assert f"def {function}(" in inspect.getsource(import_module(module))


_LOST = StreamLostError("lost")


@pytest.mark.parametrize(
    "event",
    [
        GivenUp(_LOST, 1.0),
        AudioDropped(1.0, "gave_up"),
        AudioDropped(1.0, "closed"),
        Closed(1.0),
        ContainerSlow(1, 5.0),
        RetryScheduled(2, 0.5, RejectedError("refused", status_code=424)),
    ],
)
def test_what_is_kept_back_is_what_the_session_says(
    event: SessionEvent, capsys: pytest.CaptureFixture[str]
):
    configure_log(verbose=False)
    log_event(event)
    assert capsys.readouterr().err == ""


def test_verbose_shows_everything(capsys: pytest.CaptureFixture[str]):
    configure_log(verbose=True)
    logger.debug("a detail")
    log_as("pipecat.processors.frame_processor", "push_error_frame", "told elsewhere")
    said = capsys.readouterr().err
    assert "a detail" in said
    assert "told elsewhere" in said
