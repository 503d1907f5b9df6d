# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Commands find region, URL, certificates and keys in a profile, as every AWS tool does."""

from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.cli.arguments import TranscribeOptions, parse_arguments
from pipecat_sagemaker_deepgram.cli.doctor_arguments import DoctorOptions
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

from .conftest import ENDPOINT_NAME
from .recordings import write_recording


@pytest.fixture
def profile(
    shared_endpoint: SageMakerEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A profile that leads to the shared endpoint; the environment says nothing."""
    keys, url = shared_endpoint.credentials, shared_endpoint.endpoint_url
    path = tmp_path / "config"
    path.write_text(
        f"[profile bots]\nregion = {shared_endpoint.region}\n"
        f"ca_bundle = {shared_endpoint.ca_bundle}\nservices = emulated\n"
        f"aws_access_key_id = {keys.access_key_id}\n"
        f"aws_secret_access_key = {keys.secret_access_key}\n"
        "[services emulated]\n"
        f"sagemaker_runtime_http2 =\n  endpoint_url = {url}\n"
        f"sagemaker =\n  endpoint_url = {url}\n"
        f"sts =\n  endpoint_url = {url}\n"
        f"iam =\n  endpoint_url = {url}\n"
        "[profile nowhere]\noutput = json\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    return "bots"


def transcribe(path: Path, *arguments: str) -> int:
    return main(
        ["transcribe", str(path), "--endpoint", ENDPOINT_NAME, "--speed", "max", *arguments]
    )


@pytest.mark.parametrize("way", ["option", "environment"])
def test_transcribe_needs_nothing_but_a_profile(
    way: str,
    profile: str,
    shared_endpoint: SageMakerEmulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recording = write_recording(tmp_path / "a.wav", words=8)
    if way == "environment":
        monkeypatch.setenv("AWS_PROFILE", profile)
        assert transcribe(recording) == 0
    else:
        assert transcribe(recording, "--profile", profile, "--variant", "green") == 0
        assert shared_endpoint.streams[-1].variant == "green"
    out, err = capsys.readouterr()
    words = [word for line in out.splitlines() for word in line.split("\t")[2].split()]
    assert words == [f"w{number}" for number in range(8)]
    assert err == ""


def test_the_doctor_names_the_profiles_region_and_asks_the_variant(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = str(write_recording(tmp_path / "a.wav", words=12))
    arguments = ["--profile", profile, "--variant", "AllTraffic", "--audio", recording]
    assert main(["doctor", "--endpoint", ENDPOINT_NAME, *arguments]) == 0
    lines = dict(line.split("\t")[1:] for line in capsys.readouterr().out.splitlines())
    assert lines["region"] == "us-east-1 (from profile 'bots')"
    assert "variant AllTraffic" in lines["handshake"]


GIVEN_AND_SAID = [
    # what is given, the sentence that comes; in no case is anything sent
    (["--profile", "no-such"], "there is no profile 'no-such' in AWS's configuration files"),
    (["--profile", "nowhere"], "set region in profile 'nowhere'"),
    ([], "set region in profile 'default'"),
    (["--profile", "bots", "--fips"], "sagemaker_runtime_http2 for profile 'bots' and use_fips"),
    (["--profile", "bots", "--dual-stack"], "for profile 'bots' and use_dualstack are both set"),
    (
        ["--region", "r", "--endpoint-url", "https://ho\tst"],
        "endpoint_url contains white space or a control character",
    ),
    (["--region", "us-east-1", "--ca-bundle", "none.pem"], "'none.pem' cannot be read"),
]


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize(("given", "said"), GIVEN_AND_SAID)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_sent(
    given: list[str],
    said: str,
    tmp_path: Path,
    shared_endpoint: SageMakerEmulator,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recording = write_recording(tmp_path / "a.wav", words=1)
    before = len(shared_endpoint.streams)
    assert transcribe(recording, *given) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert said in err
    assert len(shared_endpoint.streams) == before


ARGUMENTS = (
    "--endpoint e --region r --variant v --endpoint-url u --fips --dual-stack --ca-bundle c "
    "--profile p"
)
FIELDS = {"region": "r", "use_fips": True, "use_dualstack": True, "ca_bundle": "c", "profile": "p"}


def test_every_command_takes_the_same_place() -> None:
    remote = RemoteEndpoint(name="e", variant="v", url="u", **FIELDS)
    for line in (f"transcribe a.wav {ARGUMENTS}", f"listen {ARGUMENTS}"):
        options = parse_arguments(line.split())
        assert isinstance(options, TranscribeOptions | ListenOptions)
        assert options.endpoint == remote
    doctor = parse_arguments(f"doctor {ARGUMENTS}".split())
    expected = DoctorOptions(endpoint_name="e", endpoint_url="u", target_variant="v", **FIELDS)
    assert doctor == expected


@pytest.mark.parametrize("option", ["--variant v", "--fips", "--dual-stack", "--profile p"])
def test_a_place_needs_an_endpoint(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(f"transcribe a.wav {option}".split()) == 2
    assert f"{option.split()[0]} needs --endpoint NAME" in capsys.readouterr().err
