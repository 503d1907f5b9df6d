# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where an endpoint can be reached. Pure.

The service model gives port 8443; on 443 the host accepts a connection and never answers
(aws-models, ``sagemaker-runtime-http2.json``, endpoint rule set). The DNS suffixes are those of
the AWS SDKs' ``partitions.json``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.shared_config import NO_CONFIG, SERVICE, SharedConfig

PORT = 8443
"""Port of the streaming operation."""

URL_VARIABLES = ("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2", "AWS_ENDPOINT_URL")
"""Environment variables that give the URL; the first one set wins."""

IGNORE_URLS_VARIABLE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
"""Environment variable that switches ``URL_VARIABLES`` off."""

FIPS_VARIABLE = "AWS_USE_FIPS_ENDPOINT"
"""Environment variable that asks for the FIPS host."""

DUALSTACK_VARIABLE = "AWS_USE_DUALSTACK_ENDPOINT"
"""Environment variable that asks for the host with IPv6 and IPv4 addresses."""

_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Address:
    """Where to connect to.

    Attributes:
        host: Host name or IP address, for which the certificate must be valid.
        port: TCP port.
    """

    host: str
    port: int

    def __str__(self) -> str:
        """``host:port``, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class _Partition:
    prefix: str
    suffix: str
    dualstack_suffix: str


# The first whose prefix a region begins with applies; the last one applies to all others.
_PARTITIONS = (
    _Partition("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    _Partition("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    _Partition("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    _Partition("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    _Partition("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    _Partition("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    _Partition("", "amazonaws.com", "api.aws"),
)


class FoundRegion(NamedTuple):
    """A region, and where its name was found.

    Attributes:
        name: The region.
        source: ``region`` if it was passed, else the variable, the profile or the session.
    """

    name: str
    source: str


def find_region(
    region: str | None, environment: Mapping[str, str], config: SharedConfig = NO_CONFIG
) -> FoundRegion:
    """Choose the region: the one passed, the session's, the environment's, the profile's.

    Args:
        region: The one passed; ``None`` if none was.
        environment: Environment variables: ``AWS_REGION``, ``AWS_DEFAULT_REGION``.
        config: What the profile or the session says.

    Raises:
        ConfigurationError: There is none, or it does not look like the name of a region.
    """
    profile = f"profile {config.profile!r}"
    named = [
        (region, "region"),
        (config.session_region, "the session"),
        *((environment.get(name), name) for name in _REGION_VARIABLES),
        (config.region, profile),
    ]
    found = next((FoundRegion(name, source) for name, source in named if name), None)
    if found is None:
        raise ConfigurationError(
            "region is not given",
            advice="Pass region=, set AWS_REGION, for example to us-east-1, or set region in "
            f"{profile} of AWS's configuration file.",
        )
    if not _REGION.fullmatch(found.name):
        given_by = "" if found.source == "region" else f" (from {found.source})"
        raise ConfigurationError(
            f"region {found.name!r}{given_by} is not the name of a region, such as us-east-1"
        )
    return found


def resolve_region(
    region: str | None, environment: Mapping[str, str], config: SharedConfig = NO_CONFIG
) -> str:
    """Choose the region, as ``find_region`` does.

    Args:
        region: The one passed; ``None`` if none was.
        environment: Environment variables.
        config: What the profile or the session says.

    Raises:
        ConfigurationError: There is none, or it does not look like the name of a region.
    """
    return find_region(region, environment, config).name


def resolve_url(
    endpoint_url: str | None,
    region: str,
    environment: Mapping[str, str],
    *,
    use_fips: bool | None = None,
    use_dualstack: bool | None = None,
    config: SharedConfig = NO_CONFIG,
) -> str:
    """Choose the base URL: the one passed, the environment's, the profile's, the region's own.

    Args:
        endpoint_url: ``https://host``, with ``:port`` unless that is 8443; ``None`` if none was
            passed.
        region: AWS region.
        environment: Environment variables.
        use_fips: Whether to use the FIPS host; ``None`` (the default) follows
            ``AWS_USE_FIPS_ENDPOINT``, else the profile.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` (the
            default) follows ``AWS_USE_DUALSTACK_ENDPOINT``, else the profile.
        config: What the profile or the session says.

    Raises:
        ConfigurationError: The URL is not ``https://host[:port]``, or FIPS or dual-stack is
            requested as well, a combination that the service model rejects.
    """
    fips = _switch(use_fips, environment, FIPS_VARIABLE, otherwise=config.use_fips)
    dualstack = _switch(
        use_dualstack, environment, DUALSTACK_VARIABLE, otherwise=config.use_dualstack
    )
    name, given = _given_url(endpoint_url, environment, config)
    if not given:
        return f"https://{_host(region, fips=fips, dualstack=dualstack)}:{PORT}"
    for wanted, field in ((fips, "use_fips"), (dualstack, "use_dualstack")):
        if wanted:
            raise ConfigurationError(
                f"{name} and {field} are both set, but AWS accepts only one of them",
                advice=f"Leave {field} out and name the intended host in the URL.",
            )
    return f"https://{parse_url(given, name)}"


def parse_url(url: str, name: str) -> Address:
    """Read ``https://host[:port]``.

    Args:
        url: The URL.
        name: What to call it in an error.

    Raises:
        ConfigurationError: It does not have that form.
    """
    if any(each.isspace() or not each.isprintable() for each in url):
        # urlsplit would drop some of them, so the connection would go somewhere else.
        raise ConfigurationError(
            f"{name} contains white space or a control character",
            advice="Write it without line breaks and tabs, as https://host or https://host:port.",
        )
    try:
        parts = urlsplit(url)
        address = Address(parts.hostname or "", parts.port or PORT)
    except ValueError as error:
        raise _refused(name) from error
    rest = (parts.username, parts.query, parts.fragment, parts.path.strip("/"))
    if parts.scheme != "https" or any(rest) or not _is_host(address.host):
        raise _refused(name)
    return address


def _given_url(
    endpoint_url: str | None, environment: Mapping[str, str], config: SharedConfig
) -> tuple[str, str | None]:
    """Return what to call the URL that applies, and the URL, in botocore's order."""
    if endpoint_url:
        return "endpoint_url", endpoint_url
    if _switch(None, environment, IGNORE_URLS_VARIABLE, otherwise=config.ignores_endpoint_urls):
        return "", None
    profile = f"profile {config.profile!r}"
    configured = [
        *((name, environment.get(name)) for name in URL_VARIABLES),
        (f"endpoint_url of {SERVICE} for {profile}", config.service_endpoint_url),
        (f"endpoint_url of {profile}", config.endpoint_url),
    ]
    return next(((name, url) for name, url in configured if url), ("", None))


def _switch(
    given: bool | None, environment: Mapping[str, str], variable: str, *, otherwise: bool
) -> bool:
    if given is not None:
        return given
    value = environment.get(variable)
    return value.lower() == "true" if value else otherwise


def _host(region: str, *, fips: bool, dualstack: bool) -> str:
    partition = next(each for each in _PARTITIONS if region.startswith(each.prefix))
    suffix = partition.dualstack_suffix if dualstack else partition.suffix
    return f"runtime{'-fips' if fips else ''}.sagemaker.{region}.{suffix}"


def _is_host(host: str) -> bool:
    return bool(host) and all(each.isalnum() or each in "-._:%" for each in host)


def _refused(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name} is not of the form https://host[:port]",
        advice="The operation runs over TLS only, on port 8443 unless the URL says otherwise.",
    )
