"""The way out for facts, which neither gdb's own output nor the inferior can write to."""

import fcntl
import os

# Facts are many and short: writing each by itself would cost more than finding it.
CHUNK = 1 << 18

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def escape(text):
    """`text` as a field of a record: see FactLinesReader in consumers/answers.h."""
    # Three look-ups in C are cheaper than the translation that hardly any text needs.
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


class Channel:
    """Writes records in tab-separated form to a file object."""

    def __init__(self, file):
        self._file = file

    @classmethod
    def from_descriptor(cls, descriptor):
        """Takes over `descriptor`: it is closed under its own number, and what takes its place
        is closed on exec, so that the inferior has nothing to write to."""
        private = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 64)
        os.close(descriptor)
        file = open(private, "w", buffering=CHUNK, encoding="utf-8", errors="backslashreplace", newline="\n")
        return cls(file)

    def record(self, *fields):
        """Writes one record."""
        self._file.write("\t".join(map(escape, fields)) + "\n")

    def facts(self, query, pairs):
        """Writes a fact for each (key, value) of `pairs` and returns their number."""
        count = 0
        write = self._file.write
        for key, value in pairs:
            write("%s\t%s\t%s\n" % (query, escape(key), escape(value)))
            count += 1
        return count

    def flush(self):
        """Hands over what is still held back."""
        self._file.flush()
