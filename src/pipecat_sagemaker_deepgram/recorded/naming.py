# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Names the files of transcripts. Pure."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from pipecat_sagemaker_deepgram.recorded.sources import Source


def name_outputs(sources: Sequence[Source], suffix: str) -> dict[Source, PurePath]:
    """Choose a unique file name for each recording.

    Files of several directories keep the part of the path in which these differ. Two that differ
    only in their suffix keep it.

    Args:
        sources: The recordings.
        suffix: The suffix of the outputs, with its dot.

    Returns:
        A relative path for each.
    """
    folders = _folders(sources)
    plain = {each: folders[each] / f"{PurePath(each.file_name).stem}{suffix}" for each in sources}
    taken = Counter(plain.values())
    named = {
        each: path if taken[path] == 1 else folders[each] / f"{each.file_name}{suffix}"
        for each, path in plain.items()
    }
    return _numbered(named)


def _folders(sources: Sequence[Source]) -> dict[Source, PurePath]:
    """The directory of each file, below the one that all of them are in."""
    parts = {
        each: PurePath(each.name).parts[:-1]
        for each in sources
        if not (each.is_stdin or each.is_url)
    }
    common = 0
    for step in zip(*parts.values(), strict=False):
        if len(set(step)) > 1:
            break
        common += 1
    below = {each: _without_dots(path[common:]) for each, path in parts.items()}
    return {each: PurePath(*below.get(each, ())) for each in sources}


def _without_dots(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if part not in ("..", "/")]


def _numbered(named: dict[Source, PurePath]) -> dict[Source, PurePath]:
    taken: set[PurePath] = set()
    for source, path in named.items():
        number = 1
        while path in taken:
            number += 1
            path = named[source].with_stem(f"{named[source].stem}-{number}")
        taken.add(path)
        named[source] = path
    return named
