# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Creating, scaling and deleting a SageMaker endpoint.

``deployment``, ``scaling`` and ``failures`` are pure: they build the requests and interpret errors;
``deployer`` makes the calls. May import boto3 (the extra ``deploy``) and ``exceptions``; nothing
else of this package.
"""

from pipecat_sagemaker_deepgram.deploy.deployer import Deployer, Patience
from pipecat_sagemaker_deepgram.deploy.deployment import Deployment
from pipecat_sagemaker_deepgram.deploy.failures import DeploymentError
from pipecat_sagemaker_deepgram.deploy.removal import Leftovers
from pipecat_sagemaker_deepgram.deploy.scaling import Scaling

__all__ = [
    "Deployer",
    "Deployment",
    "DeploymentError",
    "Leftovers",
    "Patience",
    "Scaling",
]
