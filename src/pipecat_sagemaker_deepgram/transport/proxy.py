# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which HTTP proxy leads to an endpoint, and how to talk to it. Pure.

The proxy opens a tunnel with ``CONNECT`` (RFC 9110 section 9.3.6); TLS runs inside, so the proxy
learns the endpoint's host name and nothing else.
"""

import base64
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, ProxyError
from pipecat_sagemaker_deepgram.transport.endpoint import Address

PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY")
"""Environment variables that give the proxy's URL; the first one set wins."""

NO_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")
"""Environment variables that name the hosts to reach directly; the first one set wins."""

MAX_ANSWER = 16 * 1024
"""Most bytes of a proxy's response up to its empty line."""

_DEFAULT_PORT = 80


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """An HTTP proxy.

    Attributes:
        address: Where it is.
        authorization: Value of the ``Proxy-Authorization`` header; never shown.
    """

    address: Address
    authorization: str | None = field(default=None, repr=False)


def proxy_for(
    address: Address, environment: Mapping[str, str], *, proxy_url: str | None = None
) -> Proxy | None:
    """Choose the proxy for an address: the one passed, else the environment's.

    Args:
        address: The endpoint.
        environment: ``https_proxy`` or ``HTTPS_PROXY``, and ``no_proxy`` or ``NO_PROXY``.
        proxy_url: ``http://[user:password@]host[:port]``; ``""`` uses none, whatever the
            environment says; ``None`` (the default) leaves it to the environment.

    Returns:
        The proxy, or ``None`` to connect directly.

    Raises:
        ConfigurationError: The URL is not an HTTP proxy's.
    """
    if proxy_url is not None:
        return parse_proxy(proxy_url, "proxy") if proxy_url else None
    name = next((name for name in PROXY_VARIABLES if environment.get(name)), None)
    if name is None or is_direct(address, _no_proxy(environment)):
        return None
    return parse_proxy(environment[name], name)


def parse_proxy(url: str, name: str) -> Proxy:
    """Read ``http://[user:password@]host[:port]``; the scheme may be left out.

    Args:
        url: The URL; it may hold a password, so no error repeats it.
        name: What to call it in an error.

    Raises:
        ConfigurationError: It does not have that form.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        address = Address(parts.hostname or "", parts.port or _DEFAULT_PORT)
    except ValueError:
        raise _refused(name) from None
    if parts.scheme != "http" or not address.host:
        raise _refused(name)
    return Proxy(address=address, authorization=_basic(parts))


def is_direct(address: Address, no_proxy: str) -> bool:
    """Whether an address is to be reached without the proxy.

    Args:
        address: The endpoint.
        no_proxy: Comma-separated host names (which stand for their subdomains too), IP
            addresses and networks, each with ``:port`` if wanted; or ``*``.
    """
    entries = (entry.strip().lower() for entry in no_proxy.split(","))
    return any(_covers(entry, address) for entry in entries if entry)


def connect_request(address: Address, proxy: Proxy) -> bytes:
    """The request that asks for a tunnel."""
    lines = [f"CONNECT {address} HTTP/1.1", f"Host: {address}"]
    if proxy.authorization is not None:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    return "\r\n".join((*lines, "", "")).encode()


def check_answer(answer: bytes, proxy: Proxy) -> None:
    """Check a proxy's response.

    Args:
        answer: What the proxy sent, up to the empty line.
        proxy: The proxy.

    Raises:
        ProxyError: It did not open a tunnel.
    """
    version, _, rest = answer.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
    status = rest[:3]
    if not version.startswith("HTTP/") or not (len(status) == 3 and status.isdecimal()):
        raise ProxyError(
            f"The proxy {proxy.address} does not answer in HTTP",
            advice="Check that HTTPS_PROXY names an HTTP proxy and its port.",
        )
    if not status.startswith("2"):
        raise _refusal(int(status), proxy)


def _refusal(status: int, proxy: Proxy) -> ProxyError:
    advice = {
        407: "Put its user name and password into its URL: http://user:password@host:port.",
        403: "Its rules must allow CONNECT to the endpoint's host and port (8443 by default).",
    }
    return ProxyError(
        f"The proxy {proxy.address} did not open a tunnel: HTTP {status}",
        status_code=status,
        advice=advice.get(status, "Ask its administrator, or add the host to NO_PROXY."),
    )


def _no_proxy(environment: Mapping[str, str]) -> str:
    return next((environment[name] for name in NO_PROXY_VARIABLES if environment.get(name)), "")


def _covers(entry: str, address: Address) -> bool:
    if entry == "*":
        return True
    host = address.host.lower()
    if _is_network_of(entry, host):
        return True
    name, _, port = entry.rpartition(":")
    if name and port.isdecimal() and "]" not in port:
        if port != str(address.port):
            return False
        entry = name.strip("[]")
    entry = entry.removeprefix("*").removeprefix(".")
    return host == entry or (host.endswith(f".{entry}") and not _is_ip_address(host))


def _is_network_of(entry: str, host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _basic(parts: SplitResult) -> str | None:
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _refused(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name} is not of the form http://[user:password@]host[:port]",
        advice="Only HTTP proxies are supported; TLS to the endpoint runs through their tunnel.",
    )
