# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""AWS credentials: what they are, what provides them, and what may be passed as ``credentials``."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    CredentialsError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.transport.shared_config import PROFILE_VARIABLES

ADVICE = (
    "Configure credentials where the AWS SDKs look for them (environment, profile, SSO, web "
    "identity, container or instance role), or pass credentials= to the service or client."
)
"""What to do when there are no credentials."""

DEFAULT_TIMEOUT = 5.0
"""Seconds that one resolution may take by default."""

ENVIRONMENT = "env"
"""What botocore calls the source of keys that are in the environment."""

EXPIRATION_VARIABLE = "AWS_CREDENTIAL_EXPIRATION"
"""Environment variable that says when the keys in the environment expire."""

_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_TOKEN_VARIABLES = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """AWS credentials at one moment.

    Attributes:
        access_key_id: The access key's identifier.
        secret_access_key: The secret; left out of ``repr()``.
        session_token: The token of temporary credentials, left out of ``repr()``; ``None`` (the
            default) for lasting keys.
        source: Which provider found them, named as botocore names it, for example ``env`` or
            ``sso``; ``explicit`` by default.
        expires_at: When they expire, with a time zone; ``None`` (the default) if that is unknown
            or they do not expire.

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
    """Find what botocore's chain would find first: keys in the environment that do not expire.

    They come before everything else in that chain unless a profile is named (botocore's
    ``EnvProvider``).

    Args:
        environment: Environment variables.

    Returns:
        The keys, or ``None`` if the chain has to be asked.
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
    """What an object needs to provide credentials of its own: an async ``resolve()``."""

    async def resolve(self) -> Credentials:
        """Provide the credentials of the next stream.

        It is called before each stream is opened and has 5 seconds. An implementation may also
        take ``refresh: bool = False``, keyword-only: ``True`` says that the endpoint has refused
        the last credentials as expired, so that fresh ones are needed.

        Returns:
            Credentials that are valid now.

        Raises:
            CredentialsError: There are none. Any other exception is reported as one.
        """
        ...


class CredentialsSession(Protocol):
    """What this package uses of a botocore or boto3 session."""

    def get_credentials(self) -> object:
        """Find credentials; called in a thread, since it may read files and call services.

        Returns:
            botocore's ``Credentials``, or anything else with its ``get_frozen_credentials()``;
            ``None`` if there are none.
        """
        ...


type CredentialsSource = Credentials | CredentialsResolver | CredentialsSession
"""What may be passed as ``credentials``: the credentials themselves, or what provides them."""


class RefreshingResolver(Protocol):
    """Provides credentials for each stream, fresh ones on demand."""

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Resolve credentials, renewing those that have expired.

        Args:
            refresh: Whether those provided last were refused as expired, so that fresh ones are
                needed.

        Raises:
            CredentialsError: There are none.
        """
        ...


class StaticCredentialsResolver:
    """Provides the same credentials every time.

    Args:
        credentials: The credentials to provide.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Return the credentials, whatever ``refresh`` says."""
        return self._credentials


class BoundedCredentialsResolver:
    """Calls a user's own resolver, with a deadline, and maps its errors to this package's.

    Args:
        resolver: The user's resolver; ``refresh`` is passed on if its ``resolve()`` takes it.
        timeout: Seconds that one resolution may take; 5 by default.
    """

    def __init__(self, resolver: CredentialsResolver, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._resolve: Callable[..., Awaitable[object]] = resolver.resolve
        self._timeout = timeout
        self._takes_refresh = _takes(resolver.resolve, "refresh")

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Call the resolver.

        Raises:
            CredentialsError: It failed, took too long, or returned something else.
        """
        arguments = {"refresh": refresh} if self._takes_refresh else {}
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._resolve(**arguments)
        except TimeoutError as error:
            raise out_of_time(self._timeout) from error
        except SageMakerDeepgramError:
            raise
        except Exception as error:
            raise CredentialsError(
                f"The credentials resolver failed with {type(error).__name__}", advice=ADVICE
            ) from error
        if not isinstance(found, Credentials):
            raise CredentialsError(
                f"The credentials resolver returned {type(found).__name__} instead of Credentials"
            )
        return found


def out_of_time(timeout: float) -> CredentialsError:
    """Make the error for a resolution that took longer than ``timeout`` seconds."""
    return CredentialsError(
        f"AWS credentials were not resolved within {timeout:g} s", advice=ADVICE
    )


def _takes(function: Callable[..., object], name: str) -> bool:
    parameters = inspect.signature(function).parameters
    return name in parameters or any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    )
