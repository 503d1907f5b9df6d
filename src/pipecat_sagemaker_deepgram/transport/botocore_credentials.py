# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Credentials from botocore's whole chain, off the event loop, with a deadline."""

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
    CredentialsSession,
    CredentialsSource,
    RefreshingResolver,
    StaticCredentialsResolver,
    lasting_keys,
    out_of_time,
)
from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread
from pipecat_sagemaker_deepgram.transport.shared_config import aws_environment_hash

if TYPE_CHECKING:
    import botocore.session

METADATA_TIMEOUT = 0.7
"""Seconds to wait for each of the two calls to EC2's metadata service that find out whether it is
there. botocore itself waits 1 s, so that "no credentials" would take longer than 2 s. The user's
``AWS_METADATA_SERVICE_TIMEOUT`` or ``metadata_service_timeout`` takes precedence."""

KEPT_FOR = 60.0
"""Seconds for which credentials without an expiry are used as they were found. After that the
chain runs again, since files may have changed."""

REFRESHED_BEFORE = timedelta(minutes=15)
"""How long before their expiry credentials are renewed, as in botocore; but at most a quarter of
the time that they had left when they were found, since otherwise credentials that live for 15
minutes would start their process or call for their role for every stream."""

_METADATA_TIMEOUT_VARIABLE = "AWS_METADATA_SERVICE_TIMEOUT"
_METADATA_TIMEOUT_SETTING = "metadata_service_timeout"


def as_resolver(
    value: CredentialsSource | None = None,
    *,
    profile: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> RefreshingResolver:
    """Turn what a user may pass as ``credentials`` into a resolver.

    Args:
        value: What was passed; ``None`` (the default) uses botocore's chain.
        profile: Profile of the shared configuration files, for botocore's chain only; ``None``
            (the default) leaves the choice to the chain.
        timeout: Seconds that one resolution may take; 5 by default.

    Raises:
        ConfigurationError: It provides no credentials, or a profile is given as well.
    """
    if value is not None and profile is not None:
        raise ConfigurationError(
            "credentials and profile are both given",
            advice="Pass only one of them; a session can have a profile of its own.",
        )
    match value:
        case None:
            return _shared_chain(profile, timeout)
        case Credentials():
            return StaticCredentialsResolver(value)
        case BotocoreCredentialsResolver() | StaticCredentialsResolver():
            return value
    return _users_resolver(value, timeout)


def _users_resolver(value: Any, timeout: float) -> RefreshingResolver:
    if callable(getattr(value, "resolve", None)):
        return BoundedCredentialsResolver(value, timeout=timeout)
    if callable(getattr(value, "get_credentials", None)):
        return BotocoreCredentialsResolver(value, timeout=timeout)
    raise ConfigurationError(
        f"credentials is of type {type(value).__name__}, which provides no AWS credentials",
        advice=(
            "Pass Credentials, a botocore or boto3 session, or an object with an async "
            "resolve() that returns Credentials; or leave it out."
        ),
    )


type _ChainKey = tuple[str | None, float, bytes]

_CHAINS: "WeakValueDictionary[_ChainKey, BotocoreCredentialsResolver]" = WeakValueDictionary()


def _shared_chain(profile: str | None, timeout: float) -> "BotocoreCredentialsResolver":
    """Share one resolver among all clients of this process whose chain reads the same."""
    key = (profile, timeout, aws_environment_hash(os.environ))
    chain = _CHAINS.get(key)
    if chain is None:
        chain = _CHAINS[key] = BotocoreCredentialsResolver(profile=profile, timeout=timeout)
    return chain


class BotocoreCredentialsResolver:
    """Resolves credentials through a botocore session, which also renews those that expire.

    The chain reads files, starts processes and calls services, so it runs in a thread of its
    own and is abandoned after ``timeout``; the thread ends when botocore does. Calls that are made
    while a resolution runs share its result, and later ones get it at once until it has to be
    renewed. Keys in the environment that do not expire are what the chain would find first, so
    they are used without importing botocore, which takes half a second. At level DEBUG botocore
    logs what services answer: leave that level off if credentials must not be logged.

    Args:
        session: The session to ask; ``None`` (the default) makes a botocore session, which reads
            the environment and the shared configuration files.
        profile: Profile of the shared configuration files for the session that is made; ``None``
            (the default) leaves the choice to botocore.
        timeout: Seconds that one resolution may take; 5 by default.
        clock: Returns the time in seconds, by which the age of credentials is measured; by
            default the system's monotonic clock.
        now: Returns the time of day with its zone, by which their expiry is judged; by default
            the system's.
    """

    def __init__(
        self,
        session: CredentialsSession | None = None,
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
            refresh: Whether to run the chain again and to renew what it would keep.

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
        """Whether what was found last may be used without asking again."""
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
            # What botocore raises for keys that have expired by the time they arrive.
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
        # A provider, since botocore converts what is set as a variable to whole seconds.
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
    """Renew credentials that botocore still considers valid; it has no public way to do so."""
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
            advice="Export new ones, for example with "
            '`eval "$(aws configure export-credentials --format env)"` in a shell without the '
            "old ones, or unset the AWS_ variables of keys so that a profile or role is used.",
        )
    return CredentialsError(
        f"The AWS credentials from {source} expired at {when}",
        advice="They could not be renewed: log in again, or renew whatever they are read from.",
    )


def _named(error: Exception) -> CredentialsError:
    if isinstance(error, ValueError | TypeError) and os.environ.get(EXPIRATION_VARIABLE):
        return CredentialsError(
            f"{EXPIRATION_VARIABLE} is not a date and time with a time zone",
            advice="Write it as 2026-01-31T12:00:00Z, or unset it if the keys do not expire.",
        )
    import botocore.exceptions

    # Only botocore's own messages are repeated: all they contain are files, profiles, services.
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
