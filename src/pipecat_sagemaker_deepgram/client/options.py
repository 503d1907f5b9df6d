# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of everything that connects: how to reach an endpoint, and as whom. Pure."""

import os
from collections.abc import Iterable, Sequence
from typing import TypedDict

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.transport.credentials import CredentialsSource


class ConnectionOptions(TypedDict, total=False):
    """Options of a connection, besides the endpoint's name and region.

    Attributes:
        target_variant: Production variant to invoke; by default SageMaker chooses one.
        targets: Further endpoints to use, in this order, when the first one fails; none by
            default.
        endpoint_url: Base URL, ``https://host[:port]``, instead of the region's own; by default
            ``AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2``, ``AWS_ENDPOINT_URL`` or the profile's.
        use_fips: Whether to use the region's FIPS host; by default what ``AWS_USE_FIPS_ENDPOINT``
            or the profile's ``use_fips_endpoint`` says, else false.
        use_dualstack: Whether to use the region's host with IPv6 and IPv4 addresses; by default
            what ``AWS_USE_DUALSTACK_ENDPOINT`` or the profile's ``use_dualstack_endpoint`` says,
            else false.
        ca_bundle: PEM file of trusted certificates; by default ``AWS_CA_BUNDLE``, the profile's
            ``ca_bundle`` or ``SSL_CERT_FILE``, else what the system trusts.
        credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
            ``resolve()`` (``CredentialsResolver``); by default botocore's whole chain.
        profile: Profile of the shared configuration files, for credentials and all of the above;
            by default ``AWS_PROFILE``.
    """

    target_variant: str | None
    targets: Sequence[Target]
    endpoint_url: str | None
    use_fips: bool | None
    use_dualstack: bool | None
    ca_bundle: str | os.PathLike[str] | None
    credentials: CredentialsSource | None
    profile: str | None


def refuse_unknown_options(owner: str, given: Iterable[str]) -> None:
    """Refuse options that do not exist, as Python does for unknown parameters.

    Args:
        owner: Name of the class to which they were passed.
        given: The names of the options.

    Raises:
        TypeError: An option is unknown.
    """
    for name in given:
        if name not in ConnectionOptions.__annotations__:
            raise TypeError(f"{owner} got an unexpected keyword argument {name!r}")
