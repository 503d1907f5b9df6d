# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest
from benchmarks.arguments import parse
from benchmarks.cases import SECTIONS


def test_by_default_everything_is_run_three_times():
    options = parse([]).options
    assert (options.sections, options.repeat, options.streams) == (SECTIONS, 3, (10, 50))


def test_quick_runs_each_case_once_unless_told_otherwise():
    assert parse(["--quick"]).options.repeat == 1
    assert parse(["--quick", "--repeat", "2"]).options.repeat == 2


def test_sections_run_in_their_own_order():
    assert parse(["--only", "recovery,clients"]).options.sections == ("clients", "recovery")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "clients,sprinting"], "sprinting: not a section; choose from signatures"),
        (["--repeat", "0"], "0 is not a whole number from 1 up"),
        (["--streams", "10,x"], "x is not a whole number from 1 up"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence, capsys):
    with pytest.raises(SystemExit):
        parse(arguments)
    assert sentence in capsys.readouterr().err
