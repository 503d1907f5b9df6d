# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What bundles understand."""

from itertools import pairwise

import pytest

from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES, FluxOptions


def test_each_bundle_understands_what_the_one_before_does():
    for older, newer in pairwise(BUNDLES.values()):
        assert set(older.controls) <= set(newer.controls)
        assert older.parameters <= newer.parameters


def test_an_unknown_bundle_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown bundle '2020-01'.*2026-03.*current"):
        FluxOptions(bundle="2020-01")


@pytest.mark.parametrize(
    ("bundle", "asked", "finalizes"),
    [
        ("2026-03", None, True),
        ("2026-06", None, True),
        ("current", None, False),
        ("current", True, True),
        ("2026-04", False, False),
    ],
)
def test_closestream_finalizes_as_asked_or_as_the_bundle_does(bundle, asked, finalizes):
    assert FluxOptions(bundle=bundle, closestream_finalizes=asked).finalizes is finalizes
