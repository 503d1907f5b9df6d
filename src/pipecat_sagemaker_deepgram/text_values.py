# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Numbers, booleans and lists that are given as text, such as in an environment file. Pure.

The types that a parameter accepts are read from its annotation, so that no parameter needs its own
code. What is of another type is refused by name, before it can fail where nobody knows its name.
"""

import types
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, reduce, wraps
from inspect import Parameter, signature
from itertools import zip_longest
from math import isnan
from numbers import Integral, Real
from operator import or_
from typing import (
    Any,
    Literal,
    TypeAliasType,
    Union,
    Unpack,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

_WORDS = {int: "a whole number", float: "a number", bool: "True or False", str: "text"}
_NUMBERS = (bool, int, float)
_LISTS = (list, tuple, Sequence, Container)


def convert_value(name: str, value: Any, annotation: Any) -> Any:
    """Convert a value to the type that its annotation demands.

    Text becomes the number or boolean (``true``, ``false``, ``1``, ``0``) that it stands for; if a
    list is allowed, text is split at its commas, and an iterator becomes a tuple. A class accepts
    its objects, and a mapping whose keys are text has no others. Annotations of other kinds accept
    any value, and so does a dataclass that is not frozen: what changes it decides what it may be
    given.

    Args:
        name: Name of the parameter, for the message.
        value: The value that was given.
        annotation: The annotation of the parameter.

    Returns:
        The value, or what its text stands for.

    Raises:
        ConfigurationError: The value does not suit the annotation; the message names the parameter
            and what it takes.
    """
    kind = type(value)
    if kind in _kinds_taken(annotation) and (kind is not float or not isnan(value)):
        return value
    members = _members(annotation)
    if _passes(value, members):
        _refuse_other_keys(name, value, members)
        return value
    if not any(map(_is_readable, members)):
        raise _refusal(name, value, members)
    lists = [each for each in members if get_origin(each) in _LISTS]
    if lists and not isinstance(value, str):
        values = tuple(value) if isinstance(value, Iterator) else value
        _refuse_no_list(name, values, lists[0], members)
        return values
    item = get_args(lists[0])[0] if lists else None
    if _may_be_text(item) and (str not in members or "," in value):
        parts = (each.strip() for each in value.split(","))
        converted = (_convert_item(name, each, item) for each in parts if each)
        return tuple(converted) if get_origin(lists[0]) is tuple else list(converted)
    if isinstance(value, str) and str in members:
        return value
    return _convert_number(name, value, members)


def convert_fields(instance: Any) -> None:
    """Convert all fields of a dataclass instance by ``convert_value``, in place.

    Args:
        instance: The instance; it may be frozen.

    Raises:
        ConfigurationError: A value does not suit its field.
    """
    hints = _hints(type(instance))
    for each in fields(instance):
        value = getattr(instance, each.name)
        converted = convert_value(each.name, value, hints[each.name])
        if converted is not value:
            object.__setattr__(instance, each.name, converted)


def converts_text[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Convert a function's arguments by ``convert_value`` before each call.

    Args:
        function: The function to decorate; keywords of an ``Unpack`` are converted too.
    """
    names = [
        each.name
        for each in signature(function).parameters.values()
        if each.kind is Parameter.POSITIONAL_OR_KEYWORD
    ]

    called: Any = function

    @wraps(function)
    def converting(*args: P.args, **kwargs: P.kwargs) -> R:
        hints = _parameters(function)
        values = [
            convert_value(name, each, hints.get(name, Any))
            for name, each in zip_longest(names[: len(args)], args, fillvalue="")
        ]
        named = {
            name: convert_value(name, each, hints.get(name, Any)) for name, each in kwargs.items()
        }
        return called(*values, **named)

    return converting


@cache
def _hints(owner: Any) -> dict[str, Any]:
    return get_type_hints(owner)


@cache
def _parameters(function: Any) -> dict[str, Any]:
    """Annotations of all arguments that a function takes by name."""
    hints = get_type_hints(function)
    for annotation in list(hints.values()):
        if get_origin(annotation) is Unpack:
            hints |= get_type_hints(get_args(annotation)[0])
    return hints


@cache
def _kinds_taken(annotation: Any) -> frozenset[type]:
    """Classes whose direct instances, not those of subclasses, an annotation accepts unchanged."""
    members = _members(annotation)
    kinds = {each for each in members if isinstance(each, type)}
    if any(get_origin(each) in _LISTS for each in members):
        kinds.discard(str)  # The text may contain a list.
    return frozenset(kinds)


def _members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    if isinstance(annotation, TypeAliasType):
        return _members(annotation.__value__)
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(member for each in get_args(annotation) for member in _members(each))
    return (annotation,)


def _may_be_text(item: Any) -> bool:
    return isinstance(item, type) and issubclass(item, (*_NUMBERS, str))


def _is_readable(member: Any) -> bool:
    return member in (*_NUMBERS, str) or get_origin(member) in (Literal, *_LISTS)


def _passes(value: Any, members: Sequence[Any]) -> bool:
    """Whether a value is accepted unchanged, because its type is not converted here."""
    if any(_takes_as_it_is(each, value) for each in members):
        return True
    # A parameter with a class that marks absence may also be None.
    return value is None and any(_is_other_class(each) for each in members)


def _takes_as_it_is(member: Any, value: Any) -> bool:
    origin = get_origin(member) or member
    if origin is Literal:
        return value in get_args(member)
    if origin in (*_NUMBERS, *_LISTS, str):
        return False
    return _is_open(origin) or _is_instance(value, origin)


def _is_open(kind: Any) -> bool:
    """Whether an annotation does not say which values it accepts."""
    if not isinstance(kind, type):
        return True
    return is_dataclass(kind) and kind.__hash__ is None  # Only a frozen one has a hash.


def _is_other_class(member: Any) -> bool:
    return isinstance(member, type) and member not in (*_NUMBERS, str) and member is not type(None)


def _is_instance(value: Any, kind: type) -> bool:
    try:
        return isinstance(value, kind)
    except TypeError:  # A protocol that isinstance does not support.
        return True


def _refuse_other_keys(name: str, value: Any, members: Sequence[Any]) -> None:
    """Refuse a key of a mapping that is not text, if one with keys of text is allowed."""
    wants_text = any(get_args(each)[:1] == (str,) for each in members)
    if wants_text and isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ConfigurationError(
                    f"{name} contains the key {key!r}", advice="Its keys are text."
                )


def _refuse_no_list(name: str, value: Any, wanted: Any, members: Sequence[Any]) -> None:
    """Refuse what is no list if nothing else is allowed, and a list of other objects."""
    kinds = Container if get_origin(wanted) is Container else Iterable
    if not isinstance(value, kinds) or isinstance(value, bytes | Mapping):
        if str not in members:
            raise _refusal(name, value, members)
        return
    item = get_args(wanted)[0]
    if isinstance(item, type) and not _may_be_text(item) and isinstance(value, Iterable):
        _refuse_other_items(name, value, item)


def _refuse_other_items(name: str, values: Iterable[Any], item: type) -> None:
    for each in values:
        if not _is_instance(each, item):
            raise ConfigurationError(
                f"{name} contains {each!r}", advice=f"It takes a list of {item.__name__}."
            )


def _convert_item(name: str, text: str, kind: Any) -> Any:
    return _convert_number(name, text, (kind,)) if kind in _NUMBERS else text


def _convert_number(name: str, value: Any, members: Sequence[Any]) -> Any:
    kinds = [each for each in members if each in _NUMBERS]
    number = _number(value, kinds) if kinds else None
    if number is not None and not isnan(number):
        return number
    raise _refusal(name, value, members)


def _refusal(name: str, value: Any, members: Sequence[Any]) -> ConfigurationError:
    is_shown = value is None or any(each in _NUMBERS for each in members)
    shown = f"is {value!r}" if is_shown else f"is of type {type(value).__name__}"
    return ConfigurationError(f"{name} {shown}", advice=f"It takes {_wanted(members)}.")


def _number(value: Any, kinds: Sequence[Any]) -> Any:
    """The number of one of the kinds that a value is or stands for; ``None`` for none."""
    if type(value) in kinds or (type(value) is int and float in kinds):
        return value
    if isinstance(value, Real) and not isinstance(value, bool):  # Perhaps another library's type.
        value = int(value) if isinstance(value, Integral) else float(value)
    text = value.strip() if isinstance(value, str) else value
    try:
        return msgspec.convert(text, reduce(or_, kinds), strict=False)
    except msgspec.ValidationError:
        return None


def _wanted(members: Sequence[Any]) -> str:
    words: list[str] = []
    for each in members:
        if get_origin(each) is Literal:
            words += [repr(value) for value in get_args(each)]
        elif get_origin(each) in _LISTS:
            words.append("a list")
        elif each in _WORDS:
            words.append(_WORDS[each])
        elif each is type(None):
            words.append("None")
        elif get_origin(each) in (dict, Mapping):
            words.append("a dictionary")
        elif get_origin(each) is Callable:
            words.append("a function")
        elif isinstance(each, type):
            words.append(each.__name__)
    return " or ".join(words)
