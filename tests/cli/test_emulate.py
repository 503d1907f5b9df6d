# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import os
import shlex
import signal
import socket
import ssl

import pytest

from pipecat_sagemaker_deepgram import CredentialsError, RejectedError, SageMakerBidiClient
from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.emulate import emulate
from pipecat_sagemaker_deepgram.cli.emulate_arguments import EmulateOptions
from pipecat_sagemaker_deepgram.cli.emulate_environment import BOT_VARIABLES
from pipecat_sagemaker_deepgram.container import ScriptedRecognizer

from ..emulator.pinged_container import pinged_container


async def run_until_announced(
    options: EmulateOptions, capsys: pytest.CaptureFixture[str], *, https_port: int = 0
) -> tuple[str, str]:
    """Run the command, end it by a signal once it has said where it is; what it said."""
    said = ["", ""]

    async def end_when_announced() -> None:
        while "Ctrl-C" not in said[1]:
            await asyncio.sleep(0.01)
            for number, text in enumerate(capsys.readouterr()):
                said[number] += text
        os.kill(os.getpid(), signal.SIGINT)

    ending = asyncio.create_task(end_when_announced())
    async with asyncio.timeout(10):
        await emulate(options, recognizer=ScriptedRecognizer(), https_port=https_port)
    await ending
    return said[0], said[1]


async def test_stdout_is_nothing_but_shell_commands(capsys: pytest.CaptureFixture[str]):
    out, _ = await run_until_announced(EmulateOptions(endpoint_name="it's"), capsys)
    words = [shlex.split(line) for line in out.splitlines()]
    assert {len(each) for each in words} == {2}
    assert {each[0] for each in words} == {"export"}
    variables = dict(each[1].split("=", 1) for each in words)
    assert variables["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2"].startswith("https://127.0.0.1:")
    assert variables["AWS_CA_BUNDLE"].endswith(".pem")
    assert variables["SAGEMAKER_STT_ENDPOINT_NAME"] == "it's"
    assert {"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= variables.keys()
    assert {variables[name] for name in BOT_VARIABLES} == {"it's"}


async def test_credentials_of_other_services_can_be_left_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Whoever speaks to SageMaker signs with their own keys; Bedrock and Polly see no change."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "MYKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mysecret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "mytoken")
    said = ""

    async def hear_and_end() -> str:
        nonlocal said
        while "Ctrl-C" not in said:
            await asyncio.sleep(0.01)
            out, err = capsys.readouterr()
            said += out + err
        lines = [line for line in said.splitlines() if line.startswith("export ")]
        exported = dict(shlex.split(line)[1].split("=", 1) for line in lines)
        for name, value in exported.items():
            monkeypatch.setenv(name, value)
        try:
            async with SageMakerBidiClient(
                endpoint_name="mine", model_invocation_path="x"
            ) as client:
                return str(await client.receive_response())
        except RejectedError as error:
            # The signature was accepted; the container has no such path.
            return f"{error.status_code} {sorted(exported)}"
        finally:
            authorities = ssl.create_default_context(cafile=exported["AWS_CA_BUNDLE"])
            systems = ssl.create_default_context()
            assert len(authorities.get_ca_certs()) > len(systems.get_ca_certs())
            os.kill(os.getpid(), signal.SIGINT)

    hearing = asyncio.create_task(hear_and_end())
    options = EmulateOptions(endpoint_name="mine", keeps_credentials=True)
    async with asyncio.timeout(20):
        await emulate(options, recognizer=ScriptedRecognizer())
    names = [
        "AWS_CA_BUNDLE",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL_SAGEMAKER",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2",
        "AWS_REGION",
        *BOT_VARIABLES[::-1],
        "SAGEMAKER_STT_ENDPOINT_NAME",
    ]
    assert await hearing == f"424 {names}"


async def test_without_credentials_there_are_none_to_keep():
    with pytest.raises(CredentialsError, match="No AWS credentials were found"):
        await emulate(EmulateOptions(keeps_credentials=True), recognizer=ScriptedRecognizer())


async def test_stderr_says_where_the_endpoint_is(capsys: pytest.CaptureFixture[str]):
    out, err = await run_until_announced(
        EmulateOptions(endpoint_name="mine", region="eu-west-1"), capsys
    )
    url = shlex.split(out.splitlines()[0])[1].partition("=")[2]
    assert f"Endpoint mine in eu-west-1 is listening at {url}" in err


async def test_the_first_signal_closes_everything(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    await run_until_announced(EmulateOptions(port=port), capsys)
    socket.create_server(("127.0.0.1", port)).close()


async def test_a_container_of_the_users_own_is_waited_for(capsys: pytest.CaptureFixture[str]):
    async with pinged_container(503, 503, 200) as url:
        _, err = await run_until_announced(EmulateOptions(container_url=url), capsys)
    assert err.startswith(f"Waiting for the container at {url}: GET /ping says 503.\nEndpoint ")


async def test_ctrl_c_ends_the_wait_for_a_container(capsys: pytest.CaptureFixture[str]):
    async def interrupt() -> None:
        while "Waiting for the container" not in capsys.readouterr().err:
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    interrupting = asyncio.create_task(interrupt())
    async with asyncio.timeout(10):
        await emulate(EmulateOptions(container_url="ws://127.0.0.1:1"))
    await interrupting
    assert capsys.readouterr() == ("", "closing\n")


async def test_as_aws_it_says_what_leads_clients_with_a_fixed_url_to_it(
    capsys: pytest.CaptureFixture[str],
):
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("", 0)) as taken:
        port, https_port = free.getsockname()[1], taken.getsockname()[1]
        free.close()
        options = EmulateOptions(port=port, as_aws=True, region="cn-north-1")
        out, err = await run_until_announced(options, capsys, https_port=https_port)
    assert f"AWS's host names on port {port}. For clients with a fixed URL, add these lines" in err
    assert "\n    127.0.0.1 runtime.sagemaker.cn-north-1.amazonaws.com.cn\n" in err
    assert "\n    127.0.0.1 runtime-fips.sagemaker.cn-north-1.amazonaws.com.cn\n" in err
    assert f"\nPort {https_port} cannot be used (Address already in use), " in err
    assert "export SSL_CERT_FILE=" in out
    assert "export NODE_EXTRA_CA_CERTS=" in out


async def test_as_aws_it_listens_on_a_second_port_where_it_may(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("", 0)) as second:
        port, https_port = free.getsockname()[1], second.getsockname()[1]
    options = EmulateOptions(port=port, as_aws=True)
    _, err = await run_until_announced(options, capsys, https_port=https_port)
    assert f"on port {port} and {https_port}." in err
    assert "cannot be used" not in err


def test_a_port_in_use_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["emulate", "--container", "ws://127.0.0.1:9", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"error: Port {port} on 127.0.0.1 is already in use. Choose another with --port, or "
        "omit it to use a free one.\n"
    )


def test_an_unknown_fault_is_wrong_usage(capsys: pytest.CaptureFixture[str]):
    assert main(["emulate", "--fault", "explode"]) == 2
    assert "'explode'" in capsys.readouterr().err
