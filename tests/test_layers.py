# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which package may import what."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "pipecat_sagemaker_deepgram"
SOURCE = Path(__file__).parent.parent / "src" / PACKAGE

OWN = (
    "cli",
    "stt",
    "client",
    "transport",
    "deepgram",
    "emulator",
    "container",
    "doctor",
    "deploy",
    "recorded",
    "report",
    "testing",
    "gateway",
    "deepgram_sdk",
    "audio",
    "web",
    "monitoring",
)
AWS = ("aws_sdk_sagemaker_runtime_http2", "smithy_core", "smithy_http", "smithy_aws_core")
WAITING = ("asyncio", "time", "random", "os", "socket", "threading", "loguru")

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "deepgram_sdk": (
        *AWS,
        "h2",
        "botocore",
        "pipecat",
        *(n for n in OWN if n not in ("deepgram_sdk", "client", "deepgram", "transport", "audio")),
    ),
    "stt": (
        *(*AWS, "h2", "botocore"),
        *("emulator", "container", "cli", "doctor", "recorded", "testing", "gateway"),
    ),
    "deepgram": (
        *(name for name in OWN if name not in ("deepgram", "client")),
        *AWS,
        "h2",
        "botocore",
        "pipecat",
    ),
    "client": (
        *AWS,
        "h2",
        "botocore",
        "pipecat",
        "stt",
        "deepgram",
        "emulator",
        "container",
        "cli",
        "doctor",
        "recorded",
        "testing",
        "gateway",
    ),
    "transport": ("pipecat", *(name for name in OWN if name != "transport")),
    "emulator": (*AWS, "pipecat", *(name for name in OWN if name != "emulator")),
    "container": (
        *(*AWS, "h2", "botocore", "pipecat"),
        *(name for name in OWN if name not in ("container", "audio", "web")),
    ),
    "monitoring": (
        *(*AWS, "h2", "botocore", "pipecat"),
        *(name for name in OWN if name not in ("monitoring", "client")),
    ),
    "audio": (*AWS, "h2", "botocore", "pipecat", "aiohttp", *(n for n in OWN if n != "audio")),
    "web": (*AWS, "h2", "botocore", "pipecat", "av", *(n for n in OWN if n != "web")),
    "cli": (*AWS, "h2", "botocore", "boto3"),
    "deploy": (*AWS, "h2", "pipecat", *(name for name in OWN if name != "deploy")),
    "recorded": (
        *(*AWS, "h2", "botocore", "pipecat"),
        *(
            name
            for name in OWN
            if name not in ("recorded", "client", "deepgram", "transport", "audio")
        ),
    ),
    "report": (
        *(*AWS, "h2", "botocore", "pipecat"),
        *(name for name in OWN if name not in ("report", "recorded")),
    ),
    "testing": (
        *(*AWS, "h2", "botocore"),
        *("stt", "client", "deepgram", "transport", "cli", "doctor", "gateway"),
    ),
    "doctor": (
        *(*AWS, "h2", "pipecat"),
        *("stt", "client", "emulator", "container", "cli", "recorded", "gateway"),
    ),
    "gateway": (
        *(*AWS, "h2", "pipecat"),
        *("stt", "emulator", "container", "cli", "doctor", "deploy", "testing", "deepgram_sdk"),
    ),
}

PURE_FOLDERS = ("client/session", "deepgram")
"""Where nothing waits, draws a random number, reads a clock or the environment."""

PURE = {
    "client": ("classify", "config", "records", "stats", "stream_protocol"),
    "transport": (
        "endpoint", "error_bodies", "eventstream", "http2_data", "http2_frames", "liveness",
        "parts", "proxy", "refusals", "request", "signing",
    ),
    "deploy": ("deployment", "failures", "images", "scaling"),
    "emulator": (
        "constraints", "errors", "records", "regions", "settings",
        "api/control", "api/control_plane", "api/control_plane_calls", "api/invoke_endpoint",
        "api/sagemaker_calls",
        "faults/actions", "faults/player", "faults/script", "faults/text",
        "http/exchange", "http/http1", "http/http2", "http/http2_stream", "http/sigv4",
        "stream/client_input", "stream/eventstream", "stream/output", "stream/parts",
        "stream/request",
    ),
    "gateway": (
        "jobs/decisions", "jobs/leases", "jobs/options", "jobs/records", "jobs/schema",
        "jobs/signing", "jobs/wishes",
        "endpoints", "options", "query", "refusals", "access/credentials", "access/options",
        "recorded/addresses", "recorded/recording_request",
        "streaming/audio", "streaming/client_messages",
        "streaming/flux", "streaming/idle", "streaming/nova", "streaming/relay",
    ),
    "doctor": (
        "account", "answers", "candidates", "diagnosis", "endpoint", "facts", "failures",
        "findings", "images", "limits", "listening", "network", "replies", "stream",
    ),
    "report": ("breaks", "corrections", "distribution", "page", "runs", "timeline"),
    "recorded": ("mixing", "raw_format", "waveform"),
    "deepgram_sdk": ("audio", "config", "errors", "listening"),
    "stt": (
        "arguments", "audio_format", "encoding", "errors", "metrics", "options", "settings",
        "speaker_log",
        "flux/frames", "flux/parameters", "flux/settings",
        "nova/frames", "nova/parameters", "nova/settings",
    ),
}  # fmt: skip

OF_CLIENT = ("client.records", "client.session.timeline", "client.stream_protocol", "client.config")
"""What ``deepgram`` may import of ``client``: what a session's records are made of."""


def _pure_files() -> Iterator[Path]:
    for folder in PURE_FOLDERS:
        yield from (SOURCE / folder).rglob("*.py")
    for package, names in PURE.items():
        yield from (SOURCE / package / f"{name}.py" for name in names)


def _imports(path: Path) -> Iterator[str]:
    """Names that a file imports; own packages by their short names."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0) if module.startswith(PACKAGE):
                yield from module.split(".")[1:2]
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    for path in (SOURCE / package).rglob("*.py"):
        assert not set(_imports(path)) & set(FORBIDDEN[package]), path


@pytest.mark.parametrize("path", list(_pure_files()), ids=lambda path: path.stem)
def test_a_pure_module_has_no_clock_no_chance_and_no_loop(path: Path) -> None:
    assert not set(_imports(path)) & set(WAITING)
    assert not [node for node in ast.walk(ast.parse(path.read_text())) if _waits(node)]


def test_deepgram_imports_only_the_records_of_client() -> None:
    for path in (SOURCE / "deepgram").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                f"{PACKAGE}.client"
            ):
                module = (node.module or "").removeprefix(f"{PACKAGE}.")
                assert module in OF_CLIENT, (path, module)


def _waits(node: ast.AST) -> bool:
    return isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncWith | ast.AsyncFor)


CORE = ("client", "deepgram", "stt", "transport")
"""What a bot needs: the package without its extras."""

OF_AN_EXTRA = {
    "recordings.py": ("moonshine_voice", "recorded"),
    "stt/prometheus.py": ("monitoring", "prometheus_client"),
    "stt/tracing.py": ("opentelemetry",),
}
"""Modules beside the core's that only those import who have installed an extra."""


def _core_files() -> Iterator[Path]:
    yield from SOURCE.glob("*.py")
    for folder in CORE:
        yield from (SOURCE / folder).rglob("*.py")


def test_the_core_imports_nothing_that_is_under_an_extra() -> None:
    """Its own folders, the standard library, and what the package depends on without extras."""
    allowed = {*_modules_of_dependencies(), *sys.stdlib_module_names, *CORE, "pipecat"}
    allowed |= {path.stem for path in SOURCE.glob("*.py")}
    for path in _core_files():
        own = OF_AN_EXTRA.get(str(path.relative_to(SOURCE)), ())
        is_entry = path.name == "__main__.py"
        assert is_entry or set(_imports(path)) <= {*allowed, *own}, path


def _modules_of_dependencies() -> Iterator[str]:
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["project"]
    for requirement in project["dependencies"]:
        name = re.split(r"[\[<>=]", requirement)[0]
        yield name.replace("-", "_")
    yield "smithy_core"  # of smithy-http and smithy-aws-core


def test_no_private_name_is_imported_from_pipecat() -> None:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipecat."):
                assert not [alias.name for alias in node.names if alias.name.startswith("_")], path


def test_pipecats_own_sagemaker_classes_are_not_used() -> None:
    for path in SOURCE.rglob("*.py"):
        assert "pipecat.services.aws" not in path.read_text(), path
        assert "pipecat.services.deepgram" not in path.read_text(), path
