# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The blocks of code on the pages, and the commands in them."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from .pages import PAGES, ROOT, text_of

_BLOCK = re.compile(r"^```(?P<language>[^\n]*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        page: Where it stands.
        line: The line of the page on which it begins.
        language: What it says it is; empty where it is a drawing or a log.
        code: What is in it.
    """

    page: Path
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Every block of a page, in order."""
    text = text_of(page)
    return [
        Block(page, text[: found.start()].count("\n") + 1, found["language"], found["code"])
        for found in _BLOCK.finditer(text)
    ]


BLOCKS = [block for page in (*PAGES, ROOT / "findings" / "README.md") for block in blocks_of(page)]


def in_language(language: str) -> list[Block]:
    """Every block in a language."""
    return [block for block in BLOCKS if block.language == language]


def commands() -> list[tuple[Block, list[str]]]:
    """Every command of every shell block, as its words."""
    return [
        (block, shlex.split(line, comments=True))
        for block in in_language("sh")
        for line in block.code.replace("\\\n", " ").splitlines()
        if shlex.split(line, comments=True)
    ]
