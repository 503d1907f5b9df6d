# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Actions refuse what cannot happen."""

import pytest

from pipecat_sagemaker_deepgram.emulator.faults.actions import FragmentOutput, Refuse


@pytest.mark.parametrize("status", [200, 302, 600])
def test_a_refusal_has_an_error_status(status: int):
    with pytest.raises(ValueError, match="from 400 to 599"):
        Refuse(status)


def test_a_code_must_fit_into_a_header():
    with pytest.raises(ValueError, match="letters and digits"):
        Refuse(400, "two words")


def test_fragments_are_not_empty():
    with pytest.raises(ValueError, match="at least 1"):
        FragmentOutput(0)
