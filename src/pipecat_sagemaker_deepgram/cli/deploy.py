# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``deploy``: create, scale and delete an endpoint on AWS."""

import json
import os
import sys
from typing import Any

from pipecat_sagemaker_deepgram.cli.deploy_arguments import (
    CreateOptions,
    DeleteOptions,
    DeployOptions,
    ScaleOptions,
    WaitOptions,
)
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.deploy import Deployer, Deployment, Patience, Scaling
from pipecat_sagemaker_deepgram.deploy.removal import Leftovers
from pipecat_sagemaker_deepgram.transport import load_shared_config, resolve_region


def run_deploy(options: DeployOptions) -> ExitCode:
    """Run the command.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        ImportError: The extra ``deploy`` is not installed.
    """
    if isinstance(options, CreateOptions) and options.is_dry:
        print(json.dumps(_requests(_deployment(options)), indent=2))
        return ExitCode.DONE
    # Invalid options are reported before AWS is called, and without boto3.
    shared = load_shared_config(os.environ, profile=options.profile)
    region = resolve_region(options.region, os.environ, shared)
    from pipecat_sagemaker_deepgram.deploy.clients import open_clients

    clients = open_clients(region=region, profile=options.profile)
    deployer = Deployer(clients, patience=Patience(timeout=options.timeout))
    try:
        act(deployer, options)
    except KeyboardInterrupt:
        print(
            "stopped waiting; AWS continues with what was started and may bill for it: follow it "
            f"with 'deploy wait {options.name}', or remove it with 'deploy delete {options.name}'",
            file=sys.stderr,
        )
        return ExitCode.INTERRUPTED
    return ExitCode.DONE


def act(deployer: Deployer, options: DeployOptions) -> None:
    """Carry out the command.

    Args:
        deployer: Makes the calls.
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
    """
    match options:
        case CreateOptions():
            deployer.create(_deployment(options))
            if options.waits:
                deployer.wait(options.name)
        case WaitOptions():
            deployer.wait(options.name)
        case ScaleOptions():
            _scale(deployer, options)
        case DeleteOptions():
            leftovers = Leftovers(
                keep_logs=options.keep_logs, with_image=options.with_image, anyway=options.anyway
            )
            deployer.delete(options.name, leftovers)


def _scale(deployer: Deployer, options: ScaleOptions) -> None:
    if options.instances is not None:
        deployer.set_instances(options.name, options.instances)
        deployer.wait(options.name)
    elif options.streams is not None and options.maximum is not None:
        scaling = Scaling(
            minimum=options.minimum,
            maximum=options.maximum,
            streams=options.streams,
            utilization=options.utilization,
        )
        deployer.scale(options.name, scaling)
    else:
        deployer.stop_scaling(options.name)


def _deployment(options: CreateOptions) -> Deployment:
    return Deployment(
        name=options.name,
        role_arn=options.role,
        model_package_arn=options.model_package,
        image=options.image,
        instance_type=options.instance_type,
        instances=options.instances,
        environment=dict(options.environment),
    )


def _requests(deployment: Deployment) -> dict[str, Any]:
    return {
        "CreateModel": deployment.model_request(),
        "CreateEndpointConfig": deployment.endpoint_config_request(),
        "CreateEndpoint": deployment.endpoint_request(),
    }
