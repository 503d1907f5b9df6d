# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be read in a picture."""

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 2 * 1024 * 1024


def texts_of(picture: str) -> list[str]:
    """The texts of a picture that is well formed."""
    return [each.text or "" for each in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def marks_of(picture: str, role: str) -> list[ElementTree.Element]:
    """The marks that were drawn for data, by what screen readers are told that they are."""
    return [
        each
        for each in ElementTree.fromstring(picture).iter()
        if each.get("aria-roledescription") == role
    ]
