# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The arguments that name an endpoint. Imports the standard library only."""

import argparse
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.cli.shared_arguments import add_faults, new_options

FAULT_HELP = "inject a fault, such as reset@bytes=64000 or refuse=429@connect; may be repeated"
"""Help text of ``--fault``."""

_PLACE = {
    "region": "--region",
    "target_variant": "--variant",
    "endpoint_url": "--endpoint-url",
    "use_fips": "--fips",
    "use_dualstack": "--dual-stack",
    "ca_bundle": "--ca-bundle",
    "profile": "--profile",
}
"""The options of an endpoint that is already running, by the names of the arguments."""


@dataclass(frozen=True, kw_only=True)
class RemoteEndpoint:
    """An endpoint that is already running.

    Attributes:
        name: Name of the SageMaker endpoint.
        region: AWS region; ``None`` for the environment's, else the profile's.
        variant: Production variant to use; ``None`` lets SageMaker choose one.
        url: Base URL instead of the region's own.
        use_fips: Whether to use the FIPS host; ``None`` for the environment's or the profile's
            setting.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` likewise.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        profile: Profile of AWS's configuration files; ``None`` for the environment's.
    """

    name: str
    region: str | None = None
    variant: str | None = None
    url: str | None = None
    use_fips: bool | None = None
    use_dualstack: bool | None = None
    ca_bundle: str | None = None
    profile: str | None = None


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose an endpoint.

    Args:
        parser: The parser to add them to.
    """
    remote = parser.add_argument_group("an endpoint that is already running")
    remote.add_argument("--endpoint", metavar="NAME", help="name of the SageMaker endpoint")
    add_place(remote)
    local = parser.add_argument_group("an endpoint on this machine")
    local.add_argument("--local", action="store_true", help="start one (default)")
    add_faults(local, FAULT_HELP)


def add_place(group: "argparse._ActionsContainer") -> None:
    """Add the arguments for an endpoint's address and credentials.

    Args:
        group: The group to add them to.
    """
    group.add_argument("--region", help="its AWS region (default: environment or profile)")
    group.add_argument(
        "--variant", dest="target_variant", metavar="NAME", help="the production variant to use"
    )
    group.add_argument("--endpoint-url", metavar="URL", help="base URL instead of the region's")
    for dest, host in (("use_fips", "FIPS host"), ("use_dualstack", "host with IPv6 and IPv4")):
        group.add_argument(
            _PLACE[dest],
            dest=dest,
            action="store_const",
            const=True,
            help=f"use the region's {host}",
        )
    group.add_argument("--ca-bundle", metavar="PEM", help="certificates to trust")
    group.add_argument("--profile", help="profile of AWS's configuration files")


def read_endpoint(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> RemoteEndpoint | None:
    """Read the arguments that ``add_endpoint`` added.

    Args:
        arguments: The parsed arguments.
        parser: Reports invalid combinations.

    Returns:
        The running endpoint; ``None`` for one on this machine.
    """
    if arguments.endpoint is None:
        _refuse_place(arguments, parser)
        return None
    if arguments.local or arguments.faults:
        word = "--local" if arguments.local else "--fault"
        parser.error(
            f"{word} applies to an endpoint on this machine and cannot be combined with --endpoint"
        )
    return new_options(
        RemoteEndpoint,
        arguments,
        name=arguments.endpoint,
        variant=arguments.target_variant,
        url=arguments.endpoint_url,
    )


def _refuse_place(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    for dest, option in _PLACE.items():
        if getattr(arguments, dest) is not None:
            parser.error(f"{option} needs --endpoint NAME")
