# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import math
import shlex

import pytest

from pipecat_sagemaker_deepgram.cli.arguments import (
    DemoOptions,
    ListenOptions,
    Options,
    TranscribeOptions,
    parse_arguments,
)
from pipecat_sagemaker_deepgram.cli.emulate_arguments import FLUX_BUNDLES, EmulateOptions
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES


def parse(line: str) -> Options:
    return parse_arguments(shlex.split(line))


def refusal(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as refused:
        parse_arguments(argv)
    assert refused.value.code == 2
    return capsys.readouterr().err


def test_transcribe_needs_a_file_only():
    assert parse("transcribe a.wav") == TranscribeOptions(files=("a.wav",))


def test_transcribe_takes_a_remote_endpoint():
    options = parse(
        "transcribe a.wav --endpoint e --region eu-west-1 --endpoint-url https://x "
        "--ca-bundle ca.pem"
    )
    assert isinstance(options, TranscribeOptions)
    assert options.endpoint == RemoteEndpoint(
        name="e", region="eu-west-1", url="https://x", ca_bundle="ca.pem"
    )


def test_transcribe_takes_settings_of_the_speech():
    options = parse(
        "transcribe a.wav --model nova-2 --language de --keyterm Pipecat --keyterm 'Graz Ost' "
        "--speed 2.5 --fault end --fault drop -v"
    )
    assert options == TranscribeOptions(
        files=("a.wav",),
        model="nova-2",
        language="de",
        keyterms=("Pipecat", "Graz Ost"),
        speed=2.5,
        faults=("end", "drop"),
        verbose=True,
    )


def test_speed_max_is_without_limit():
    options = parse("transcribe a.wav --speed max")
    assert isinstance(options, TranscribeOptions)
    assert options.speed == math.inf


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1e9", "quick", ""])
def test_other_speeds_are_refused(capsys: pytest.CaptureFixture[str], speed: str):
    assert "neither a number" in refusal(capsys, "transcribe", "a.wav", f"--speed={speed}")


@pytest.mark.parametrize("option", ["--region", "--endpoint-url", "--ca-bundle"])
def test_where_an_endpoint_is_needs_its_name(capsys: pytest.CaptureFixture[str], option: str):
    assert f"{option} needs --endpoint" in refusal(capsys, "transcribe", "a.wav", option, "x")


@pytest.mark.parametrize("option", [["--local"], ["--fault", "end"]])
def test_a_remote_endpoint_is_not_local(capsys: pytest.CaptureFixture[str], option: list[str]):
    said = refusal(capsys, "transcribe", "a.wav", "--endpoint", "e", *option)
    assert f"{option[0]} applies to an endpoint on this machine" in said


def test_emulate_needs_nothing():
    assert parse("emulate") == EmulateOptions()


def test_emulate_takes_everything():
    options = parse(
        "emulate --container ws://127.0.0.1:8080 --port 8443 --endpoint e --region eu-west-1 "
        "--fault end -v"
    )
    assert options == EmulateOptions(
        container_url="ws://127.0.0.1:8080",
        port=8443,
        endpoint_name="e",
        region="eu-west-1",
        faults=("end",),
        verbose=True,
    )


@pytest.mark.parametrize("port", ["65536", "-1", "http", "٣"])
def test_what_is_no_port_is_refused(capsys: pytest.CaptureFixture[str], port: str):
    assert "is not a port" in refusal(capsys, "emulate", f"--port={port}")


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "http://127.0.0.1:1", "ws://h", "ws://h:x"])
def test_a_container_is_an_address_with_a_port(capsys: pytest.CaptureFixture[str], url: str):
    assert "ws://HOST:PORT" in refusal(capsys, "emulate", "--container", url)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--container-port", "8080"), ("--flux-bundle", "2026-04")),
        *(("--close-stream", "update"), ("--max-streams", "5")),
    ],
)
def test_another_container_is_not_ours_to_set_up(
    capsys: pytest.CaptureFixture[str], option: str, value: str
):
    said = refusal(capsys, "emulate", "--container", "ws://h:1", option, value)
    assert (
        f"{option} cannot be combined with --container: it configures the container that "
        "this command starts" in said
    )


def test_emulate_takes_the_release_of_flux():
    assert parse("emulate --flux-bundle 2026-04 --close-stream update") == EmulateOptions(
        flux_bundle="2026-04", closestream_finalizes=False
    )
    assert parse("emulate --close-stream finalize") == EmulateOptions(closestream_finalizes=True)
    assert parse("emulate --max-streams 5 --refuse-plus --no-pongs") == EmulateOptions(
        max_streams=5, refuses_plus=True, ignores_pings=True
    )


def test_every_release_of_flux_that_the_container_knows_can_be_asked_for():
    assert tuple(BUNDLES) == FLUX_BUNDLES


def test_demo_runs_in_real_time_unless_told():
    assert parse("demo") == DemoOptions(speed=1.0)
    assert parse("demo --speed 4") == DemoOptions(speed=4.0)


@pytest.mark.parametrize("command", ["transcribe a.wav", "listen"])
@pytest.mark.parametrize(
    ("written", "model", "language"),
    [
        ("", "nova-3", "en"),
        ("--language es", "nova-3", "es"),
        ("--model flux", "flux-general-en", "en"),
        ("--model flux --language en-GB", "flux-general-en", "en-GB"),
        ("--model flux --language es", "flux-general-multi", "es"),
        ("--model flux --language multi", "flux-general-multi", "multi"),
        ("--model flux-general-multi", "flux-general-multi", None),
        ("--model flux-general-multi --language en", "flux-general-multi", "en"),
    ],
)
def test_a_language_chooses_the_flux_that_knows_it(
    command: str, written: str, model: str, language: str | None
):
    options = parse(f"{command} {written}")
    assert isinstance(options, TranscribeOptions | ListenOptions)
    assert (options.model, options.language) == (model, language)


@pytest.mark.parametrize("command", ["transcribe a.wav", "listen"])
def test_the_english_flux_is_not_given_another_language(
    command: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        parse(f"{command} --model flux-general-en --language es")
    assert "--language is es: use --model flux-general-multi" in capsys.readouterr().err


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]):
    assert "COMMAND" in refusal(capsys)


def test_listen_needs_nothing():
    assert parse("listen") == ListenOptions()


def test_listen_takes_a_microphone_an_endpoint_and_settings_of_the_speech():
    options = parse(
        "listen --device 2 --endpoint e --region eu-west-1 --model flux-general-en --keyterm Graz"
    )
    assert options == ListenOptions(
        device=2,
        endpoint=RemoteEndpoint(name="e", region="eu-west-1"),
        model="flux-general-en",
        keyterms=("Graz",),
    )
    assert parse("listen --device USB") == ListenOptions(device="USB")


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["transcribe", ""], "an argument is empty"),
        (["transcribe", "a.wav", "-o", ""], "the value of -o is empty"),
        (["transcribe", "a.wav", "--report="], "the value of --report is empty"),
        (["emulate", "--endpoint", ""], "''"),
        (["serve", "--endpoint", ""], "the value of --endpoint is empty"),
    ],
)
def test_a_variable_of_the_shell_that_is_not_set_is_not_taken_for_a_value(
    capsys: pytest.CaptureFixture[str], argv: list[str], what: str
):
    assert what in refusal(capsys, *argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["transcribe", "a.raw", "--sample-rate", "0"],
        ["transcribe", "a.raw", "--channels", "0"],
        ["emulate", "--endpoint", "a b"],
        ["emulate", "--region", "us east"],
        ["deploy", "wait", "a", "--timeout", "-1"],
        ["deploy", "wait", "a", "--timeout", "nan"],
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], argv: list[str]
):
    assert f"argument {argv[-2]}: '{argv[-1]}' is not a" in refusal(capsys, *argv)
