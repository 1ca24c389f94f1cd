"""A program with SQLite embedded through ctypes, by a small binding that declares what it calls.

Prints one line of JSON for each step, without anything that differs from one run to the next.
"""

import ctypes
import ctypes.util
import json
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_double, c_int, c_int64, c_uint, c_ubyte, c_void_p

lib = ctypes.CDLL(ctypes.util.find_library("sqlite3"))


class Database(Structure):
    """sqlite3, never looked into."""


class Statement(Structure):
    """sqlite3_stmt."""


DatabaseP, StatementP = POINTER(Database), POINTER(Statement)
TRANSIENT = c_void_p(-1)
OK, ROW, DONE = 0, 100, 101
INTEGER, FLOAT, TEXT, BLOB, NULL = 1, 2, 3, 4, 5

ExecCallback = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p))
FunctionCallback = CFUNCTYPE(None, c_void_p, c_int, POINTER(c_void_p))
CollationCallback = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p, c_int, c_void_p)
HookCallback = CFUNCTYPE(None, c_void_p, c_int, c_char_p, c_char_p, c_int64)


def declare(name, restype, *argtypes):
    """Declares a function and returns it."""
    function = getattr(lib, name)
    function.restype = restype
    function.argtypes = argtypes
    return function


libversion = declare("sqlite3_libversion", c_char_p)
threadsafe = declare("sqlite3_threadsafe", c_int)
open_v2 = declare("sqlite3_open_v2", c_int, c_char_p, POINTER(DatabaseP), c_int, c_char_p)
close = declare("sqlite3_close", c_int, DatabaseP)
errmsg = declare("sqlite3_errmsg", c_char_p, DatabaseP)
errcode = declare("sqlite3_extended_errcode", c_int, DatabaseP)
execute = declare("sqlite3_exec", c_int, DatabaseP, c_char_p, ExecCallback, c_void_p, POINTER(c_char_p))
prepare = declare("sqlite3_prepare_v2", c_int, DatabaseP, c_char_p, c_int, POINTER(StatementP), POINTER(c_char_p))
step = declare("sqlite3_step", c_int, StatementP)
reset = declare("sqlite3_reset", c_int, StatementP)
finalize = declare("sqlite3_finalize", c_int, StatementP)
bind_int64 = declare("sqlite3_bind_int64", c_int, StatementP, c_int, c_int64)
bind_double = declare("sqlite3_bind_double", c_int, StatementP, c_int, c_double)
bind_text = declare("sqlite3_bind_text", c_int, StatementP, c_int, c_char_p, c_int, c_void_p)
bind_blob = declare("sqlite3_bind_blob", c_int, StatementP, c_int, c_char_p, c_int, c_void_p)
bind_null = declare("sqlite3_bind_null", c_int, StatementP, c_int)
column_count = declare("sqlite3_column_count", c_int, StatementP)
column_type = declare("sqlite3_column_type", c_int, StatementP, c_int)
column_name = declare("sqlite3_column_name", c_char_p, StatementP, c_int)
column_int64 = declare("sqlite3_column_int64", c_int64, StatementP, c_int)
column_double = declare("sqlite3_column_double", c_double, StatementP, c_int)
column_text = declare("sqlite3_column_text", c_char_p, StatementP, c_int)
column_blob = declare("sqlite3_column_blob", c_void_p, StatementP, c_int)
column_bytes = declare("sqlite3_column_bytes", c_int, StatementP, c_int)
last_insert_rowid = declare("sqlite3_last_insert_rowid", c_int64, DatabaseP)
changes = declare("sqlite3_changes", c_int, DatabaseP)
create_function = declare("sqlite3_create_function", c_int, DatabaseP, c_char_p, c_int, c_int, c_void_p,
                          FunctionCallback, c_void_p, c_void_p)
create_collation = declare("sqlite3_create_collation", c_int, DatabaseP, c_char_p, c_int, c_void_p, CollationCallback)
update_hook = declare("sqlite3_update_hook", c_void_p, DatabaseP, HookCallback, c_void_p)
value_int64 = declare("sqlite3_value_int64", c_int64, c_void_p)
result_int64 = declare("sqlite3_result_int64", None, c_void_p, c_int64)
complete = declare("sqlite3_complete", c_int, c_char_p)
free = declare("sqlite3_free", None, c_void_p)
malloc64 = declare("sqlite3_malloc64", c_void_p, c_int64)
msize = declare("sqlite3_msize", c_int64, c_void_p)
serialize = declare("sqlite3_serialize", POINTER(c_ubyte), DatabaseP, c_char_p, POINTER(c_int64), c_uint)
version = (ctypes.c_char * 7).in_dll(lib, "sqlite3_version")


def told(name, result):
    """Prints what came of a step."""
    print(json.dumps([name, result]), flush=True)


def row(statement):
    """The current row."""
    found = []
    for column in range(column_count(statement)):
        kind = column_type(statement, column)
        if kind == INTEGER:
            found.append(column_int64(statement, column))
        elif kind == FLOAT:
            found.append(column_double(statement, column))
        elif kind == TEXT:
            found.append(column_text(statement, column).decode())
        elif kind == BLOB:
            found.append(ctypes.string_at(column_blob(statement, column), column_bytes(statement, column)).hex())
        else:
            found.append(None)
    return found


def prepared(database, sql):
    """A statement, and what is left of the text."""
    statement, rest = StatementP(), c_char_p()
    assert prepare(database, sql, -1, byref(statement), byref(rest)) == OK, errmsg(database)
    return statement


def main():
    """The program."""
    told("version", [libversion().decode()[:2], bool(threadsafe()), version.value == libversion()[:7]])
    database = DatabaseP()
    told("open", open_v2(b":memory:", byref(database), 6, None))
    hooked = []
    hook = HookCallback(lambda _, operation, schema, table, rowid: hooked.append([operation, table.decode(), rowid]))
    update_hook(database, hook, None)
    told("create", execute(database, b"create table item(id integer primary key, name text, share real, raw blob)",
                           ExecCallback(), None, None))
    statement = prepared(database, b"insert into item(name, share, raw, id) values(?,?,?,?)")
    for number in range(3):
        bind_text(statement, 1, b"n\xe2\x98\x83%d" % number, -1, TRANSIENT)
        bind_double(statement, 2, number / 4)
        bind_blob(statement, 3, bytes(range(number * 3)), number * 3, TRANSIENT)
        bind_int64(statement, 4, (1 << 40) + number)
        assert step(statement) == DONE
        reset(statement)
    bind_null(statement, 1)
    told("bind", [step(statement), changes(database), errcode(database), errmsg(database).decode()])
    finalize(statement)
    told("rowid", last_insert_rowid(database))
    statement = prepared(database, b"select * from item order by id")
    names = [column_name(statement, i).decode() for i in range(column_count(statement))]
    rows = []
    while step(statement) == ROW:
        rows.append(row(statement))
    finalize(statement)
    told("rows", [names, rows])
    called = []

    def each(_, count, values, columns):
        called.append([[columns[i].decode(), values[i] and values[i].decode()] for i in range(count)])
        return 0

    told("exec", [execute(database, b"select id, share, null as no from item", ExecCallback(each), None, None), called])

    def triple(context, _, values):
        result_int64(context, 3 * value_int64(values[0]))

    def by_length(_, one_size, one, other_size, other):
        return one_size - other_size or (ctypes.string_at(one, one_size) > ctypes.string_at(other, other_size))

    function, collation = FunctionCallback(triple), CollationCallback(by_length)
    create_function(database, b"triple", 1, 1, None, function, None, None)
    create_collation(database, b"by_length", 1, None, collation)
    statement = prepared(database, b"select triple(id) from item where id = 1 << 40")
    told("function", [step(statement), row(statement)])
    finalize(statement)
    statement = prepared(database, b"select * from (values('ccc'),('a'),('bb'),('aa')) order by column1 collate by_length")
    rows = []
    while step(statement) == ROW:
        rows += row(statement)
    finalize(statement)
    told("collation", rows)
    message = c_char_p()
    told("error", [execute(database, b"selec", ExecCallback(), None, byref(message)), message.value.decode(),
                   errmsg(database).decode(), complete(b"select 1;"), complete(b"select '")])
    free(message)
    memory = malloc64(1 << 20)
    told("memory", msize(memory) >= 1 << 20)
    free(memory)
    size = c_int64()
    image = serialize(database, b"main", byref(size), 0)
    told("serialize", [bytes(image[:15]).decode(), size.value])
    free(image)
    told("close", [close(database), hooked])
    with open("/proc/self/maps", encoding="utf-8") as maps:
        told("library", sorted({line.split()[-1] for line in maps if "libsqlite3.so" in line}))


main()
