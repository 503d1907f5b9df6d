# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which addresses a gateway may fetch from, and how much. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

type Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
"""Where IPv6 addresses hold IPv4 ones (RFC 6052)."""


def is_public(address: Address) -> bool:
    """Whether an address can be reached from everywhere; one inside another counts, too."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not is_public(each) for each in inner):
            return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, kw_only=True)
class FetchOptions:
    """Limits of what is fetched.

    Attributes:
        timeout: Most seconds in all (Deepgram's own API: 60).
        max_bytes: Most bytes.
        is_allowed: Says whether an address may be connected to.
    """

    timeout: float = 60.0
    max_bytes: int = 100 * 2**20
    is_allowed: Callable[[Address], bool] = is_public
