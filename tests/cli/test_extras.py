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
