# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What AWS's shared configuration files, or a session of botocore, say about reaching AWS.

The files are read by botocore's own parser, which is light; its session and client are not needed
for that (AWS SDKs and Tools Reference Guide, "Shared config and credentials files").
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""Environment variables that name the profile, in botocore's order; the first set one wins."""

SERVICE = "sagemaker_runtime_http2"
"""How a services section calls the streaming operation's service."""

_CONFIG_VARIABLE, _CONFIG_FILE = "AWS_CONFIG_FILE", "~/.aws/config"
_CREDENTIALS_VARIABLE, _CREDENTIALS_FILE = "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"


@dataclass(frozen=True, kw_only=True)
class SharedConfig:
    """What one profile says about reaching AWS; nothing of its keys.

    Parameters:
        profile: Its name.
        session_region: The region of the session that was passed in, which goes before the
            environment's; ``None`` where none was.
        region: ``region``.
        ca_bundle: ``ca_bundle``, the name of a PEM file.
        service_endpoint_url: ``endpoint_url`` for this service in the services section that the
            profile names.
        endpoint_url: ``endpoint_url`` for all services.
        ignores_endpoint_urls: ``ignore_configured_endpoint_urls``.
        use_fips: ``use_fips_endpoint``.
        use_dualstack: ``use_dualstack_endpoint``.
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
"""What files say that do not exist."""


def load_shared_config(
    environment: Mapping[str, str], *, profile: str | None = None, session: Any = None
) -> SharedConfig:
    """Read what a profile says. Reads files, so call it when something is made, not in between.

    Args:
        environment: Environment variables.
        profile: The profile; by default the environment's, else ``default``.
        session: What a user passes as ``credentials``. If it is a botocore or boto3 session, its
            profile and region count; anything else is ignored.

    Raises:
        ConfigurationError: A file cannot be read, the given profile does not exist, or it names
            a services section that does not exist.
    """
    inner = _botocore_session(session)
    return _of_files(environment, profile) if inner is None else _of_session(session, inner)


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
            advice="`aws configure list-profiles` lists those there are.",
        )
    return _read(name, profiles.get(name, {}) | credentials.get(name, {}), config)


def _parse(path: str, *, raw: bool = False) -> dict[str, Any]:
    """Read a file; ``raw`` for the credentials file, whose sections are profiles."""
    if not os.path.isfile(os.path.expanduser(os.path.expandvars(path))):
        return {}
    # Only now: what botocore's parser brings takes longer to import than a file to be missed.
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
            advice=f"Add [services {section}] to AWS's configuration file, or leave it out.",
        )
    service = services.get(SERVICE)
    return service.get("endpoint_url") if isinstance(service, Mapping) else None
