# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""TLS for the connection: always verified, HTTP/2 only."""

import os
import ssl
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

CA_VARIABLES = ("AWS_CA_BUNDLE", "SSL_CERT_FILE")
"""Environment variables that name a file of trusted certificates, the first set one wins."""


def ca_bundle_from(
    ca_bundle: str | os.PathLike[str] | None, environment: Mapping[str, str]
) -> Path | None:
    """Choose the file of trusted certificates: the given one, else the environment's.

    Returns:
        The file, or ``None`` for the system's own trust store.
    """
    if ca_bundle is not None:
        return Path(ca_bundle)
    named = next((environment[name] for name in CA_VARIABLES if environment.get(name)), None)
    return Path(named) if named else None


def client_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """A context that verifies certificate and host name and offers only ``h2``.

    Reading certificates takes milliseconds, so streams that trust the same file share one, until
    that file changes.

    Args:
        ca_bundle: PEM file of trusted certificates; ``None`` trusts what the system trusts.

    Raises:
        ConfigurationError: The file cannot be read as certificates.
    """
    try:
        changed_at = ca_bundle.stat().st_mtime_ns if ca_bundle is not None else 0
        return _context(ca_bundle, changed_at)
    except (OSError, ssl.SSLError) as error:
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
