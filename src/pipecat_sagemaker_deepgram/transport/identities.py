# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream's credentials in the form of the AWS SDK: resolved once, and never shown."""

from typing import Any

from smithy_aws_core.identity import AWSCredentialsIdentity

from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.invocation import SharedByCopies


class _Identity(AWSCredentialsIdentity):
    """The SDK's credentials, which no log line and no traceback shows."""

    def __repr__(self) -> str:
        return "AWSCredentialsIdentity(...)"


class GivenIdentity(SharedByCopies):
    """Gives the SDK a stream's credentials.

    Args:
        credentials: The credentials.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._identity = _Identity(
            access_key_id=credentials.access_key_id,
            secret_access_key=credentials.secret_access_key,
            session_token=credentials.session_token,
        )

    async def get_identity(self, *, properties: Any) -> AWSCredentialsIdentity:
        """Return the credentials."""
        return self._identity


class FrozenIdentity(SharedByCopies):
    """Calls a resolver once, so that a stream's request and events have the same identity.

    Args:
        resolver: A resolver as the SDK defines it.
    """

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver
        self._identity: AWSCredentialsIdentity | None = None

    @property
    def secret_access_key(self) -> str:
        """The secret that signed the request; available once it has been signed."""
        assert self._identity is not None
        return self._identity.secret_access_key

    async def get_identity(self, *, properties: Any) -> AWSCredentialsIdentity:
        """Return the identity, which the resolver provides the first time."""
        if self._identity is None:
            found = await self._resolver.get_identity(properties=properties)
            self._identity = _Identity(
                access_key_id=found.access_key_id,
                secret_access_key=found.secret_access_key,
                session_token=found.session_token,
            )
        return self._identity
