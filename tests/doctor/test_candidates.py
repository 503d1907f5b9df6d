# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which streams are tried."""

import pytest

from pipecat_sagemaker_deepgram.doctor.candidates import candidates, untried


def test_without_a_wish_both_products_are_tried_in_both_languages() -> None:
    assert [str(each) for each in candidates(None, None)] == [
        "v1/listen (model nova-3, language en)",
        "v2/listen (model flux-general-en)",
        "v1/listen (model nova-3, language multi)",
        "v2/listen (model flux-general-multi)",
    ]


@pytest.mark.parametrize(
    ("model", "language", "tried"),
    [
        ("flux-general-multi", None, ["v2/listen (model flux-general-multi)"]),
        ("nova-2", "de", ["v1/listen (model nova-2, language de)"]),
    ],
)
def test_a_wish_is_the_only_one_tried(model: str, language: str | None, tried: list[str]) -> None:
    assert [str(each) for each in candidates(model, language)] == tried


def test_flux_is_asked_for_nothing_it_does_not_know() -> None:
    (flux,) = candidates("flux-general-en", "en")
    assert flux.query() == "model=flux-general-en&encoding=linear16&sample_rate=16000"
    assert flux.query(numerals=True).endswith("&numerals=true")


def test_they_run_out() -> None:
    all_of_them = candidates(None, None)
    assert untried(all_of_them, 0) is all_of_them[0]
    assert untried(all_of_them, len(all_of_them)) is None
