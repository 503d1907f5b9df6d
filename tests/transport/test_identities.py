# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream, one identity, and none that is shown."""

from typing import Any

from smithy_aws_core.identity import AWSCredentialsIdentity

from pipecat_sagemaker_deepgram.transport.identities import FrozenIdentity, GivenIdentity

from .conftest import SECRETS, known_credentials


class Rotating:
    """Gives another identity each time."""

    def __init__(self) -> None:
        self.count = 0

    async def get_identity(self, *, properties: Any) -> AWSCredentialsIdentity:
        self.count += 1
        return AWSCredentialsIdentity(
            access_key_id=f"K{self.count}", secret_access_key=f"secret-{self.count}"
        )


async def test_a_resolver_that_rotates_is_asked_once() -> None:
    """A key that changed in the middle would break the chain of signatures."""
    resolver = Rotating()
    frozen = FrozenIdentity(resolver)
    found = [await frozen.get_identity(properties={}) for _ in range(3)]
    assert {each.access_key_id for each in found} == {"K1"}
    assert frozen.secret_access_key == "secret-1"
    assert resolver.count == 1


async def test_an_identity_holds_the_keys_and_does_not_show_them() -> None:
    frozen = FrozenIdentity(GivenIdentity(known_credentials()))
    found = await frozen.get_identity(properties={})
    keys = (found.access_key_id, found.secret_access_key, found.session_token)
    assert keys == SECRETS
    assert not any(secret in f"{found!r} {found}" for secret in SECRETS)
