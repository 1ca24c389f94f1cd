"""Queries `types`, `functions` and `globals`.

drgn finds what is asked for by name and, where several units have the name, by the file of its
declaration. It lists nothing, so the harness lists names, the same for every pair.
"""

import drgn

from splitstrip.registry import collector

from . import typetext
from .session import problem_text


def _ask(session, find, describe, kinds):
    """Yields what is found by each name alone, and by name and file."""
    names = session.names()
    for kind, name, where in session.named(*kinds):
        for key, file in (("%s %s" % (kind, name), None), ("%s %s [%s]" % (kind, name, where), where)):
            if file == "":
                continue
            try:
                text = describe(find(session.program, kind, name, file))
            except (LookupError, SyntaxError):
                continue  # drgn knows none, or no way to write such a name
            except Exception as problem:  # what drgn throws on DWARF that it does not know
                text = problem_text(problem)
            key = names.key(key, text, "another way")
            if key is not None:
                yield key, text


# Not base types: those of C drgn knows without being told.
_TYPES = ("struct", "union", "enum", "class", "typedef")


def _find_type(program, kind, name, file):
    return program.type(name if kind == "typedef" else "%s %s" % (kind, name), file)


@collector("types")
def types(session):
    """Key: kind and name, alone and with the file. Value: size, members, enumerators, targets."""
    yield from _ask(session, _find_type, typetext.describe, _TYPES)


def _describe_object(found):
    address = "at 0x%x" % found.address_ if found.address_ is not None else "no address"
    text = typetext.describe(found.type_) if found.type_.kind == drgn.TypeKind.FUNCTION else typetext.name(found.type_)
    if found.address_ is None and not found.absent_:
        text += " = " + found.format_(type_name=False)
    return "%s; %s" % (text, address)


@collector("functions")
def functions(session):
    """Key: name, alone and with the file. Value: type, parameters with names, address."""
    yield from _ask(session, lambda program, _, name, file: program.function(name, file), _describe_object,
                    ("function",))


@collector("globals")
def globals_(session):
    """Key: name, alone and with the file. Value: type, and address or value."""
    yield from _ask(session, lambda program, _, name, file: program.variable(name, file), _describe_object,
                    ("variable",))
