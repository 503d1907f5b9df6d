# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deleting an endpoint, so that nothing is billed any more.

AWS bills instances by the hour, CloudWatch logs and alarms, and images in ECR by their size.
A model and an endpoint configuration cost nothing, but are deleted too. The order matters: while an
endpoint scales automatically, its alarms belong to the policy, and while it is being created, AWS
refuses to delete it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deploy.autoscaling import stop_scaling
from pipecat_sagemaker_deepgram.deploy.calls import Calls
from pipecat_sagemaker_deepgram.deploy.deployment import TAG, VARIANT
from pipecat_sagemaker_deepgram.deploy.failures import DeploymentError, is_in_progress
from pipecat_sagemaker_deepgram.deploy.images import image_reference


@dataclass(frozen=True, kw_only=True)
class Leftovers:
    """The objects that a removal keeps, and those it deletes in addition to the default.

    Attributes:
        keep_logs: Whether to keep the log group.
        with_image: Whether to delete the image from ECR too.
        anyway: Whether to delete an endpoint that this package did not create.
    """

    keep_logs: bool = False
    with_image: bool = False
    anyway: bool = False


class Removal:
    """One removal.

    Args:
        call: Calls AWS.
        name: The endpoint.
        report: Called with a line for each step.
        sleep: Waits between two polls.
        looks: Number of polls before giving up.
    """

    def __init__(
        self,
        call: Calls,
        name: str,
        *,
        report: Callable[[str], None],
        sleep: Callable[[], None],
        looks: int,
    ) -> None:
        self._call = call
        self._name = name
        self._report = report
        self._sleep = sleep
        self._looks = looks
        self._still_billed: list[str] = []

    def run(self, leftovers: Leftovers) -> None:
        """Delete everything, in order; what no longer exists is skipped.

        Args:
            leftovers: What to keep and what else to delete.

        Raises:
            DeploymentError: AWS refused a step, or this package did not create the endpoint.
        """
        name = self._name
        endpoint = self._find("describe_endpoint", EndpointName=name)
        if endpoint is not None and not leftovers.anyway:
            self._refuse_others(endpoint["EndpointArn"])
        config_name = endpoint["EndpointConfigName"] if endpoint else name
        config = self._find("describe_endpoint_config", EndpointConfigName=config_name)
        models = self._models(config)
        images = self._images(models)
        if endpoint is not None:
            self._stop_scaling(endpoint)
            self._delete_endpoint()
        if config is not None and self._is_ours(config["EndpointConfigArn"], leftovers):
            self._remove("delete_endpoint_config", EndpointConfigName=config_name)
        for model in models:
            if self._is_ours(model["ModelArn"], leftovers):
                self._remove("delete_model", ModelName=model["ModelName"])
        self._settle_logs(leftovers)
        for image in images:
            self._settle_image(image, leftovers)
        rest = "; ".join(self._still_billed)
        self._report(f"still billed: {rest}" if rest else f"nothing of {name} is billed any more")

    # What belongs to it

    def _models(self, config: dict[str, Any] | None) -> list[dict[str, Any]]:
        variants = config["ProductionVariants"] if config else ()
        names = dict.fromkeys(each["ModelName"] for each in variants) or {self._name: None}
        found = (self._find("describe_model", ModelName=each) for each in names)
        return [each for each in found if each is not None]

    def _images(self, models: list[dict[str, Any]]) -> list[str]:
        containers = [each.get("PrimaryContainer", {}) for each in models]
        return [each["Image"] for each in containers if "ModelPackageName" not in each and each]

    def _refuse_others(self, arn: str) -> None:
        if not self._has_tag(arn):
            raise DeploymentError(
                f"endpoint {self._name} was not created by this command",
                advice="If it is the one you mean, delete it with --anyway.",
            )

    def _is_ours(self, arn: str, leftovers: Leftovers) -> bool:
        if leftovers.anyway or self._has_tag(arn):
            return True
        self._report(f"{arn} was not created by this command and is kept; it costs nothing")
        return False

    def _has_tag(self, arn: str) -> bool:
        return TAG in self._call("sagemaker", "list_tags", ResourceArn=arn)["Tags"]

    # Removing it

    def _find(self, operation: str, **request: Any) -> dict[str, Any] | None:
        return self._call.find("sagemaker", operation, **request)

    def _remove(self, operation: str, **request: Any) -> None:
        if self._find(operation, **request) is not None:
            what = operation.removeprefix("delete_").replace("_", " ")
            self._report(f"{what} {next(iter(request.values()))} deleted")

    def _stop_scaling(self, endpoint: dict[str, Any]) -> None:
        for variant in endpoint.get("ProductionVariants") or [{"VariantName": VARIANT}]:
            if stop_scaling(self._call, self._name, variant["VariantName"]):
                self._report("scaling stopped, its policy and alarms removed")

    def _delete_endpoint(self) -> None:
        self._request_deletion()
        for _ in range(self._looks):
            if self._find("describe_endpoint", EndpointName=self._name) is None:
                self._report(f"endpoint {self._name} deleted")
                return
            self._sleep()
        raise self._out_of_time("is still there")

    def _request_deletion(self) -> None:
        for _ in range(self._looks):
            try:
                self._find("delete_endpoint", EndpointName=self._name)
                return
            except DeploymentError as error:
                if not is_in_progress(error.message):
                    raise
            self._report(f"endpoint {self._name} is still being created or updated: waiting")
            self._sleep()
        raise self._out_of_time("cannot be deleted yet")

    def _out_of_time(self, what: str) -> DeploymentError:
        return DeploymentError(
            f"endpoint {self._name} {what} and is billed as long as it has instances",
            advice="Run the same command again in a few minutes.",
        )

    def _settle_logs(self, leftovers: Leftovers) -> None:
        group = f"/aws/sagemaker/Endpoints/{self._name}"
        if leftovers.keep_logs:
            found = self._call("logs", "describe_log_groups", logGroupNamePrefix=group)
            if any(each["logGroupName"] == group for each in found["logGroups"]):
                self._still_billed.append(f"log group {group} (storage)")
        elif self._call.find("logs", "delete_log_group", logGroupName=group) is not None:
            self._report(f"log group {group} deleted")

    def _settle_image(self, image: str, leftovers: Leftovers) -> None:
        reference = image_reference(image)
        if reference is None or not leftovers.with_image:
            self._still_billed.append(f"image {image} (storage in ECR; --with-image deletes it)")
            return
        self._call.find(
            "ecr", "batch_delete_image", imageIds=[reference.identifier], **reference.place
        )
        self._report(f"image {image} deleted")
