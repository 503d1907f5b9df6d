# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The commands ``serve`` and ``keys``."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.cli.gateway_arguments import ServedEndpoint
from pipecat_sagemaker_deepgram.cli.serve import serve
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions
from pipecat_sagemaker_deepgram.container import ScriptedRecognizer, marked_audio
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.endpoint_file import read_endpoint_file
from tests.container.conversation import CLOSE_STREAM, converse, cut, hear_out, listen_url
from tests.local_path import words


def read(*arguments: str) -> ServeOptions:
    options = parse_arguments(["serve", *arguments])
    assert isinstance(options, ServeOptions)
    return options


def test_a_region_belongs_to_the_endpoint_before_it():
    options = read("--endpoint", "a", "--region", "us-east-1", "--endpoint", "b")
    assert options.endpoints == (
        ServedEndpoint(name="a", region="us-east-1"),
        ServedEndpoint(name="b"),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--region", "us-east-1"],
        ["--endpoint", "a", "--region", "x", "--region", "y"],
        ["--endpoint", "a", "--endpoints", "file.toml"],
        ["--endpoint", "a", "--fault", "drop"],
        ["--profile", "p"],
        ["--private-key", "key.pem"],
        ["--streams", "0"],
        ["--drain-timeout", "nan"],
        ["--drain-timeout", "-5"],
        ["--trace-to", "collector"],
        ["--cors-origin", "app.example"],
        ["--cors-origin", "https://app.example/page"],
        ["--endpoint", ""],
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        read(*arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_keys_are_made_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = ["--keys", str(tmp_path / "keys.json")]
    assert main(["keys", "add", "app", *file]) == 0
    key = capsys.readouterr().out.strip()
    assert len(key) == 64
    assert main(["keys", "list", *file]) == 0
    id, name, _, state = capsys.readouterr().out.strip().split("\t")
    assert (name, state) == ("app", "valid")
    assert main(["keys", "revoke", id, *file]) == 0
    assert main(["keys", "revoke", "another", *file]) == 2
    assert "no key another" in capsys.readouterr().err


def test_a_file_says_which_endpoint_serves_which_model(tmp_path: Path):
    path = tmp_path / "endpoints.toml"
    path.write_text(
        '[[endpoints]]\nname = "nova"\nregion = "us-east-1"\nmodels = ["nova-*"]\n'
        '[[endpoints]]\nname = "any"\n'
    )
    nova, other = read_endpoint_file(path)
    assert (nova.target.region, nova.serves("nova-3"), nova.serves("flux-general-en")) == (
        "us-east-1",
        True,
        False,
    )
    assert other.serves("flux-general-en")


@pytest.mark.parametrize(
    "text", ["", "[[endpoints]]", "endpoints = []", "x", '[[endpoints]]\na="b"']
)
def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path, text: str):
    path = tmp_path / "endpoints.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"endpoints\.toml"):
        read_endpoint_file(path)


@asynccontextmanager
async def serving(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> AsyncIterator[tuple[asyncio.Task[None], str]]:
    options = read("--port", "0", "--keys", str(tmp_path / "keys.json"))
    task = asyncio.create_task(serve(options, recognizer=ScriptedRecognizer()))
    said = ""
    async with asyncio.timeout(30):
        while "\n" not in said:
            await asyncio.sleep(0.01)
            said += capsys.readouterr().out
        yield task, said.split()[-1].replace("http", "ws", 1)
        await task


@pytest.mark.parametrize(
    ("content", "complaint"), [(None, "cannot be read: No such file"), ("x", "both in PEM")]
)
async def test_a_certificate_that_cannot_be_used_is_reported(
    tmp_path: Path, content: str | None, complaint: str
):
    certificate = tmp_path / "server.pem"
    if content is not None:
        certificate.write_text(content)
    options = ServeOptions(
        endpoints=(ServedEndpoint(name="a", region="us-east-1"),),
        key_file=tmp_path / "keys.json",
        certificate=certificate,
        port=0,
    )
    with pytest.raises(CommandError, match=complaint):
        await serve(options)


async def test_one_command_serves_until_a_signal_and_lets_streams_finish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    async with serving(capsys, tmp_path) as (task, url):
        reply = await converse(url, cut(marked_audio(0, 20)))
        assert reply.text.split() == words(0, 20)
        async with connect(listen_url(url)) as websocket:
            os.kill(os.getpid(), signal.SIGTERM)
            while "stopping" not in capsys.readouterr().err:
                await asyncio.sleep(0.01)
            assert not task.done()
            for frame in cut(marked_audio(0, 20)):
                await websocket.send(frame)
            await websocket.send(CLOSE_STREAM)
            assert (await hear_out(websocket)).text.split() == words(0, 20)


def test_it_does_not_listen_beyond_this_machine_without_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    arguments = ["--host", "0.0.0.0", "--endpoint", "a", "--region", "us-east-1"]
    assert main(["serve", *arguments, "--keys", str(tmp_path / "keys.json")]) == 2
    assert "Without keys" in capsys.readouterr().err


def test_a_port_for_metrics_that_is_taken_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        keys, queue = str(tmp_path / "keys.json"), f"sqlite:///{tmp_path / 'jobs.db'}"
        endpoint = ["--endpoint", "a", "--region", "us-east-1", "--jobs", queue]
        serving = ["serve", "--port", "0", "--keys", keys, *endpoint, "--metrics-port", port]
        assert main(serving) == 1
        assert main(["worker", *endpoint, "--metrics-port", port]) == 1
    for said in capsys.readouterr().err.splitlines():
        assert f"0.0.0.0:{port} cannot be used" in said
        assert "--metrics-port" in said


@pytest.mark.parametrize(
    ("argv", "option"),
    [(["keys", "add", "app", "--keys"], "--keys"), (["worker", "--endpoint", "a"], "--jobs")],
)
def test_a_file_that_cannot_be_is_named_with_its_option(
    argv: list[str], option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "below"
    given = str(place) if option == "--keys" else f"--jobs=sqlite:///{place}"
    assert main([*argv, *(["--region", "us-east-1"] if option == "--jobs" else []), given]) == 2
    said = capsys.readouterr().err
    assert f"{place} cannot be " in said
    assert option in said
