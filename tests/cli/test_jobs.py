# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What ``serve`` and ``worker`` take of the queue, and a worker that works."""

import asyncio
import base64
import os
import signal
import time
from ipaddress import ip_address
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.jobs import job_options
from pipecat_sagemaker_deepgram.cli.jobs_arguments import JobArguments
from pipecat_sagemaker_deepgram.cli.serve import work
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions
from pipecat_sagemaker_deepgram.cli.worker_arguments import WorkerOptions
from pipecat_sagemaker_deepgram.container import ScriptedRecognizer, marked_audio
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url
from pipecat_sagemaker_deepgram.gateway.jobs.records import NewJob
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore
from tests.container.conversation import wav

LIMIT = 60.0


def test_serve_has_a_queue_in_a_file_unless_another_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    options = parse_arguments(["serve"])
    assert isinstance(options, ServeOptions)
    assert options.jobs == JobArguments(
        database="sqlite:////state/pipecat-sagemaker-deepgram/jobs.db"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["worker", "--workers", "0"],
        ["serve", "--workers", "-1"],
        ["serve", "--keep-results", "0"],
        ["serve", "--keep-results", "nan"],
        ["serve", "--jobs", ""],
        ["serve", "--allow-callbacks-to", "everywhere"],
        ["worker", "--profile", "p"],
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_callbacks_go_to_public_places_and_to_those_that_are_allowed():
    options = parse_arguments(
        ["worker", "--jobs", "sqlite://", "--allow-callbacks-to", "10.1.0.0/16"]
    )
    assert isinstance(options, WorkerOptions)
    is_allowed = job_options(options.jobs).callbacks.is_allowed
    addresses = ("10.1.2.3", "10.2.2.3", "127.0.0.1", "9.9.9.9")
    assert [is_allowed(ip_address(each)) for each in addresses] == [True, False, False, True]


def test_a_secret_comes_from_a_file(tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text(f"whsec_{base64.b64encode(b'both know it').decode()}\n")
    arguments = JobArguments(database="sqlite://", callback_secret=file)
    assert job_options(arguments).callbacks.secret == b"both know it"
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        job_options(JobArguments(database="sqlite://", callback_secret=tmp_path))
    file.write_text("not base64!")
    with pytest.raises(ConfigurationError) as refused:
        job_options(arguments)
    assert "not base64" not in str(refused.value)


async def test_a_worker_runs_what_others_have_queued_until_sigterm(tmp_path: Path):
    database = Database(sqlite_url(tmp_path / "jobs.db"))
    database.migrate()
    store = JobStore(database, retention=3600.0)
    store.submit(
        NewJob(
            request_id="a",
            key_id="key",
            endpoint="deepgram",
            model="nova-3",
            query="model=nova-3",
            content_type="audio/wav",
            audio=wav(marked_audio(0, 5)),
        )
    )
    arguments = JobArguments(database=sqlite_url(tmp_path / "jobs.db"))
    working = asyncio.create_task(
        work(WorkerOptions(jobs=arguments), recognizer=ScriptedRecognizer())
    )
    deadline = time.monotonic() + LIMIT
    while store.result("a") is None:
        assert not working.done()
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(LIMIT):
        await working
    database.close()
