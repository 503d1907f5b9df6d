# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The addresses that a gateway may connect to. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

type Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
"""The IPv6 prefix of embedded IPv4 addresses (RFC 6052)."""


def is_public(address: Address) -> bool:
    """Whether an address is public; an embedded IPv4 address is checked too."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not is_public(each) for each in inner):
            return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, kw_only=True)
class FetchOptions:
    """Limits for fetching URLs.

    Attributes:
        timeout: Timeout of the whole transfer in seconds (Deepgram's own API: 60).
        max_bytes: Largest content in bytes.
        is_allowed: Returns whether connecting to an address is permitted.
    """

    timeout: float = 60.0
    max_bytes: int = 100 * 2**20
    is_allowed: Callable[[Address], bool] = is_public
