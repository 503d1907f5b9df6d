# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which proxy leads to an endpoint, and what it says."""

import base64

import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, ProxyError
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.proxy import (
    Proxy,
    check_answer,
    connect_request,
    is_direct,
    parse_proxy,
    proxy_for,
)

ENDPOINT = Address("runtime.sagemaker.us-east-1.amazonaws.com", 8443)
PROXY = Proxy(address=Address("proxy", 3128))


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://upper:1"}, "upper"),
        ({"https_proxy": "http://lower:1"}, "lower"),
        ({"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://upper:1"}, "lower"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://upper:1"}, "upper"),
        ({"HTTP_PROXY": "http://other:1", "ALL_PROXY": "http://all:1"}, None),
        ({"HTTPS_PROXY": "http://upper:1", "NO_PROXY": ".amazonaws.com"}, None),
        ({"HTTPS_PROXY": "http://upper:1", "no_proxy": "", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://upper:1", "NO_PROXY": "example.com"}, "upper"),
    ],
)
def test_the_environment_names_the_proxy(environment: dict[str, str], host: str | None) -> None:
    proxy = proxy_for(ENDPOINT, environment)
    assert (proxy and proxy.address.host) == host


def test_a_given_proxy_goes_before_the_environment_and_an_empty_one_means_none() -> None:
    environment = {"HTTPS_PROXY": "http://upper:1", "NO_PROXY": "*"}
    given = proxy_for(ENDPOINT, environment, proxy_url="http://given:2")
    assert given == Proxy(address=Address("given", 2))
    assert proxy_for(ENDPOINT, {"HTTPS_PROXY": "http://upper:1"}, proxy_url="") is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://proxy:3128", Address("proxy", 3128)),
        ("http://proxy", Address("proxy", 80)),
        ("proxy:3128", Address("proxy", 3128)),
        ("http://[::1]:3128/", Address("::1", 3128)),
    ],
)
def test_a_proxy_is_named_with_or_without_scheme_and_port(url: str, address: Address) -> None:
    assert parse_proxy(url, "proxy") == Proxy(address=address)


@pytest.mark.parametrize("url", ["https://p:1", "socks5://p:1", "http://", "http://p:port"])
def test_another_kind_of_proxy_is_refused_by_name(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY is not of the form"):
        proxy_for(ENDPOINT, {"HTTPS_PROXY": url})


def test_user_and_password_become_basic_authorization_and_are_not_shown() -> None:
    proxy = parse_proxy("http://me%40work:p%3Ass@proxy:1", "proxy")
    expected = base64.b64encode(b"me@work:p:ss").decode()
    assert proxy.authorization == f"Basic {expected}"
    assert expected not in repr(proxy)
    with pytest.raises(ConfigurationError) as caught:
        parse_proxy("https://me:p4ss@proxy", "proxy")
    assert "p4ss" not in str(caught.value)


def test_the_tunnel_is_asked_for_host_and_port() -> None:
    assert connect_request(Address("::1", 8443), PROXY) == (
        b"CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n"
    )
    proxy = parse_proxy("http://a:b@proxy:1", "proxy")
    assert b"\r\nProxy-Authorization: Basic YTpi\r\n\r\n" in connect_request(ENDPOINT, proxy)


@pytest.mark.parametrize(
    ("no_proxy", "is_named"),
    [
        ("", False),
        ("*", True),
        ("amazonaws.com", True),
        (".amazonaws.com", True),
        ("*.amazonaws.com", True),
        ("runtime.sagemaker.us-east-1.amazonaws.com", True),
        ("RUNTIME.SAGEMAKER.US-EAST-1.AMAZONAWS.COM", True),
        ("other.com, amazonaws.com", True),
        ("amazonaws.com:8443", True),
        ("amazonaws.com:443", False),
        ("aws.com", False),
        ("amazonaws.co", False),
        (",,", False),
    ],
)
def test_no_proxy_names_hosts_and_their_subdomains(no_proxy: str, is_named: bool) -> None:
    assert is_direct(ENDPOINT, no_proxy) is is_named


@pytest.mark.parametrize(
    ("host", "no_proxy", "is_named"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "2.3", False),
        ("fd00::1", "fd00::/8", True),
        ("::1", "::1", True),
        ("::1", "[::1]:8443", True),
        ("::1", "[::1]:1", False),
    ],
)
def test_no_proxy_names_addresses_and_networks(host: str, no_proxy: str, is_named: bool) -> None:
    assert is_direct(Address(host, 8443), no_proxy) is is_named


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 200\r\n\r\n"])
def test_a_success_opens_the_tunnel(answer: bytes) -> None:
    check_answer(answer, PROXY)


@pytest.mark.parametrize(
    ("status", "advice"),
    [(407, "user:password"), (403, "CONNECT"), (502, "NO_PROXY"), (302, "NO_PROXY")],
)
def test_a_refusal_keeps_its_status_and_says_what_to_do(status: int, advice: str) -> None:
    with pytest.raises(
        ProxyError, match=f"proxy:3128 did not open a tunnel: HTTP {status}"
    ) as caught:
        check_answer(f"HTTP/1.1 {status} Sorry\r\nX: y\r\n\r\nbody".encode(), PROXY)
    assert caught.value.status_code == status
    assert advice in str(caught.value)


@pytest.mark.parametrize("answer", [b"SSH-2.0-x\r\n\r\n", b"\x15\x03\x01", b"HTTP/1.1 ok\r\n\r\n"])
def test_another_protocol_is_named_as_such(answer: bytes) -> None:
    with pytest.raises(ProxyError, match="does not answer in HTTP") as caught:
        check_answer(answer, PROXY)
    assert caught.value.status_code is None
