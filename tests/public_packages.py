# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where public names are declared."""

import pkgutil
from importlib import import_module
from types import ModuleType

import pipecat_sagemaker_deepgram as package

ELSEWHERE = ("cli", "client", "stt", "transport")
"""The command line has its own page; what users need of the others, the package itself exports."""


def public_packages() -> list[ModuleType]:
    """The package, and every folder of it that declares public names of its own."""
    folders = [each.name for each in pkgutil.iter_modules(package.__path__) if each.ispkg]
    modules = [import_module(f"{package.__name__}.{n}") for n in folders if n not in ELSEWHERE]
    return [package, *(each for each in modules if hasattr(each, "__all__"))]
