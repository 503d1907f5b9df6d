# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What stands in ``deployment/gateway``: linted, and every metric it names exists."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from ruamel.yaml import YAML

from pipecat_sagemaker_deepgram.cli.arguments import parse_arguments
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions
from pipecat_sagemaker_deepgram.cli.worker_arguments import WorkerOptions
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics

FOLDER = Path(__file__).parent.parent.parent / "deployment" / "gateway"
TOOLS = Path(sys.executable).parent
OF_PROMETHEUS = {"up"}


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_hadolint_finds_nothing() -> None:
    run(TOOLS / "hadolint", FOLDER / "Dockerfile")


def test_the_compose_file_is_valid() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    run(TOOLS / "check-jsonschema", *schema, FOLDER / "compose.yaml")


def load(name: str) -> dict:
    return YAML(typ="safe").load(FOLDER / name)


@pytest.mark.parametrize(
    ("service", "kind"), [("gateway", ServeOptions), ("worker", WorkerOptions)]
)
def test_the_commands_are_understood(service: str, kind: type) -> None:
    command = [
        re.sub(r"\$\{\w+[^}]*\}", "10.0.0.1", word)
        for word in load("compose.yaml")["services"][service]["command"]
    ]
    assert isinstance(parse_arguments(command), kind)


def test_every_file_that_is_mounted_exists() -> None:
    mounts = [
        volume.split(":")[0]
        for service in load("compose.yaml")["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert mounts
    assert all((FOLDER / mount).exists() for mount in mounts)


def expressions() -> Iterator[str]:
    dashboard = json.loads((FOLDER / "grafana/dashboards/gateway.json").read_text())
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for group in load("alerts.yaml")["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


def exported(registry: CollectorRegistry) -> set[str]:
    """Names of all series; a metric with labels shows none before it was used."""
    suffixes = {
        "counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",),
    }  # fmt: skip
    return {
        metric.name + suffix
        for metric in registry.collect()
        for suffix in suffixes.get(metric.type, ("",))
    }


def test_every_metric_that_a_panel_or_an_alert_names_exists() -> None:
    words = {
        word
        for expression in expressions()
        for word in re.findall(
            r"[a-z]\w*", re.sub(r"\{[^}]*\}|\[[^]]*\]|by \([^)]*\)", "", expression)
        )
    }
    functions = {"sum", "max", "rate", "increase", "histogram_quantile", "by"}
    named = words - functions - OF_PROMETHEUS
    assert len(named) >= 10
    assert named - exported(GatewayMetrics().registry) == set()


def test_the_names_of_the_reference_architecture_are_there() -> None:
    assert {
        "transcription_requests_total",
        "transcription_latency_seconds_bucket",
        "transcription_queue_depth",
        "deepgram_active_connections",
    } <= exported(GatewayMetrics().registry)
