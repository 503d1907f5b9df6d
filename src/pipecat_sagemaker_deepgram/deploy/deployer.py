# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Creating, awaiting and scaling an endpoint; ``removal`` takes it away."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deploy.autoscaling import start_scaling, stop_scaling
from pipecat_sagemaker_deepgram.deploy.calls import Calls, Clients
from pipecat_sagemaker_deepgram.deploy.deployment import Deployment
from pipecat_sagemaker_deepgram.deploy.failures import DeploymentError, failed_endpoint
from pipecat_sagemaker_deepgram.deploy.removal import Leftovers, Removal
from pipecat_sagemaker_deepgram.deploy.scaling import Scaling

IN_SERVICE = "InService"
_ON_THE_WAY = {"Creating", "Updating", "SystemUpdating", "RollingBack"}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long and how often an endpoint is looked at.

    Parameters:
        timeout: Most seconds to wait.
        interval: Seconds between two looks.
        sleep: Waits.
        clock: Gives the time in seconds.
    """

    timeout: float = 45 * 60.0
    interval: float = 15.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Deployer:
    """Makes the calls, one after the other, and reports each step.

    Args:
        clients: Gives boto3's client of a service, as ``boto3.Session().client`` does.
        report: Called with a line for each thing that was done.
        patience: How long to wait.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        report: Callable[[str], None] = print,
        patience: Patience | None = None,
    ) -> None:
        self._call = Calls(clients)
        self._report = report
        self._patience = patience or Patience()

    def create(self, deployment: Deployment) -> None:
        """Create model, configuration and endpoint; the endpoint is ready after ``wait``.

        Args:
            deployment: What to create.

        Raises:
            DeploymentError: AWS refuses a step. What was created before it is removed again.
        """
        name = deployment.name
        made: list[tuple[str, dict[str, str]]] = []
        try:
            self._call("sagemaker", "create_model", **deployment.model_request())
            made.append(("delete_model", {"ModelName": name}))
            self._report(f"model {name} created")
            request = deployment.endpoint_config_request()
            self._call("sagemaker", "create_endpoint_config", **request)
            made.append(("delete_endpoint_config", {"EndpointConfigName": name}))
            self._report(f"endpoint configuration {name} created")
            self._call("sagemaker", "create_endpoint", **deployment.endpoint_request())
        except DeploymentError as error:
            # Without AWS's word for it, the last step may have been done all the same.
            if error.code:
                self._take_back(made)
            elif made:
                self._report(f"what was created may be all of it: see 'deploy delete {name}'")
            raise
        instances = f"{deployment.instances} x {deployment.effective_instance_type}"
        self._report(f"endpoint {name} is being created, billed from InService on: {instances}")

    def _take_back(self, made: list[tuple[str, dict[str, str]]]) -> None:
        for operation, request in reversed(made):
            what = operation.removeprefix("delete_").replace("_", " ")
            try:
                self._call("sagemaker", operation, **request)
                self._report(f"{what} removed again")
            except DeploymentError as error:
                self._report(f"{what} could not be removed again: {error.message}")

    def wait(self, name: str) -> None:
        """Wait until an endpoint is in service.

        Args:
            name: The endpoint.

        Raises:
            DeploymentError: It failed, does not exist, or took longer than the patience.
        """
        began, shown = self._patience.clock(), ""
        while True:
            answer = self._describe(name)
            status = answer["EndpointStatus"]
            if status != shown:
                self._report(f"endpoint {name} is {status}")
                shown = status
            if status == IN_SERVICE:
                return
            if status not in _ON_THE_WAY:
                raise failed_endpoint(name, status, answer.get("FailureReason", ""))
            if self._patience.clock() - began + self._patience.interval > self._patience.timeout:
                raise DeploymentError(
                    f"endpoint {name} is still {status} after {self._patience.timeout:.0f} s",
                    advice="It goes on without you. Wait again, or remove it; its log group is "
                    f"/aws/sagemaker/Endpoints/{name}.",
                )
            self._patience.sleep(self._patience.interval)

    def scale(self, name: str, scaling: Scaling) -> None:
        """Let the number of instances follow the number of streams.

        Args:
            name: The endpoint, which has to be in service.
            scaling: Between which numbers, and when.

        Raises:
            DeploymentError: AWS refuses it.
        """
        start_scaling(self._call, name, self._variant(name), scaling)
        self._report(
            f"endpoint {name} has {scaling.minimum} to {scaling.maximum} instances, aiming at "
            f"{scaling.target:g} streams on each"
        )

    def stop_scaling(self, name: str) -> None:
        """Leave the number of instances as it is; the policy and its alarms are removed.

        Args:
            name: The endpoint.

        Raises:
            DeploymentError: AWS refuses it.
        """
        did = stop_scaling(self._call, name, self._variant(name))
        had = "no longer scales by itself" if did else "did not scale by itself"
        self._report(f"endpoint {name} {had}")

    def set_instances(self, name: str, instances: int) -> None:
        """Give an endpoint that does not scale by itself another number of instances.

        Args:
            name: The endpoint.
            instances: How many, 1 or more.

        Raises:
            DeploymentError: AWS refuses it.
        """
        desired = {"VariantName": self._variant(name), "DesiredInstanceCount": instances}
        self._call(
            "sagemaker",
            "update_endpoint_weights_and_capacities",
            EndpointName=name,
            DesiredWeightsAndCapacities=[desired],
        )
        self._report(f"endpoint {name} is getting {instances} instances")

    def delete(self, name: str, leftovers: Leftovers | None = None) -> None:
        """Remove an endpoint with all that belongs to it, so that nothing of it is billed.

        Args:
            name: The endpoint.
            leftovers: What to keep.

        Raises:
            DeploymentError: AWS refuses a step, or it was not created by this package.
        """
        patience = self._patience
        removal = Removal(
            self._call,
            name,
            report=self._report,
            sleep=lambda: patience.sleep(patience.interval),
            looks=max(1, int(patience.timeout / patience.interval)),
        )
        removal.run(leftovers or Leftovers())

    def _describe(self, name: str) -> dict[str, Any]:
        answer = self._call.find("sagemaker", "describe_endpoint", EndpointName=name)
        if answer is None:
            raise DeploymentError(f"there is no endpoint {name} in this region and account")
        return answer

    def _variant(self, name: str) -> str:
        names = [each["VariantName"] for each in self._describe(name)["ProductionVariants"]]
        if len(names) != 1:
            raise DeploymentError(f"endpoint {name} has {len(names)} variants, and not one")
        return names[0]
