# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What AWS's shared configuration files, or a botocore session, say about reaching AWS.

The files are read by botocore's own parser, which is light; its session and client are not
needed for that (AWS SDKs and Tools Reference Guide, "Shared config and credentials files").
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""Environment variables that name the profile, in botocore's order; the first one set wins."""

SERVICE = "sagemaker_runtime_http2"
"""The streaming operation's service, as a ``services`` section names it."""

_CONFIG_VARIABLE, _CONFIG_FILE = "AWS_CONFIG_FILE", "~/.aws/config"
_CREDENTIALS_VARIABLE, _CREDENTIALS_FILE = "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"


@dataclass(frozen=True, kw_only=True)
class SharedConfig:
    """What one profile says about reaching AWS, without its keys.

    Attributes:
        profile: The profile's name; ``default`` by default.
        session_region: The region of the session that was passed in, which takes precedence over
            the environment's; ``None`` (the default) if none was.
        region: Its ``region``; ``None`` (the default) if it has none, as for the next three.
        ca_bundle: Its ``ca_bundle``, the name of a PEM file.
        service_endpoint_url: ``endpoint_url`` for this service in the ``services`` section that
            the profile names.
        endpoint_url: Its ``endpoint_url`` for all services.
        ignores_endpoint_urls: Its ``ignore_configured_endpoint_urls``; false by default.
        use_fips: Its ``use_fips_endpoint``; false by default.
        use_dualstack: Its ``use_dualstack_endpoint``; false by default.
    """

    profile: str = "default"
    session_region: str | None = None
    region: str | None = None
    ca_bundle: str | None = None
    service_endpoint_url: str | None = None
    endpoint_url: str | None = None
    ignores_endpoint_urls: bool = False
    use_fips: bool = False
    use_dualstack: bool = False


NO_CONFIG = SharedConfig()
"""What an empty configuration says."""


def load_shared_config(
    environment: Mapping[str, str], *, profile: str | None = None, session: object = None
) -> SharedConfig:
    """Read what a profile says. It reads files: call it at construction, not during a session.

    Args:
        environment: Environment variables.
        profile: The profile; ``None`` (the default) takes the environment's, else ``default``.
        session: What was passed as ``credentials``. The profile and region of a botocore or boto3
            session are used; anything else is ignored.

    Raises:
        ConfigurationError: A file cannot be read, the given profile does not exist, or it names
            a ``services`` section that does not exist.
    """
    inner = _botocore_session(session)
    return _of_files(environment, profile) if inner is None else _of_session(session, inner)


def aws_environment_hash(environment: Mapping[str, str]) -> bytes:
    """Hash the variables that decide what AWS's libraries find; some of them are secrets.

    Args:
        environment: Environment variables.

    Returns:
        SHA-256 of their names and values. Where it is the same, the libraries find the same.
    """
    names = sorted(name for name in environment if name.startswith(("AWS_", "HOME")))
    pairs = repr([(name, environment[name]) for name in names])
    return hashlib.sha256(pairs.encode(errors="surrogateescape")).digest()


@contextmanager
def _failures_named() -> Iterator[None]:
    import botocore.exceptions

    try:
        yield
    except botocore.exceptions.BotoCoreError as error:
        raise ConfigurationError(f"AWS configuration: {str(error).rstrip('.')}") from error
    except OSError as error:
        raise ConfigurationError(
            f"AWS configuration: {error.filename!r} cannot be read: {error.strerror}"
        ) from error


def _botocore_session(session: Any) -> Any:
    """The botocore session that a boto3 session wraps, or the session itself."""
    inner = getattr(session, "_session", session)
    return inner if callable(getattr(inner, "get_scoped_config", None)) else None


def _of_session(session: Any, inner: Any) -> SharedConfig:
    with _failures_named():
        region = getattr(session, "region_name", None) or inner.get_config_variable("region")
        name = inner.profile or "default"
        return _read(name, inner.get_scoped_config(), inner.full_config, session_region=region)


def _of_files(environment: Mapping[str, str], profile: str | None) -> SharedConfig:
    named = (environment[each] for each in PROFILE_VARIABLES if environment.get(each))
    name = profile or next(named, "default")
    config = _parse(environment.get(_CONFIG_VARIABLE) or _CONFIG_FILE)
    credentials = _parse(environment.get(_CREDENTIALS_VARIABLE) or _CREDENTIALS_FILE, raw=True)
    profiles = config.get("profiles", {})
    if profile is not None and profile not in profiles and profile not in credentials:
        raise ConfigurationError(
            f"there is no profile {profile!r} in AWS's configuration files",
            advice="List the existing profiles with `aws configure list-profiles`.",
        )
    return _read(name, profiles.get(name, {}) | credentials.get(name, {}), config)


def _parse(path: str, *, raw: bool = False) -> dict[str, Any]:
    """Read a file; ``raw`` for the credentials file, whose sections are profiles."""
    if not os.path.isfile(os.path.expanduser(os.path.expandvars(path))):
        return {}
    # Imported here, because botocore's parser takes longer to import than a missing file to find.
    from botocore import configloader

    with _failures_named():
        return configloader.raw_config_parse(path) if raw else configloader.load_config(path)


def _read(
    name: str,
    settings: Mapping[str, Any],
    everything: Mapping[str, Any],
    *,
    session_region: str | None = None,
) -> SharedConfig:
    def text(setting: str) -> str | None:
        value = settings.get(setting)
        return value if isinstance(value, str) and value else None

    def switch(setting: str) -> bool:
        return (text(setting) or "").lower() == "true"

    return SharedConfig(
        profile=name,
        session_region=session_region,
        region=text("region"),
        ca_bundle=text("ca_bundle"),
        service_endpoint_url=_service_url(name, text("services"), everything),
        endpoint_url=text("endpoint_url"),
        ignores_endpoint_urls=switch("ignore_configured_endpoint_urls"),
        use_fips=switch("use_fips_endpoint"),
        use_dualstack=switch("use_dualstack_endpoint"),
    )


def _service_url(profile: str, section: str | None, everything: Mapping[str, Any]) -> str | None:
    if section is None:
        return None
    services = everything.get("services", {}).get(section)
    if services is None:
        raise ConfigurationError(
            f"profile {profile!r} names the services section {section!r}, which does not exist",
            advice=f"Add [services {section}] to AWS's configuration file, or remove the setting.",
        )
    service = services.get(SERVICE)
    return service.get("endpoint_url") if isinstance(service, Mapping) else None
