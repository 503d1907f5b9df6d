# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""AWS credentials: what they are, who gives them, and what a user may pass for them."""

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    CredentialsError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.transport.shared_config import PROFILE_VARIABLES

ADVICE = (
    "Configure credentials where the AWS SDKs look for them (environment, profile, SSO, web "
    "identity, container or instance role), or hand the service or client credentials of your own."
)
"""What to do when there are no credentials."""

DEFAULT_TIMEOUT = 5.0
"""Most seconds for one resolution, by default."""

ENVIRONMENT = "env"
"""Source of keys in the environment, in botocore's words."""

EXPIRATION_VARIABLE = "AWS_CREDENTIAL_EXPIRATION"
"""Environment variable that says when the keys in the environment run out."""

_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_TOKEN_VARIABLES = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """AWS credentials at one moment.

    Parameters:
        access_key_id: The access key's identifier.
        secret_access_key: The secret; never shown.
        session_token: The token of temporary credentials; never shown.
        source: Which provider found them, in botocore's words, for example ``env`` or ``sso``.
        expires_at: When they run out, where that is known.

    Raises:
        ConfigurationError: The identifier or the secret is empty.
    """

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    source: str = "explicit"
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("access_key_id", "secret_access_key"):
            if not getattr(self, name):
                raise ConfigurationError(f"credentials: {name} is empty", advice=ADVICE)


def lasting_keys(environment: Mapping[str, str]) -> Credentials | None:
    """Find what botocore's chain would: keys in the environment that name no time of expiry.

    They go before all else in that chain, where no profile is named (botocore's ``EnvProvider``).

    Args:
        environment: Environment variables.

    Returns:
        The keys, or ``None`` where the chain has to be asked.
    """
    if any(environment.get(name) for name in (*PROFILE_VARIABLES, EXPIRATION_VARIABLE)):
        return None
    access_key_id, secret_access_key = (environment.get(name) for name in _KEY_VARIABLES)
    if not access_key_id or not secret_access_key:
        return None
    tokens = (environment[name] for name in _TOKEN_VARIABLES if environment.get(name))
    return Credentials(
        access_key_id=access_key_id,
        secret_access_key=secret_access_key,
        session_token=next(tokens, None),
        source=ENVIRONMENT,
    )


class CredentialsResolver(Protocol):
    """Gives the credentials of the next stream."""

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Resolve credentials, refreshed where they have run out.

        Args:
            refresh: Whether the ones given last were refused as expired: give fresh ones.

        Raises:
            CredentialsError: There are none.
        """
        ...


class StaticCredentialsResolver:
    """Gives the same credentials always.

    Args:
        credentials: The credentials to give.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Give them."""
        return self._credentials


class BoundedCredentialsResolver:
    """Asks a resolver of the user's own, with a deadline and with errors of this package.

    Args:
        resolver: An object with an async ``resolve()``; it may take ``refresh=``.
        timeout: Most seconds for one resolution.
    """

    def __init__(self, resolver: Any, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._resolver = resolver
        self._timeout = timeout
        self._takes_refresh = _takes(resolver.resolve, "refresh")

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Ask it.

        Raises:
            CredentialsError: It failed, took too long, or gave something else.
        """
        arguments = {"refresh": refresh} if self._takes_refresh else {}
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._resolver.resolve(**arguments)
        except TimeoutError as error:
            raise out_of_time(self._timeout) from error
        except SageMakerDeepgramError:
            raise
        except Exception as error:
            raise CredentialsError(
                f"The credentials resolver failed: {type(error).__name__}", advice=ADVICE
            ) from error
        if not isinstance(found, Credentials):
            raise CredentialsError(
                f"The credentials resolver gave {type(found).__name__} instead of Credentials"
            )
        return found


def out_of_time(timeout: float) -> CredentialsError:
    """Make the error for a resolution that took longer than ``timeout`` seconds."""
    return CredentialsError(
        f"AWS credentials were not resolved within {timeout:g} s", advice=ADVICE
    )


def _takes(function: Any, name: str) -> bool:
    parameters = inspect.signature(function).parameters
    return name in parameters or any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    )
