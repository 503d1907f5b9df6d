# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Write the tables of settings, parameters and options in docs/ from the code.

Tables stand between marks, ``<!-- NAME -->`` and ``<!-- end of NAME -->``. ``NAME`` is a class
or a command. The parameters of a class, their types and defaults are read from its signature,
their descriptions from its docstring. Text outside the marks is left as it is.

Run it by ``make configuration``.
"""

import argparse
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import docstring_parser

from pipecat_sagemaker_deepgram import (
    ClientConfig,
    ConnectionOptions,
    DeepgramFluxSageMakerSTTService,
    DeepgramFluxSageMakerSTTSettings,
    DeepgramSageMakerSTTService,
    DeepgramSageMakerSTTSettings,
    RetryPolicy,
    SageMakerBidiClient,
    Target,
)
from pipecat_sagemaker_deepgram.cli.arguments import new_parser
from pipecat_sagemaker_deepgram.container import ContainerOptions
from pipecat_sagemaker_deepgram.emulator import EmulatorSettings
from pipecat_sagemaker_deepgram.recorded import RecordedSettings
from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions
from pipecat_sagemaker_deepgram.testing import EndpointOptions

DOCS = Path(__file__).parents[1] / "docs"
PAGES = tuple(
    DOCS / f"{name}.md" for name in ("configuration", "command-line", "pipecat-service-page")
)

MARKED = re.compile(r"<!-- (?P<name>[\w ]+) -->\n.*?<!-- end of (?P=name) -->", re.DOTALL)

MIB = 2**20


@dataclass(frozen=True)
class Row:
    """A parameter, as a table shows it.

    Attributes:
        name: Its name.
        kind: What it takes.
        default: What it is when it is not given; empty where its description says so.
        text: What it does.
    """

    name: str
    kind: str
    default: str
    text: str


# Tables


def class_table(owner: type) -> str:
    """The parameters of a class, or the keys of a ``TypedDict``."""
    rows = sorted(rows_of(owner), key=lambda row: row.name == "extra")
    if any(row.default for row in rows):
        header = "| name | takes | default | what it does |\n|---|---|---|---|"
        lines = [f"| `{row.name}` | {row.kind} | {row.default} | {row.text} |" for row in rows]
    else:
        header = "| name | takes | what it does |\n|---|---|---|"
        lines = [f"| `{row.name}` | {row.kind} | {row.text} |" for row in rows]
    return "\n".join([header, *lines])


def rows_of(owner: type) -> Iterator[Row]:
    """Read the parameters of a class."""
    texts, hints = descriptions(owner), annotations(owner)
    for name, default in defaults(owner).items():
        yield Row(name, kind(hints[name]), shown(default), texts[name])


def descriptions(owner: type) -> dict[str, str]:
    """What the docstrings of a class and its bases say of each parameter."""
    found: dict[str, str] = {}
    for each in reversed(owner.__mro__):
        for docstring in (each.__doc__, vars(each).get("__init__", object).__doc__):
            parsed = docstring_parser.parse(docstring or "", docstring_parser.DocstringStyle.GOOGLE)
            found |= {each.arg_name: markdown(each.description or "") for each in parsed.params}
    return found


def annotations(owner: type) -> dict[str, Any]:
    """The types of a class's parameters."""
    return typing.get_type_hints(owner if has_fields(owner) else owner.__init__)


def defaults(owner: type) -> dict[str, Any]:
    """The parameters of a class by their names, each with its default."""
    if typing.is_typeddict(owner):  # Its docstring leaves out what it inherits.
        return dict.fromkeys(descriptions(owner), MISSING)
    if hasattr(owner, "defaults"):  # Pipecat's settings: what is sent when nothing is set
        return {each.name: getattr(owner.defaults(), each.name) for each in own_fields(owner)}
    if is_dataclass(owner):
        return {each.name: field_default(each) for each in own_fields(owner)}
    parameters = list(inspect.signature(owner).parameters.values())
    named = [each for each in parameters if each.kind is not inspect.Parameter.VAR_KEYWORD]
    return {each.name: each.default for each in named}


def has_fields(owner: type) -> bool:
    """Whether a class declares what it takes by annotations in its body."""
    return is_dataclass(owner) or typing.is_typeddict(owner)


def own_fields(owner: Any) -> list[Any]:
    """The fields of a dataclass that are described."""
    return [each for each in fields(owner) if each.name in descriptions(owner)]


def field_default(each: Any) -> Any:
    """The default of a field, made if it has to be."""
    return each.default if each.default_factory is MISSING else each.default_factory()


def command_table(parser: argparse.ArgumentParser) -> str:
    """The options of a command."""
    rows = [
        f"| {option_name(action)} | {cell(help_text(action))} |"
        for action in parser._actions
        if action.help != argparse.SUPPRESS and action.dest != "help"
    ]
    return "\n".join(["| option | what it does |", "|---|---|", *rows])


# Cells


def kind(annotation: Any) -> str:
    """A type in words."""
    members = [each for each in union(annotation) if getattr(each, "__name__", "") != "NotGiven"]
    return " or ".join(dict.fromkeys(map(simple_kind, members)))


def union(annotation: Any) -> list[Any]:
    """What an annotation is a union of."""
    if isinstance(annotation, typing.TypeAliasType):
        return union(annotation.__value__)
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for each in get_args(annotation) for member in union(each)]
    return [annotation]


def simple_kind(annotation: Any) -> str:
    """A type that is no union."""
    if annotation is type(None):
        return "`None`"
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{each!r}`" for each in get_args(annotation))
    if annotation is Any:
        return "any"
    name = (get_origin(annotation) or annotation).__name__
    if name == "Callable":
        return "function"
    inner = [kind(each).replace("`", "") for each in get_args(annotation) if each is not Ellipsis]
    return f"`{name}[{', '.join(inner)}]`" if inner else f"`{name}`"


def shown(default: Any) -> str:
    """A default, as it would be written."""
    if default in (MISSING, inspect.Parameter.empty):
        return ""
    if isinstance(default, int) and default >= MIB and default % MIB == 0:
        return f"{default // MIB} MiB"
    if isinstance(default, float):
        return f"`{default:g}`"
    if callable(default) or " object at 0x" in repr(default):
        return "see text"
    return f"`{sorted(default)}`" if isinstance(default, frozenset) else f"`{default!r}`"


def markdown(text: str) -> str:
    """A description from a docstring, on one line."""
    sentence = cell(" ".join(text.split()).replace("``", "`"))
    return sentence[:1].upper() + sentence[1:]


def cell(text: str) -> str:
    """Text that ends no cell of a table."""
    return text.replace("|", "\\|")


def option_name(action: argparse.Action) -> str:
    """An option as it is written, with what follows it."""
    written = [", ".join(action.option_strings), value_name(action)]
    return f"`{cell(' '.join(each for each in written if each))}`"


def value_name(action: argparse.Action) -> str:
    """What follows an option; empty for a switch."""
    if action.nargs == 0:
        return ""
    if action.choices and not action.metavar:
        return " or ".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def help_text(action: argparse.Action) -> str:
    """What the help says of an option."""
    text = " ".join((action.help or "").replace("%%", "%").split())
    return text[:1].upper() + text[1:]


# Pages


CLASSES: tuple[type, ...] = (
    DeepgramSageMakerSTTService,
    DeepgramSageMakerSTTSettings,
    DeepgramFluxSageMakerSTTService,
    DeepgramFluxSageMakerSTTSettings,
    STTServiceOptions,
    ConnectionOptions,
    Target,
    ClientConfig,
    RetryPolicy,
    SageMakerBidiClient,
    RecordedSettings,
    ContainerOptions,
    EmulatorSettings,
    EndpointOptions,
)


def tables() -> dict[str, str]:
    """Every table by its name."""
    return {owner.__name__: class_table(owner) for owner in CLASSES} | {
        name: command_table(parser) for name, parser in commands(new_parser())
    }


def commands(parser: argparse.ArgumentParser, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with options of its own, those of ``deploy`` and ``keys`` too."""
    choices = [each.choices for each in parser._actions if isinstance(each.choices, Mapping)]
    if not choices:
        yield above.strip(), parser
    for name, each in (pair for mapping in choices for pair in mapping.items()):
        yield from commands(each, f"{above} {name}")


def renewed(page: str, known: Mapping[str, str]) -> str:
    """A page with its tables as they have to be.

    Raises:
        KeyError: It has marks of a table that nothing makes.
    """

    def table(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- {name} -->\n{known[name]}\n<!-- end of {name} -->"

    return MARKED.sub(table, page)


def main() -> None:
    """Write the pages."""
    known = tables()
    for page in PAGES:
        page.write_text(renewed(page.read_text(encoding="utf-8"), known), encoding="utf-8")


if __name__ == "__main__":
    main()
