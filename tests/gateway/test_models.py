# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which names are Deepgram's, on which path."""

import pytest

from pipecat_sagemaker_deepgram.gateway.models import is_deepgram_model

_PATHS = ("v1/listen", "v2/listen", "v1/speak", "v2/speak")


@pytest.mark.parametrize(
    ("model", "paths"),
    [
        ("nova-3", ("v1/listen",)),
        ("nova-2-phonecall", ("v1/listen",)),
        ("nova-2-drivethru", ("v1/listen",)),
        ("base", ("v1/listen",)),
        ("phonecall", ("v1/listen",)),
        ("flux-general-multi", ("v2/listen",)),
        ("aura-asteria-en", ("v1/speak",)),
        ("aura-2-celeste-es", ("v1/speak",)),
        ("flux-alexis-en", ("v2/speak",)),
        ("1dbdfb4d-85b2-4659-9831-16b3c76229aa", _PATHS),
        ("nova-99", ()),
        ("nova-3-generally", ()),
        ("flux-general-xx", ()),
        ("", ()),
    ],
)
def test_a_name_is_known_on_its_own_path_only(model: str, paths: tuple[str, ...]):
    assert tuple(path for path in _PATHS if is_deepgram_model(model, path)) == paths
