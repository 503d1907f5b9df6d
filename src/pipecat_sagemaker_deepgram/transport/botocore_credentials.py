# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Credentials by botocore's whole chain, off the event loop, with a deadline."""

import asyncio
import inspect
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    CredentialsError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.transport.credentials import (
    ADVICE,
    DEFAULT_TIMEOUT,
    ENVIRONMENT,
    EXPIRATION_VARIABLE,
    BoundedCredentialsResolver,
    Credentials,
    CredentialsResolver,
    StaticCredentialsResolver,
    lasting_keys,
    out_of_time,
)
from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread

if TYPE_CHECKING:
    import botocore.session

METADATA_TIMEOUT = 0.7
"""Seconds to wait for each of the two calls to EC2's metadata service that decide whether it is
there. botocore's own is 1 s, which would make "no credentials" take longer than 2 s. The user's
``AWS_METADATA_SERVICE_TIMEOUT`` or ``metadata_service_timeout`` goes before it."""

KEPT_FOR = 60.0
"""Seconds for which credentials without an expiry are taken as they were found; then the chain
runs anew, since files may have changed."""

REFRESHED_BEFORE = timedelta(minutes=15)
"""Time before their expiry from which credentials are renewed, as botocore does; but at most a
quarter of what they had left when they were found, or those that live 15 minutes would run their
process or role call for every stream."""

_METADATA_TIMEOUT_VARIABLE = "AWS_METADATA_SERVICE_TIMEOUT"
_METADATA_TIMEOUT_SETTING = "metadata_service_timeout"


def as_resolver(
    value: Any = None, *, profile: str | None = None, timeout: float = DEFAULT_TIMEOUT
) -> CredentialsResolver:
    """Turn what a user may pass as ``credentials`` into a resolver.

    Args:
        value: ``None`` for botocore's chain; ``Credentials``; a botocore or boto3 session, or
            anything else with a synchronous ``get_credentials()``; or an object with an async
            ``resolve()``.
        profile: Profile of the shared configuration files, for botocore's chain only.
        timeout: Most seconds for one resolution.

    Raises:
        ConfigurationError: It is none of these, or a profile is given beside it.
    """
    if value is not None and profile is not None:
        raise ConfigurationError(
            "credentials and profile are both given",
            advice="Give one of them; a session can carry a profile of its own.",
        )
    match value:
        case None:
            return _shared_chain(profile, timeout)
        case Credentials():
            return StaticCredentialsResolver(value)
        case BotocoreCredentialsResolver() | StaticCredentialsResolver():
            return value
    if callable(getattr(value, "resolve", None)):
        return BoundedCredentialsResolver(value, timeout=timeout)
    if callable(getattr(value, "get_credentials", None)):
        return BotocoreCredentialsResolver(value, timeout=timeout)
    raise ConfigurationError(
        f"credentials is a {type(value).__name__}, which gives no credentials",
        advice=(
            "Pass Credentials, a botocore or boto3 session, or an object with an async "
            "resolve() that returns Credentials; or leave it out."
        ),
    )


type _ChainKey = tuple[str | None, float, frozenset[tuple[str, str]]]

_CHAINS: "WeakValueDictionary[_ChainKey, BotocoreCredentialsResolver]" = WeakValueDictionary()


def _shared_chain(profile: str | None, timeout: float) -> "BotocoreCredentialsResolver":
    """The resolver of all clients in this process whose chain would read the same."""
    environment = frozenset(
        (name, value) for name, value in os.environ.items() if name.startswith(("AWS_", "HOME"))
    )
    key = (profile, timeout, environment)
    chain = _CHAINS.get(key)
    if chain is None:
        chain = _CHAINS[key] = BotocoreCredentialsResolver(profile=profile, timeout=timeout)
    return chain


class BotocoreCredentialsResolver:
    """Resolves through a botocore session, which also refreshes what runs out.

    The chain reads files, starts processes and calls services, so it runs in a thread of its
    own and is given up after ``timeout``; the thread ends when botocore does. Callers that come
    while one resolution runs share it, and those that come while its credentials hold get them
    at once. Keys in the environment that do not expire are what the chain would find first; they
    are taken without importing botocore, which takes half a second. botocore writes what services
    answer to its own log at level DEBUG: leave that off where credentials must not be logged.

    Args:
        session: The session to ask, or anything with ``get_credentials()``; by default a
            botocore session of its own, which reads the environment and the shared
            configuration files.
        profile: Profile of the shared configuration files, for the session of its own.
        timeout: Most seconds for one resolution.
        clock: Gives the time in seconds, for the age of what was found.
        now: Gives the time of day, aware, for the expiry of what was found.
    """

    def __init__(
        self,
        session: Any = None,
        *,
        profile: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock = clock
        self._now = now
        self._given = session
        self._own: botocore.session.Session | None = None
        self._found: Credentials | None = None
        self._found_at = 0.0
        self._renewed_from: datetime | None = None
        self._profile = profile
        self._timeout = timeout
        self._running: dict[bool, Future[Credentials]] = {}
        self._one_at_a_time = threading.Lock()

    async def resolve(self, *, refresh: bool = False) -> Credentials:
        """Resolve credentials.

        Args:
            refresh: Whether to run the chain anew and to refresh what it would keep.

        Raises:
            CredentialsError: The chain found none, failed, or took too long.
        """
        if not refresh and self._found is not None and self._holds:
            return self._found
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(self._run(refresh=refresh))
        except TimeoutError as error:
            raise out_of_time(self._timeout) from error

    @property
    def _holds(self) -> bool:
        """Whether what was found last can be taken without asking again."""
        if self._renewed_from is not None:
            return self._now() < self._renewed_from
        return self._given is None and self._clock() - self._found_at < KEPT_FOR

    def _run(self, *, refresh: bool) -> Future[Credentials]:
        running = self._running.get(refresh)
        if running is None or running.done():
            running = in_daemon_thread(lambda: self._load(refresh=refresh), name="aws-credentials")
            self._running[refresh] = running
        return running

    def _load(self, *, refresh: bool) -> Credentials:
        with self._one_at_a_time:
            try:
                return self._keep(self._find(refresh=refresh))
            except SageMakerDeepgramError:
                raise
            except Exception as error:
                raise _named(error) from _without_frames(error)

    def _find(self, *, refresh: bool) -> Credentials:
        if self._given is None and self._profile is None and (keys := lasting_keys(os.environ)):
            return keys
        if self._given is None and (refresh or self._own is None or self._renewed_from is None):
            self._own = _new_session(self._profile)
        found = _get_credentials(self._own if self._given is None else self._given)
        try:
            if refresh and self._given is not None:
                _force_refresh(found)
            return _frozen(found)
        except RuntimeError as error:
            # botocore's word for keys that have run out by the time they come.
            expires_at = getattr(found, "_expiry_time", None)
            if expires_at is None or expires_at > self._now():
                raise
            raise _expired(_method(found), expires_at) from _without_frames(error)

    def _keep(self, found: Credentials) -> Credentials:
        self._found, self._found_at = found, self._clock()
        self._renewed_from = None
        if (expires_at := found.expires_at) is not None:
            left = expires_at - self._now()
            self._renewed_from = expires_at - min(REFRESHED_BEFORE, left / 4)
        return found


def _new_session(profile: str | None) -> "botocore.session.Session":
    import botocore.session
    from botocore.configprovider import ConstantProvider

    session = botocore.session.Session(profile=profile)
    in_profile = session.get_scoped_config().get(_METADATA_TIMEOUT_SETTING)
    if _METADATA_TIMEOUT_VARIABLE not in os.environ and in_profile is None:
        # A provider, since botocore makes whole seconds of what is set as a variable.
        session.get_component("config_store").set_config_provider(
            _METADATA_TIMEOUT_SETTING, ConstantProvider(METADATA_TIMEOUT)
        )
    return session


def _get_credentials(session: Any) -> Any:
    found = session.get_credentials()
    if inspect.isawaitable(found):
        if inspect.iscoroutine(found):
            found.close()
        raise CredentialsError(
            f"get_credentials() of {type(session).__module__} is asynchronous",
            advice="Pass an object with an async resolve() that returns Credentials instead.",
        )
    if found is None:
        raise CredentialsError("No AWS credentials were found", advice=ADVICE)
    return found


def _force_refresh(found: Any) -> None:
    """Refresh credentials that botocore still takes for good; it has no public way to ask."""
    lock = getattr(found, "_refresh_lock", None)
    refresh = getattr(found, "_protected_refresh", None)
    if lock is not None and refresh is not None:
        with lock:
            refresh(is_mandatory=True)


def _frozen(found: Any) -> Credentials:
    frozen = found.get_frozen_credentials()
    return Credentials(
        access_key_id=frozen.access_key,
        secret_access_key=frozen.secret_key,
        session_token=frozen.token or None,
        source=_method(found),
        expires_at=getattr(found, "_expiry_time", None),
    )


def _method(found: Any) -> str:
    return getattr(found, "method", None) or "session"


def _expired(source: str, expires_at: datetime) -> CredentialsError:
    when = f"{expires_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if source == ENVIRONMENT:
        return CredentialsError(
            f"The AWS keys in the environment expired at {when} ({EXPIRATION_VARIABLE})",
            advice="Export new ones, for example by "
            '`eval "$(aws configure export-credentials --format env)"` in a shell without the '
            "old ones, or unset the AWS_ variables of keys so that a profile or role is used.",
        )
    return CredentialsError(
        f"The AWS credentials that {source} gives expired at {when}",
        advice="It was asked for new ones and gave no others: log in again, or renew what it "
        "reads them from.",
    )


def _named(error: Exception) -> CredentialsError:
    if isinstance(error, ValueError | TypeError) and os.environ.get(EXPIRATION_VARIABLE):
        return CredentialsError(
            f"{EXPIRATION_VARIABLE} is not a time with its zone",
            advice="Write it as 2026-01-31T12:00:00Z, or unset it where the keys do not expire.",
        )
    import botocore.exceptions

    # Only botocore's own messages are repeated: they name files, profiles and services.
    known = isinstance(error, botocore.exceptions.BotoCoreError | botocore.exceptions.ClientError)
    what = f"{type(error).__name__}: {str(error).rstrip('.')}" if known else type(error).__name__
    return CredentialsError(f"AWS credentials could not be resolved: {what}", advice=ADVICE)


def _without_frames(error: BaseException) -> BaseException:
    """Drop tracebacks, whose variables hold keys that some loggers would print."""
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__cause__ or each.__context__
    return error
