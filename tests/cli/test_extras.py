# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.cli.extras import missing_extra


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [
        ("av.error", "av", "recorded"),
        ("rich.console", "rich", "cli"),
        ("sounddevice", "sounddevice", "mic"),
        ("moonshine_voice.utils", "moonshine-voice", "local"),
        ("websockets", "websockets", "local"),
    ],
)
def test_names_the_package_and_how_to_get_it(module: str, package: str, extra: str):
    said = str(missing_extra(ImportError("no", name=module)))
    assert f"{package}, which is not installed" in said
    assert f"pip install 'pipecat-sagemaker-deepgram[{extra}]'" in said


@pytest.mark.parametrize("module", ["botocore", None])
def test_other_modules_belong_to_no_extra(module: str | None):
    assert missing_extra(ImportError("no", name=module)) is None


@pytest.mark.parametrize(
    ("command", "module", "extra"),
    [
        ("serve", "prometheus_client", "gateway"),
        ("serve", "aiohttp", "gateway"),
        ("serve", "jellyfish", "local"),
        ("transcribe", "av", "cli"),
        ("transcribe", "aiohttp", "local"),
        ("listen", "av", "mic"),
        ("demo", "av", "local"),
        ("report", "av", "report"),
        ("emulate", "aiohttp", "local"),
    ],
)
def test_what_several_extras_bring_is_that_of_the_command(command: str, module: str, extra: str):
    said = str(missing_extra(ImportError("no", name=module), command=command))
    assert f"pip install 'pipecat-sagemaker-deepgram[{extra}]'" in said
