# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""TLS for the connection: certificates are always verified, and only HTTP/2 is offered."""

import os
import ssl
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.shared_config import NO_CONFIG, SharedConfig

AWS_CA_VARIABLE = "AWS_CA_BUNDLE"
"""Environment variable that names a file of trusted certificates for AWS alone."""

SYSTEM_CA_VARIABLE = "SSL_CERT_FILE"
"""Environment variable that names a file of trusted certificates for all of OpenSSL."""


def ca_bundle_from(
    ca_bundle: str | os.PathLike[str] | None,
    environment: Mapping[str, str],
    config: SharedConfig = NO_CONFIG,
) -> Path | None:
    """Choose the file of trusted certificates.

    Args:
        ca_bundle: The one passed, which wins; ``None`` if none was.
        environment: Environment variables: ``AWS_CA_BUNDLE`` takes precedence over the profile's
            ``ca_bundle``, and that over ``SSL_CERT_FILE``.
        config: What the profile or the session says.

    Returns:
        The file, or ``None`` for the system's own trust store.
    """
    if ca_bundle is not None:
        return Path(ca_bundle)
    named = (
        environment.get(AWS_CA_VARIABLE) or config.ca_bundle or environment.get(SYSTEM_CA_VARIABLE)
    )
    return Path(named) if named else None


def client_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name and offers only ``h2``.

    Reading certificates takes milliseconds, so streams that trust the same file share a context
    until the file changes.

    Args:
        ca_bundle: PEM file of trusted certificates; ``None`` trusts what the system trusts.

    Raises:
        ConfigurationError: The file cannot be read as certificates.
    """
    try:
        changed_at = ca_bundle.stat().st_mtime_ns if ca_bundle is not None else 0
        return _context(ca_bundle, changed_at)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name.
        raise ConfigurationError(
            f"ca_bundle {str(ca_bundle)!r} cannot be read as PEM certificates: {error}",
            advice="Name a readable PEM file, or leave it out to trust what the system trusts.",
        ) from error


@lru_cache(maxsize=16)
def _context(ca_bundle: Path | None, changed_at: int) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    return context
