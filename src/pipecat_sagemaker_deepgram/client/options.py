# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How an endpoint is reached. Pure."""

import os
from collections.abc import Sequence
from typing import Any, TypedDict

from pipecat_sagemaker_deepgram.client.config import Target


class ConnectionOptions(TypedDict, total=False):
    """How an endpoint is reached."""

    region: str | None
    target_variant: str | None
    targets: Sequence[Target]
    endpoint_url: str | None
    use_fips: bool | None
    use_dualstack: bool | None
    ca_bundle: str | os.PathLike[str] | None
    credentials: Any
    profile: str | None
