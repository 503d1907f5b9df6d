# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The connection is always verified, and only HTTP/2 is offered."""

import os
import ssl
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.shared_config import SharedConfig
from pipecat_sagemaker_deepgram.transport.tls import ca_bundle_from, client_context

from .conftest import Authority


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ("given.pem", {"AWS_CA_BUNDLE": "aws.pem", "SSL_CERT_FILE": "ssl.pem"}, "given.pem"),
        (None, {"AWS_CA_BUNDLE": "aws.pem", "SSL_CERT_FILE": "ssl.pem"}, "aws.pem"),
        (None, {"AWS_CA_BUNDLE": "", "SSL_CERT_FILE": "ssl.pem"}, "ssl.pem"),
        (None, {}, None),
    ],
)
def test_the_given_bundle_goes_before_the_environments(
    given: str | None, environment: dict[str, str], expected: str | None
) -> None:
    found = ca_bundle_from(given, environment)
    assert found == (Path(expected) if expected else None)


def test_the_profiles_bundle_comes_between_awss_and_the_systems_variable() -> None:
    config = SharedConfig(ca_bundle="profile.pem")
    system = {"SSL_CERT_FILE": "ssl.pem"}
    assert ca_bundle_from("given.pem", system, config) == Path("given.pem")
    assert ca_bundle_from(None, system | {"AWS_CA_BUNDLE": "aws.pem"}, config) == Path("aws.pem")
    assert ca_bundle_from(None, system, config) == Path("profile.pem")


def test_certificate_and_host_name_are_verified(authority: Authority) -> None:
    for context in (client_context(None), client_context(authority.ca_bundle)):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_bundle_replaces_the_systems_trust(authority: Authority) -> None:
    assert len(client_context(authority.ca_bundle).get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_that_is_no_bundle_is_refused_by_name(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigurationError, match=r"ca_bundle .*bundle\.pem"):
        client_context(path)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"ca_bundle .* cannot be read"):
        client_context(Path("\0"))


def test_streams_that_trust_the_same_file_share_a_context_until_it_changes(
    authority: Authority, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(Path(authority.ca_bundle).read_bytes())
    before = client_context(bundle)
    assert client_context(bundle) is before
    os.utime(bundle, ns=(0, 0))
    assert client_context(bundle) is not before
