# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How Sphinx builds the pages of this folder and the reference; run it by ``make docs``."""

from importlib import import_module

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

PACKAGE = "pipecat_sagemaker_deepgram"
PUBLIC = (
    PACKAGE,
    *(
        f"{PACKAGE}.{name}"
        for name in (
            "container",
            "deepgram_sdk",
            "deploy",
            "doctor",
            "emulator",
            "gateway",
            "monitoring",
            "recorded",
            "report",
            "testing",
        )
    ),
)
"""The packages whose ``__all__`` the reference describes."""

project = "pipecat-sagemaker-deepgram"
author = "the pipecat-sagemaker-deepgram contributors"
project_copyright = f"2026, {author}"
release = import_module(PACKAGE).__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
html_theme = "furo"
myst_heading_anchors = 3
default_role = "code"  # the emulator's docstrings have single backticks

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_use_ivar = True
napoleon_attr_annotations = True

nitpicky = True
# Only public names of this package have a place to lead to: types that a signature takes from an
# inner module have none, and pages of other projects need the network.
nitpick_ignore_regex = [(r"py:.*", rf"(?!({'|'.join(PUBLIC)})\.\w+$).*")]


def public_names() -> dict[str, str]:
    """Every public name by the name under which the module that defines it has it."""
    found: dict[str, str] = {}
    for package in PUBLIC:
        module = import_module(package)
        for name in module.__all__:
            defined = getattr(module, name)
            inner = getattr(defined, "__module__", package), getattr(defined, "__name__", name)
            found[".".join(inner)] = f"{package}.{name}"
    return found


def by_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Lead from a type's inner name, which signatures have, to its public one."""
    target = NAMES.get(node["reftarget"])
    if target is None:
        return None
    domain = env.domains.python_domain
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", target, node, content)


NAMES = public_names()


def setup(app: Sphinx) -> None:
    """Register what this file adds to Sphinx."""
    app.connect("missing-reference", by_public_name)
