# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments of ``deploy``. Imports nothing heavy."""

import argparse
import math
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.argument_values import time_from, whole_number
from pipecat_sagemaker_deepgram.cli.shared_arguments import add_verbose, new_options

_INSTANCES = whole_number(1, math.inf, "a number of instances, 1 or more")


@dataclass(frozen=True, kw_only=True)
class DeployOptions:
    """The arguments that every action of ``deploy`` has.

    Attributes:
        name: Name of the endpoint.
        region: AWS region; ``None`` for the environment's or the profile's.
        profile: Profile of AWS's configuration files; ``None`` for the environment's.
        timeout: Most seconds to wait for the endpoint.
        verbose: Whether to show the log.
    """

    name: str
    region: str | None = None
    profile: str | None = None
    timeout: float = 45 * 60.0
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class CreateOptions(DeployOptions):
    """``deploy create``.

    Attributes:
        role: ARN of the execution role.
        model_package: ARN of a Marketplace model package; or an image.
        image: URI of an image in ECR; or a model package.
        instance_type: Type of the instances; ``None`` for the default of a package or an image.
        instances: Initial number of instances.
        environment: Names and values of the container's environment.
        waits: Whether to wait until the endpoint is in service.
        is_dry: Whether to print the requests and send nothing.
    """

    role: str
    model_package: str | None = None
    image: str | None = None
    instance_type: str | None = None
    instances: int = 1
    environment: tuple[tuple[str, str], ...] = ()
    waits: bool = True
    is_dry: bool = False


@dataclass(frozen=True, kw_only=True)
class WaitOptions(DeployOptions):
    """``deploy wait``."""


@dataclass(frozen=True, kw_only=True)
class ScaleOptions(DeployOptions):
    """``deploy scale``: by streams, to a fixed number, or not any more.

    Attributes:
        streams: Streams that one instance serves; ``None`` unless it scales by them.
        minimum: Fewest instances.
        maximum: Most instances; ``None`` unless it scales by streams.
        utilization: Target share of ``streams`` per instance, above 0 and up to 1.
        instances: A fixed number of instances; ``None`` to scale or to stop scaling.
        is_off: Whether to switch off automatic scaling.
    """

    streams: float | None = None
    minimum: int = 1
    maximum: int | None = None
    utilization: float = 0.75
    instances: int | None = None
    is_off: bool = False


@dataclass(frozen=True, kw_only=True)
class DeleteOptions(DeployOptions):
    """``deploy delete``.

    Attributes:
        keep_logs: Whether to keep the log group.
        with_image: Whether to delete the image from ECR too.
        anyway: Whether to delete an endpoint that this command did not create.
    """

    keep_logs: bool = False
    with_image: bool = False
    anyway: bool = False


def add_deploy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command.

    Args:
        commands: The subparsers to add it to.
    """
    parser = commands.add_parser(
        "deploy",
        help="create, wait for, scale or delete an endpoint on AWS",
        description="Deploy Deepgram's Marketplace model package, or an image of your own, to an "
        "endpoint on Amazon SageMaker. An endpoint is billed by the hour until it is deleted.",
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    _add_create(actions)
    _add_wait(actions)
    _add_scale(actions)
    _add_delete(actions)


def _add_create(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _new_action(
        actions, "create", "create a model, a configuration and an endpoint, and wait"
    )
    parser.add_argument("--role", required=True, metavar="ARN", help="ARN of the execution role")
    _add_model(parser)
    _add_instances(parser)
    parser.add_argument(
        "--no-wait",
        dest="waits",
        action="store_false",
        help="do not wait until the endpoint is in service",
    )
    _add_flag(parser, "--dry-run", "is_dry", "print the requests as JSON and send nothing")
    _read_into(CreateOptions, parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--model-package", metavar="ARN", help="ARN of a model package that you are subscribed to"
    )
    source.add_argument("--image", metavar="URI", help="URI of your own image in ECR")


def _add_instances(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--instance-type",
        metavar="TYPE",
        help="type of the instances (default: ml.g6.2xlarge for a package, ml.c6i.xlarge for "
        "an image)",
    )
    parser.add_argument(
        "--instances", type=_INSTANCES, default=1, help="number of instances (default: 1)"
    )
    parser.add_argument(
        "--env",
        dest="environment",
        type=_variable,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an environment variable of the container; may be repeated",
    )


def _add_wait(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _read_into(WaitOptions, _new_action(actions, "wait", "wait until an endpoint is in service"))


def _add_scale(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _new_action(
        actions, "scale", "scale the number of instances with the streams, or set it"
    )
    _add_way_to_scale(parser)
    parser.add_argument(
        "--min",
        dest="minimum",
        type=_INSTANCES,
        default=1,
        metavar="MIN",
        help="fewest instances (default: 1)",
    )
    parser.add_argument(
        "--max", dest="maximum", type=_INSTANCES, metavar="MAX", help="most instances"
    )
    parser.add_argument(
        "--utilization",
        type=float,
        default=0.75,
        metavar="PART",
        help="the target share of --streams per instance (default: 0.75)",
    )
    parser.set_defaults(read=lambda arguments: _read_scale(arguments, parser))


def _add_way_to_scale(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--streams",
        type=float,
        metavar="N",
        help="concurrent streams that one instance serves at a good latency",
    )
    how.add_argument(
        "--instances", type=_INSTANCES, metavar="N", help="a fixed number of instances"
    )
    _add_flag(how, "--off", "is_off", "stop scaling automatically")


def _read_scale(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> ScaleOptions:
    if (arguments.streams is None) != (arguments.maximum is None):
        parser.error("--streams and --max must be given together")
    return _read(ScaleOptions, arguments)


def _add_delete(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _new_action(
        actions,
        "delete",
        "delete an endpoint and everything that belongs to it, so that nothing is billed",
    )
    _add_flag(parser, "--keep-logs", "keep_logs", "keep its log group")
    _add_flag(parser, "--with-image", "with_image", "delete its image from ECR too")
    _add_flag(parser, "--anyway", "anyway", "delete it even if this command did not create it")
    _read_into(DeleteOptions, parser)


def _new_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, description: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=description, description=description.capitalize() + ".")
    parser.add_argument("name", metavar="NAME", help="name of the endpoint")
    parser.add_argument("--region", help="AWS region (default: environment or profile)")
    parser.add_argument("--profile", help="profile of AWS's configuration files")
    parser.add_argument(
        "--timeout",
        type=time_from(0.0, "a number of minutes, 0 or more"),
        default=45.0,
        metavar="MINUTES",
        help="how long to wait at most (default: 45)",
    )
    add_verbose(parser)
    return parser


def _add_flag(group: "argparse._ActionsContainer", option: str, dest: str, help: str) -> None:
    group.add_argument(option, dest=dest, action="store_true", help=help)


def _read_into(kind: type[DeployOptions], parser: argparse.ArgumentParser) -> None:
    """Have the parser's arguments read as a kind of options."""
    parser.set_defaults(read=lambda arguments: _read(kind, arguments))


def _read[T: DeployOptions](kind: type[T], arguments: argparse.Namespace) -> T:
    return new_options(kind, arguments, timeout=arguments.timeout * 60.0)


def _variable(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} does not have the form NAME=VALUE")
    return name, value
