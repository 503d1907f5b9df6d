# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The findings' form, and that their index and docs/ecosystem.md say what the scripts say.

What a finding shows is checked by ``make findings``, not here.
"""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "findings"
SCRIPTS = sorted(set(FOLDER.glob("*.sh")) - {FOLDER / "lib.sh"})

INSTALL = re.compile(r"^(?:node_)?packages ([^#\n]+)", re.MULTILINE)
HERE_DOCUMENT = re.compile(
    r"^(python_program|node_program|expect) <<'EOF'\n(.*?)^EOF$", re.M | re.S
)
INDEX_ROW = re.compile(r"^\| \[(.+)\]\(\1\.sh\) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ECOSYSTEM_LINE = re.compile(
    r"^- \*\*(.+?)\*\*: .+ \(\[(.+)\]\(\.\./findings/\2\.sh\)\)$", re.MULTILINE
)


@dataclass(frozen=True)
class Finding:
    """What a script says of itself."""

    text: str

    @property
    def title(self) -> str:
        lines = self.text.partition("\n#\n")[0].split("\n")[1:]
        return " ".join(line.removeprefix("# ") for line in lines)

    def field(self, name: str) -> str:
        found = re.search(rf"^# {name}: (.+)$", self.text, re.MULTILINE)
        assert found, f"no line '# {name}: ...'"
        return found[1]

    @property
    def requirements(self) -> list[list[str]]:
        """Each line's requirements; the first line names what the finding is about."""
        lines = INSTALL.findall(self.text)
        return [[word for word in line.split() if not word.startswith("--")] for line in lines]

    @property
    def versions(self) -> str:
        return ", ".join(" ".join(split_requirement(word)) for word in self.requirements[0])

    @property
    def documents(self) -> list[tuple[str, str]]:
        return HERE_DOCUMENT.findall(self.text)


def split_requirement(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"(@?[\w/.-]+?)(?:==|@)(\d[\w.]*)", requirement)
    assert found, f"{requirement} has no exact version"
    return found[1], found[2]


def read(script: Path) -> Finding:
    return Finding(script.read_text(encoding="utf-8"))


@pytest.fixture(params=SCRIPTS, ids=lambda script: script.stem)
def script(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_are_findings() -> None:
    assert len(SCRIPTS) >= 20


def test_a_finding_can_be_run_by_its_name(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n# ")


def test_a_finding_says_what_happens_when_it_was_seen_and_what_was_guessed(script: Path) -> None:
    finding = read(script)
    assert finding.title.endswith(".")
    assert date.fromisoformat(finding.field("Seen"))
    assert finding.field("Guess")


def test_a_finding_fixes_every_version(script: Path) -> None:
    finding = read(script)
    assert finding.versions
    for line in finding.requirements:
        for requirement in line:
            split_requirement(requirement)


def test_a_finding_runs_a_program_and_expects_output(script: Path) -> None:
    (kind, program), (last, expected) = read(script).documents
    assert kind in ("python_program", "node_program")
    assert last == "expect"
    assert expected.strip()
    if kind == "python_program":
        compile(program, script.name, "exec")
    assert "pipecat_sagemaker_deepgram" not in program


def test_the_output_of_a_long_finding_is_kept_beside_it(script: Path) -> None:
    is_long = "\n# Long: " in script.read_text(encoding="utf-8")
    assert script.with_suffix(".txt").exists() == is_long


def test_the_index_says_what_the_scripts_say() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    said = [tuple(row) for row in INDEX_ROW.findall(index)]
    findings = {script.stem: read(script) for script in SCRIPTS}
    assert said == [(name, f.versions, f.title, f.field("Seen")) for name, f in findings.items()]


def test_the_ecosystem_page_has_a_line_for_each_finding_with_its_versions() -> None:
    page = (ROOT / "docs" / "ecosystem.md").read_text(encoding="utf-8")
    said = ECOSYSTEM_LINE.findall(page)
    assert len(said) == len(re.findall(r"^- ", page, re.MULTILINE))
    findings = [(read(script).versions, script.stem) for script in SCRIPTS]
    assert sorted(said, key=lambda line: line[1]) == findings
