# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command line.

``dispatch.main`` parses the arguments and hands over to one module per command, which is imported
only when its command runs, so that ``--help`` is fast. May import every public name of the package,
and no private one.
"""

from pipecat_sagemaker_deepgram.cli.dispatch import main

__all__ = ["main"]
