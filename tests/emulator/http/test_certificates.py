# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulator's own certificate authority."""

import ssl

import pytest

from pipecat_sagemaker_deepgram.emulator.http.certificates import Certificates
from pipecat_sagemaker_deepgram.emulator.regions import runtime_host_names


def test_each_emulator_has_an_authority_of_its_own():
    one, two = Certificates(), Certificates()
    try:
        assert one.ca_bundle.read_bytes() != two.ca_bundle.read_bytes()
        ssl.create_default_context(cafile=one.ca_bundle)
    finally:
        one.remove()
        two.remove()
    assert not one.ca_bundle.exists()


def test_the_certificate_is_for_all_names_of_this_machine():
    certificates = Certificates()
    try:
        for name in ("127.0.0.1", "::1", "localhost"):
            assert handshake(certificates, name) == "h2"
    finally:
        certificates.remove()


def test_the_certificate_is_for_awss_names_where_they_are_wanted():
    certificates = Certificates(runtime_host_names("us-east-1"))
    try:
        for name in ("localhost", *runtime_host_names("us-east-1")):
            assert handshake(certificates, name) == "h2"
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(certificates, "runtime.sagemaker.eu-west-1.amazonaws.com")
    finally:
        certificates.remove()


def test_the_trust_store_keeps_what_this_machine_trusts():
    certificates = Certificates()
    try:
        usual = ssl.create_default_context().get_ca_certs(binary_form=True)
        context = ssl.create_default_context(cafile=certificates.trust_store)
        found = context.get_ca_certs(binary_form=True)
        assert set(found) > set(usual)
        (own,) = ssl.create_default_context(cafile=certificates.ca_bundle).get_ca_certs(True)
        assert own in found
    finally:
        certificates.remove()


def handshake(certificates: Certificates, name: str) -> str | None:
    """A TLS handshake in memory; returns the protocol that ALPN chose."""
    context = ssl.create_default_context(cafile=certificates.ca_bundle)
    context.set_alpn_protocols(["h2", "http/1.1"])
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    server = certificates.server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.selected_alpn_protocol()
