# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where an endpoint is reached. Pure.

The service model gives port 8443; on 443 the host accepts a connection and never answers
(aws-models, ``sagemaker-runtime-http2.json``, endpoint rule set). The DNS suffixes are those of
the AWS SDKs' ``partitions.json``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.shared_config import NO_CONFIG, SERVICE, SharedConfig

PORT = 8443
"""Port of the streaming operation."""

URL_VARIABLES = ("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2", "AWS_ENDPOINT_URL")
"""Environment variables that give the URL, the first set one wins."""

IGNORE_URLS_VARIABLE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
"""Environment variable that switches ``URL_VARIABLES`` off."""

FIPS_VARIABLE = "AWS_USE_FIPS_ENDPOINT"
"""Environment variable that asks for the FIPS host."""

DUALSTACK_VARIABLE = "AWS_USE_DUALSTACK_ENDPOINT"
"""Environment variable that asks for the host with IPv6 and IPv4 addresses."""

_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


@dataclass(frozen=True)
class Address:
    """Where to connect to.

    Parameters:
        host: Host name or IP address; the name the certificate must carry.
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


# The first whose prefix a region begins with; the last one takes all.
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
    """A region, and who names it.

    Parameters:
        name: The region.
        source: ``region`` for the given one, else a variable, a profile or the session.
    """

    name: str
    source: str


def find_region(
    region: str | None, environment: Mapping[str, str], config: SharedConfig = NO_CONFIG
) -> FoundRegion:
    """Choose the region: the given one, a given session's, the environment's, the profile's.

    Args:
        region: The given one.
        environment: Environment variables.
        config: What the profile or the session says.

    Raises:
        ConfigurationError: None is given, or it does not look like one.
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
            advice="Pass region=, or set AWS_REGION, such as us-east-1, or write region = to "
            f"{profile} of AWS's configuration file.",
        )
    if not all(part.isascii() and part.isalnum() for part in found.name.split("-")):
        given_by = "" if found.source == "region" else f" (from {found.source})"
        raise ConfigurationError(
            f"region {found.name!r}{given_by} is not the name of a region, as us-east-1 is"
        )
    return found


def resolve_region(
    region: str | None, environment: Mapping[str, str], config: SharedConfig = NO_CONFIG
) -> str:
    """Choose the region, as ``find_region`` does.

    Raises:
        ConfigurationError: None is given, or it does not look like one.
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
    """Choose the base URL: the given one, the environment's, the profile's, the region's own.

    Args:
        endpoint_url: ``https://host``, with ``:port`` unless that is 8443.
        region: AWS region.
        environment: Environment variables.
        use_fips: Whether to use the FIPS host; by default as ``AWS_USE_FIPS_ENDPOINT`` says,
            else as the profile does.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; by default as
            ``AWS_USE_DUALSTACK_ENDPOINT`` says, else as the profile does.
        config: What the profile or the session says.

    Raises:
        ConfigurationError: The given URL is not ``https://host[:port]``, or a URL is given and
            FIPS or dual-stack is asked for, which the service model refuses together.
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
                f"{name} and {field} are both given, and AWS takes only one of them",
                advice=f"Leave {field} out and name the host that is meant in the URL.",
            )
    return f"https://{parse_url(given, name)}"


def parse_url(url: str, name: str) -> Address:
    """Read ``https://host[:port]``.

    Args:
        url: The URL.
        name: What to call it in an error.

    Raises:
        ConfigurationError: It is of another form.
    """
    if any(each.isspace() or not each.isprintable() for each in url):
        # urlsplit would drop some of them, and connect elsewhere than to what was written.
        raise ConfigurationError(
            f"{name} contains a blank or a control character",
            advice="Write it without line ends and tabs, as https://host or https://host:port.",
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
    """The URL that counts, and what to call it, in botocore's order."""
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
