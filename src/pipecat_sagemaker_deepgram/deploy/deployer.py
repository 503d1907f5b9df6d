# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Creating, awaiting and scaling an endpoint; see ``removal`` for deleting it."""

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
    """How long and how often an endpoint is polled.

    Attributes:
        timeout: Most seconds to wait.
        interval: Seconds between two polls.
        sleep: Waits.
        clock: Returns the time in seconds.
    """

    timeout: float = 45 * 60.0
    interval: float = 15.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Deployer:
    """Makes the calls, one after the other, and reports each step.

    Args:
        clients: Returns the boto3 client of a service, as ``boto3.Session().client`` does.
        report: Called with a line for each step.
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
        """Create a model, a configuration and an endpoint; ``wait`` returns once it is ready.

        Args:
            deployment: What to create.

        Raises:
            DeploymentError: AWS refused a step. What was created before it is removed again.
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
            # AWS may have carried out the last step even if its response was lost.
            if error.code:
                self._take_back(made)
            elif made:
                self._report(
                    "some or all of it may have been created: remove it with 'deploy "
                    f"delete {name}'"
                )
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
            DeploymentError: It failed, does not exist, or was not ready in time.
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
                    advice="AWS continues to create it. Wait again, or delete it; its log group is "
                    f"/aws/sagemaker/Endpoints/{name}.",
                )
            self._patience.sleep(self._patience.interval)

    def scale(self, name: str, scaling: Scaling) -> None:
        """Scale the number of instances with the number of streams.

        Args:
            name: The endpoint, which must be in service.
            scaling: The limits and the target.

        Raises:
            DeploymentError: AWS refused the call.
        """
        start_scaling(self._call, name, self._variant(name), scaling)
        self._report(
            f"endpoint {name} has {scaling.minimum} to {scaling.maximum} instances, with a target "
            "of "
            f"{scaling.target:g} streams per instance"
        )

    def stop_scaling(self, name: str) -> None:
        """Stop scaling; the policy and its alarms are deleted, the instances are kept.

        Args:
            name: The endpoint.

        Raises:
            DeploymentError: AWS refused the call.
        """
        did = stop_scaling(self._call, name, self._variant(name))
        had = "no longer scales automatically" if did else "was not scaling automatically"
        self._report(f"endpoint {name} {had}")

    def set_instances(self, name: str, instances: int) -> None:
        """Set the number of instances of an endpoint that does not scale automatically.

        Args:
            name: The endpoint.
            instances: Number of instances, at least 1.

        Raises:
            DeploymentError: AWS refused the call.
        """
        desired = {"VariantName": self._variant(name), "DesiredInstanceCount": instances}
        self._call(
            "sagemaker",
            "update_endpoint_weights_and_capacities",
            EndpointName=name,
            DesiredWeightsAndCapacities=[desired],
        )
        self._report(f"endpoint {name} is changing to {instances} instances")

    def delete(self, name: str, leftovers: Leftovers | None = None) -> None:
        """Delete an endpoint and everything that belongs to it, so that nothing is billed.

        Args:
            name: The endpoint.
            leftovers: What to keep.

        Raises:
            DeploymentError: AWS refused a step, or this package did not create the endpoint.
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
            raise DeploymentError(
                f"endpoint {name} has {len(names)} variants; exactly one is supported"
            )
        return names[0]
