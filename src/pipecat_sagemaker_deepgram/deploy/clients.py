# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The boto3 clients that a deployment uses."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from pipecat_sagemaker_deepgram.deploy.calls import Clients
from pipecat_sagemaker_deepgram.deploy.failures import DeploymentError

_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 5})


def open_clients(*, region: str, profile: str | None = None) -> Clients:
    """Return a factory of boto3 clients.

    Args:
        region: AWS region.
        profile: Profile of AWS's configuration files; the environment's by default.

    Raises:
        DeploymentError: There is no such profile.
    """
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
    except BotoCoreError as error:
        raise DeploymentError(str(error).rstrip(".")) from error
    return lambda service: session.client(service, config=_CONFIG)
