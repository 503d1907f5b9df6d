# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""AWS's shared configuration files, read as botocore reads them."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import botocore.session
import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import load_shared_config
from pipecat_sagemaker_deepgram.transport.shared_config import SharedConfig

CONFIG = """
[default]
region = eu-west-1
[profile bots]
region = eu-west-3
ca_bundle = /etc/ssl/proxy.pem
endpoint_url = https://general
services = here
use_fips_endpoint = true
use_dualstack_endpoint = True
ignore_configured_endpoint_urls = false
[profile plain]
output = json
[profile lost]
services = nowhere
[services here]
sagemaker_runtime_http2 =
  endpoint_url = https://streams
sts =
  endpoint_url = https://sts
"""
CREDENTIALS = """
[bots]
aws_access_key_id = AKIA
aws_secret_access_key = hunter2
[keys]
aws_access_key_id = AKIA
aws_secret_access_key = hunter2
region = ap-south-1
"""
BOTS = SharedConfig(
    profile="bots",
    region="eu-west-3",
    ca_bundle="/etc/ssl/proxy.pem",
    service_endpoint_url="https://streams",
    endpoint_url="https://general",
    use_fips=True,
    use_dualstack=True,
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Leads to the files above."""
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text(CREDENTIALS)
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


@pytest.mark.parametrize(
    ("profile", "variables", "expected"),
    [
        (None, {}, SharedConfig(region="eu-west-1")),
        ("bots", {}, BOTS),
        (None, {"AWS_PROFILE": "bots"}, BOTS),
        (None, {"AWS_DEFAULT_PROFILE": "bots", "AWS_PROFILE": "plain"}, BOTS),
        ("plain", {"AWS_PROFILE": "bots"}, SharedConfig(profile="plain")),
        ("keys", {}, SharedConfig(profile="keys", region="ap-south-1")),
        (None, {"AWS_PROFILE": "no-such"}, SharedConfig(profile="no-such")),
    ],
)
def test_a_profile_is_given_or_named_by_the_environment(
    profile: str | None,
    variables: dict[str, str],
    expected: SharedConfig,
    environment: dict[str, str],
) -> None:
    found = load_shared_config(environment | variables, profile=profile)
    assert found == expected
    assert "hunter2" not in repr(found)


def test_files_that_do_not_exist_say_nothing(tmp_path: Path) -> None:
    missing = {
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }
    assert load_shared_config(missing) == SharedConfig()


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("no-such", "there is no profile 'no-such' in AWS's configuration files"),
        ("lost", "profile 'lost' names the services section 'nowhere', which does not exist"),
    ],
)
def test_what_does_not_exist_is_named(
    profile: str, sentence: str, environment: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        load_shared_config(environment, profile=profile)


@pytest.mark.parametrize("text", ["region = eu-west-1", "[default]\nservices =\n  x\n", "\xff"])
def test_a_file_that_cannot_be_parsed_is_named(text: str, environment: dict[str, str]) -> None:
    Path(environment["AWS_CONFIG_FILE"]).write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=environment["AWS_CONFIG_FILE"]):
        load_shared_config(environment)


def test_a_sessions_own_profile_and_region_count(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = botocore.session.Session(profile="bots")
    found = load_shared_config({"AWS_PROFILE": "plain"}, session=session)
    assert (found.profile, found.session_region) == ("bots", "eu-west-3")
    assert (found.service_endpoint_url, found.ca_bundle) == ("https://streams", BOTS.ca_bundle)
    session.set_config_variable("region", "sa-east-1")
    assert load_shared_config({}, session=session).session_region == "sa-east-1"
    wrapping = SimpleNamespace(_session=session, region_name="us-west-2")
    assert load_shared_config({}, session=wrapping).session_region == "us-west-2"


def test_a_session_whose_profile_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="no-such"):
        load_shared_config({}, session=botocore.session.Session(profile="no-such"))


def test_credentials_that_are_no_session_are_no_configuration(environment: dict[str, str]) -> None:
    resolver = SimpleNamespace(resolve=None, get_credentials=None)
    assert load_shared_config(environment, session=resolver).region == "eu-west-1"


def test_reading_files_loads_none_of_botocores_client() -> None:
    script = (
        "import os, sys\n"
        "from pipecat_sagemaker_deepgram.transport import load_shared_config, as_resolver\n"
        "load_shared_config(os.environ); as_resolver()\n"
        "print([name for name in sys.modules if name in ('botocore.session', 'botocore.client')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr
