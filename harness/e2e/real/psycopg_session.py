"""A whole session with PostgreSQL through psycopg's pure-Python implementation, ctypes on libpq.

usage: psycopg_session.py CONNINFO      (PSYCOPG_IMPL=python)

Prints one line of JSON for each step: its name and what came of it, without anything that differs
from one run to the next. The last line tells which libpq was loaded. An exception of a step is its
result; only TypeError ends the program, as it would end anybody's.
"""

import asyncio
import json
import os
import sys
import tempfile
import threading

import psycopg
from psycopg import errors, pq, sql

STEPS = []


def step(function):
    """Adds a function to the session; they run in the order they stand here."""
    STEPS.append(function)
    return function


@step
def implementation(_):
    """Which of psycopg's implementations it is, and of which libpq."""
    return [pq.__impl__, pq.version(), psycopg.__version__]


@step
def connection(connect):
    """What a connection tells of itself."""
    with connect() as conn:
        info = conn.info
        return [info.dbname, info.user, info.host, info.hostaddr, info.port > 0, info.status.name,
                info.transaction_status.name, info.server_version, info.encoding, str(info.timezone),
                conn.pgconn.protocol_version, info.backend_pid > 0, conn.pgconn.used_password,
                conn.pgconn.needs_password, conn.pgconn.ssl_in_use, info.parameter_status("integer_datetimes"),
                info.parameter_status("no such"), info.options, info.error_message, sorted(info.get_parameters()),
                [option.keyword.decode() for option in conn.pgconn.info][:10], conn.pgconn.tty.decode(), conn.closed]


@step
def create(connect):
    """A table, kept for the following steps."""
    with connect() as conn:
        conn.execute("drop table if exists item")  # of a session that did not live to its end
        done = conn.execute("""create table item (id serial primary key, name text not null unique, price numeric(8,2),
            at timestamptz, raw bytea, tags text[], extra jsonb, share double precision)""")
        return [done.statusmessage, done.rowcount]


@step
def insert(connect):
    """Rows one by one and many at once, with parameters as text and as binary."""
    with connect() as conn:
        one = conn.execute("insert into item (name, price, raw, tags, extra, share) values (%s, %s, %s, %s, %s, %s) "
                           "returning id", ("spoon \u2603", "3.25", b"\x00\xff'\\", ["a", "b,c"],
                                            psycopg.types.json.Jsonb({"k": [1, None]}), 0.5))
        first = one.fetchone()
        cursor = conn.cursor()
        cursor.executemany("insert into item (name, share) values (%s, %s)", [(f"n{i}", i / 4) for i in range(50)])
        binary = conn.execute("insert into item (name, raw, share) values (%b, %b, %b) returning id, raw, share",
                              ("binary", bytes(range(256)), 1e300), binary=True).fetchone()
        return [first, cursor.rowcount, binary[0], binary[1].hex(), binary[2]]


@step
def query(connect):
    """Rows of many types, prepared, by a server-side cursor, streamed."""
    with connect() as conn:
        cursor = conn.cursor()
        cursor.execute("select id, name, price, raw, tags, extra, share, null, now() > at from item order by id limit 2")
        columns = [[c.name, c.type_code, c.display_size, c.internal_size, c.precision, c.scale]
                   for c in cursor.description]
        rows = repr(cursor.fetchall())
        described = [cursor.pgresult.ftable(0) > 0, cursor.pgresult.ftablecol(1), cursor.pgresult.fformat(0),
                     cursor.pgresult.binary_tuples, cursor.pgresult.oid_value]
        prepared = [conn.execute("select name from item where id = %s", (i,), prepare=True).fetchone()
                    for i in range(2, 9)]
        with conn.cursor("named") as named:
            named.execute("select id from item order by id")
            parts = [len(named.fetchmany(20)) for _ in range(4)]
        streamed = [row[0] for row in conn.cursor().stream("select generate_series(1, 5)")]
        everything = conn.execute("select sum(share) from item where share < 100").fetchone()
        return [columns, rows, described, prepared, parts, streamed, everything]


@step
def copy(connect):
    """COPY in both directions, as text and as binary."""
    with connect() as conn:
        conn.execute("create temp table t (a int, b text)")
        cursor = conn.cursor()
        with cursor.copy("copy t from stdin") as into:
            for number in range(1000):
                into.write_row((number, "x" * (number % 7) or None))
        with cursor.copy("copy t from stdin (format binary)") as into:
            into.set_types(["int4", "text"])
            into.write_row((7000, "binary"))
        counted = cursor.execute("select count(*), sum(a), count(b) from t").fetchone()
        with cursor.copy("copy (select * from t where a > 996 order by a) to stdout") as out:
            rows = list(out.rows())
        with cursor.copy("copy (select a from t where a < 3 order by a) to stdout (format binary)") as out:
            raw = b"".join(bytes(part) for part in out).hex()
        try:
            with cursor.copy("copy t from stdin") as into:
                into.write("not a number\tx\n")
            failed = None
        except errors.Error as error:
            failed = [type(error).__name__, error.sqlstate]
        return [counted, rows, raw, failed]


@step
def notify(connect):
    """LISTEN and NOTIFY between two connections, and the handlers of notifications and notices."""
    with connect(autocommit=True) as one, connect(autocommit=True) as two:
        heard, notices = [], []
        one.add_notify_handler(lambda note: heard.append([note.channel, note.payload, note.pid == two.info.backend_pid]))
        one.add_notice_handler(lambda diag: notices.append([diag.severity, diag.message_primary, diag.sqlstate]))
        one.execute("listen post")
        two.execute("notify post, 'first'")
        two.execute("select pg_notify('post', 'second \u00fc')")
        one.execute("do $$ begin raise notice 'for %', 'you'; end $$")
        found = one.execute("select 1").fetchone()
        source = two.notifies()
        two.execute("listen back")
        one.execute("notify back, 'last'")
        last = next(source)
        return [heard, notices, found, [last.channel, last.payload]]


@step
def error(connect):
    """Errors of the server and of the connection, with all that they tell."""
    told = []
    with connect(autocommit=True) as conn:
        for statement in ("insert into item (name) values ('n1')", "selec 1", "select 1/0", "select * from nowhere",
                          "insert into item (name) values (null)"):
            try:
                conn.execute(statement)
            except errors.Error as failure:
                diag = failure.diag
                told.append([type(failure).__name__, failure.sqlstate, diag.severity, diag.message_primary,
                             diag.message_detail, diag.constraint_name, diag.table_name, diag.statement_position])
        told.append(conn.execute("select 'alive'").fetchone())
        told.append(conn.info.transaction_status.name)
    try:
        psycopg.connect("host=127.0.0.1 port=1 connect_timeout=2")
    except errors.OperationalError as failure:
        told.append("refused" in str(failure))
    return told


@step
def transactions(connect):
    """Commit, roll back, savepoints, and a pipeline."""
    with connect() as conn:
        conn.execute("create temp table n (i int)")
        conn.commit()
        try:
            with conn.transaction():
                conn.execute("insert into n values (1)")
                with conn.transaction(force_rollback=True):
                    conn.execute("insert into n values (2)")
                raise KeyError("undone")
        except KeyError:
            pass
        with conn.pipeline() as pipeline:
            cursors = [conn.execute("insert into n values (%s) returning i", (i,)) for i in range(5)]
            pipeline.sync()
            inserted = [cursor.fetchone() for cursor in cursors]
        return [conn.execute("select array_agg(i order by i) from n").fetchone(), inserted]


@step
def cancel(connect):
    """A query that another thread cancels."""
    with connect() as conn:
        timer = threading.Timer(0.3, conn.cancel)
        timer.start()
        try:
            conn.execute("select pg_sleep(20)")
            return "not cancelled"
        except errors.QueryCanceled as failure:
            return failure.sqlstate
        finally:
            timer.join()


@step
def quoting(connect):
    """Escaping, with a connection and without."""
    with connect() as conn:
        escaping = pq.Escaping(conn.pgconn)
        alone = pq.Escaping()
        return [sql.Literal("it's \\").as_string(conn), sql.Identifier('na"me').as_string(conn),
                bytes(escaping.escape_literal(b"a'b")).decode(), bytes(escaping.escape_identifier(b'a"b')).decode(),
                bytes(escaping.escape_string(b"a'b\\")).decode(), bytes(alone.escape_string(b"a'b")).decode(),
                bytes(escaping.escape_bytea(b"\x00\x01'")).decode(), bytes(alone.escape_bytea(b"\x00\x01")).decode(),
                bytes(escaping.unescape_bytea(b"\\x000127")).hex()]


@step
def low_level(connect):
    """What psycopg wraps and seldom uses: the pq layer by itself."""
    with connect(autocommit=True) as conn:
        told = []
        conninfo = conn.info.dsn.encode() + b" password=" + conn.info.password.encode()
        raw = pq.PGconn.connect(conninfo)
        told.append(raw.status)
        told.append(pq.PGconn.ping(conninfo))
        result = raw.exec_(b"select 1 as one, 'two' as two")
        told.append([result.status, result.ntuples, result.nfields, result.fname(1).decode(), result.ftype(0),
                     result.fmod(0), result.fsize(0), result.get_value(0, 1).decode(), result.command_status.decode(),
                     result.command_tuples])
        raw.prepare(b"p", b"select $1::int + $2::int")
        described = raw.describe_prepared(b"p")
        told.append([described.nparams, described.param_type(0)])
        told.append(raw.exec_prepared(b"p", [b"40", b"2"]).get_value(0, 0).decode())
        told.append(raw.exec_params(b"select $1::text", [None]).get_value(0, 0))
        raw.exec_(b"begin; declare c cursor for select 5")
        told.append(raw.describe_portal(b"c").nfields)
        told.append(raw.encrypt_password(b"secret", b"me", b"md5").decode())
        made = raw.make_empty_result(pq.ExecStatus.TUPLES_OK)
        made.set_attributes([pq.PGresAttDesc(b"col", 0, 0, 0, 25, -1, -1)])
        told.append([made.nfields, made.fname(0).decode(), made.ftype(0), made.fsize(0)])
        made.clear()
        with tempfile.TemporaryFile() as trace:
            raw.trace(os.dup(trace.fileno()))
            raw.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
            raw.exec_(b"select 3")
            raw.untrace()
        raw.reset()
        told.append([raw.status, raw.transaction_status])
        raw.nonblocking = 1
        told.append(raw.nonblocking)
        raw.send_query_params(b"select $1", [b"sent"])
        raw.flush()
        got = raw.get_result()
        while got is None or got.status != pq.ExecStatus.TUPLES_OK:
            got = raw.get_result()
        told.append(got.get_value(0, 0).decode())
        raw.finish()
        told.append(raw.status)
        parsed = pq.Conninfo.parse(b"host=somewhere port=99")
        told.append([[o.keyword.decode(), o.val.decode()] for o in parsed if o.val])
        told.append(len(pq.Conninfo.get_defaults()) > 20)
        try:
            pq.Conninfo.parse(b"nonsense")
        except errors.OperationalError as failure:
            told.append(str(failure).strip())
        return told


@step
def asynchronous(connect):
    """The same library under asyncio."""
    async def main():
        async with await psycopg.AsyncConnection.connect(sys.argv[1]) as conn:
            async with conn.cursor() as cursor:
                await cursor.execute("select name from item order by id limit 3")
                return await cursor.fetchall()
    return asyncio.run(main())


@step
def drop(connect):
    """What was created goes."""
    with connect() as conn:
        return conn.execute("drop table item").statusmessage


@step
def library(_):
    """Which libpq all that was done with."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return sorted({line.split()[-1] for line in maps if "libpq.so" in line})


def main():
    """Runs all steps."""
    def connect(**options):
        return psycopg.connect(sys.argv[1], connect_timeout=20, **options)

    for function in STEPS:
        try:
            result = function(connect)
        except TypeError:
            raise
        except Exception as failure:  # pylint: disable=broad-except
            result = ["raised", type(failure).__name__, str(failure)]
        print(json.dumps([function.__name__, result], ensure_ascii=False, default=repr), flush=True)


if __name__ == "__main__":
    main()
