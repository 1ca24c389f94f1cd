"""A program with SQLite embedded through ctypes that declares nothing: what it calls, the library tells.

Under plain ctypes every result is an int, so that the first line of main() ends the process:
sqlite3_libversion() comes back as half a pointer.
"""

import ctypes
import ctypes.util
import json
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_void_p, string_at

lib = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
TRANSIENT = c_void_p(-1)
ROW, DONE = 100, 101


def told(name, result):
    """Prints what came of a step."""
    print(json.dumps([name, result]), flush=True)


def prepared(database, sql):
    """A statement."""
    statement = c_void_p()
    assert lib.sqlite3_prepare_v2(database, sql, -1, byref(statement), None) == 0
    return statement


def main():
    """The program."""
    told("version", string_at(lib.sqlite3_libversion()).decode()[:2])
    database = c_void_p()
    told("open", lib.sqlite3_open(b":memory:", byref(database)))
    told("create", lib.sqlite3_exec(database, b"create table item(id integer primary key, name text, share real, raw)",
                                    None, None, None))
    statement = prepared(database, b"insert into item(name, share, raw, id) values(?,?,?,?)")
    for number in range(3):
        lib.sqlite3_bind_text(statement, 1, b"n%d" % number, -1, TRANSIENT)
        lib.sqlite3_bind_double(statement, 2, number / 4)
        lib.sqlite3_bind_blob(statement, 3, bytes(range(number * 3)), number * 3, TRANSIENT)
        lib.sqlite3_bind_int64(statement, 4, (1 << 40) + number)
        assert lib.sqlite3_step(statement) == DONE
        lib.sqlite3_reset(statement)
    told("again", [lib.sqlite3_step(statement), lib.sqlite3_errmsg(database).value.decode()])
    lib.sqlite3_finalize(statement)
    told("rowid", lib.sqlite3_last_insert_rowid(database))
    statement = prepared(database, b"select * from item order by id")
    rows = []
    while lib.sqlite3_step(statement) == ROW:
        rows.append([lib.sqlite3_column_name(statement, 1).value.decode(), lib.sqlite3_column_int64(statement, 0),
                     string_at(lib.sqlite3_column_text(statement, 1)).decode(), lib.sqlite3_column_double(statement, 2),
                     string_at(lib.sqlite3_column_blob(statement, 3), lib.sqlite3_column_bytes(statement, 3)).hex()])
    lib.sqlite3_finalize(statement)
    told("rows", rows)
    called = []

    @CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p))
    def each(_, count, values, columns):
        called.append([[columns[i].decode(), values[i].decode()] for i in range(count)])
        return 0

    told("exec", [lib.sqlite3_exec(database, b"select id, share from item", each, None, None), called])
    message = c_char_p()
    told("error", [lib.sqlite3_exec(database, b"selec", None, None, byref(message)), message.value.decode(),
                   string_at(lib.sqlite3_errstr(19)).decode()])
    lib.sqlite3_free(message)
    text = lib.sqlite3_mprintf(b"%s is %d", b"it", c_int(42))
    told("variadic", text.value.decode())
    lib.sqlite3_free(text)
    memory = lib.sqlite3_malloc64(1 << 26)
    told("memory", lib.sqlite3_msize(memory) >= 1 << 26)
    lib.sqlite3_free(memory)
    told("close", lib.sqlite3_close(database))


main()
