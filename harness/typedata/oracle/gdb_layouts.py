"""Runs inside gdb: describes types of the loaded file through gdb's type objects.

Environment: LAYOUTS_OUT, the JSON file to write; LAYOUTS_NAMES, a JSON list of names to describe, each in
every unit that has it, or unset for all types of all units.

The result maps "struct NAME", "union NAME", "enum NAME" and "typedef NAME" to the list of the different
descriptions that exist under that name. A description goes down to named types, which are described
under their own name.
"""

import json
import os

import gdb

TAGS = {gdb.TYPE_CODE_STRUCT: "struct", gdb.TYPE_CODE_UNION: "union", gdb.TYPE_CODE_ENUM: "enum"}


def reference(kind):
    """How a type is written inside of another one: by its name, or whole if it has none."""
    code = kind.code
    words = []
    plain = kind.unqualified()
    if kind == kind.const() and kind != plain:
        words.append("const")
    if kind == kind.volatile() and kind != plain:
        words.append("volatile")
    if code == gdb.TYPE_CODE_TYPEDEF:
        words += ["typedef", kind.name]
    elif code in TAGS:
        words += [TAGS[code], kind.tag] if kind.tag else [body(kind)]
    elif code == gdb.TYPE_CODE_PTR:
        words += ["pointer", kind.sizeof, reference(kind.target())]
    elif code == gdb.TYPE_CODE_ARRAY:
        words += ["vector" if kind.is_scalar else "array", length(kind), reference(kind.target())]
    elif code == gdb.TYPE_CODE_FUNC:
        words += ["function", reference(kind.target()), [reference(field.type) for field in kind.fields()]]
    elif code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        words += ["reference", reference(kind.target())]
    else:
        words += [str(plain), kind.sizeof, code]
    return words


def length(kind):
    """Elements of an array; None where that is not known."""
    try:
        low, high = kind.range()
    except (gdb.error, RuntimeError):
        return None
    return high - low + 1 if isinstance(high, int) else None


def body(kind):
    """A record or an enumeration, whole."""
    if kind.code == gdb.TYPE_CODE_ENUM:
        return ["enum", kind.sizeof, [[field.name, field.enumval] for field in kind.fields()]]
    fields = []
    for field in kind.fields():
        place = getattr(field, "bitpos", None)
        size = None if field.type is None else inner_size(field.type)
        fields.append([field.name, place, field.bitsize, field.is_base_class, size, reference(field.type)])
    return [TAGS[kind.code], kind.sizeof, fields]


def inner_size(kind):
    """Of a member, in bytes."""
    try:
        return kind.sizeof
    except (gdb.error, RuntimeError):
        return None


def incomplete(kind):
    """Whether it is only declared."""
    return kind.code in TAGS and kind.code != gdb.TYPE_CODE_ENUM and not kind.fields() and kind.sizeof <= 1


def describe(symbol):
    """(key, description) of a type's symbol, or None."""
    kind = symbol.type
    if kind is None:
        return None
    if kind.code == gdb.TYPE_CODE_TYPEDEF:
        return "typedef " + kind.name, reference(kind.target())
    if kind.code in TAGS and kind.tag:
        return TAGS[kind.code] + " " + kind.tag, ["incomplete"] if incomplete(kind) else body(kind)
    return None


def all_symbols():
    """Each type's symbol, of all units."""
    seen = set()
    for name in names_in_index():
        for symbol in symbols_of(name):
            for block in (symbol.symtab.static_block(), symbol.symtab.global_block()):
                key = (block.start, block.end, block.is_static, symbol.symtab.filename)
                if key in seen:
                    continue
                seen.add(key)
                for each in block:
                    if each.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
                        yield each


def names_in_index():
    """A few names, enough to find each unit by: types as gdb lists them."""
    for line in gdb.execute("info types", to_string=True).splitlines():
        words = line.replace(";", " ").split()
        if words and words[0].rstrip(":").isdigit():
            words.pop(0)
        if len(words) >= 2:
            yield words[-1].lstrip("*")


def symbols_of(name):
    """The symbols of a type's name in all units."""
    found = []
    for domain in (gdb.SYMBOL_STRUCT_DOMAIN, gdb.SYMBOL_VAR_DOMAIN):
        for symbol in gdb.lookup_static_symbols(name, domain):
            if symbol.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
                found.append(symbol)
        symbol = gdb.lookup_global_symbol(name, domain)
        if symbol is not None and symbol.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
            found.append(symbol)
    return found


def main():
    """Writes the descriptions."""
    gdb.execute("set max-value-size unlimited")
    wanted = os.environ.get("LAYOUTS_NAMES")
    result = {}
    if wanted:
        with open(wanted, encoding="utf-8") as file:
            symbols = (symbol for name in json.load(file) for symbol in symbols_of(name))
    else:
        symbols = all_symbols()
    for symbol in symbols:
        described = describe(symbol)
        if described is not None:
            key, description = described
            variants = result.setdefault(key, {})
            variants[json.dumps(description)] = None
    with open(os.environ["LAYOUTS_OUT"], "w", encoding="utf-8") as file:
        json.dump({key: list(variants) for key, variants in result.items()}, file)


main()
