#!/usr/bin/env python3
"""What Python modules of the distribution declare otherwise than their libraries have it: those of README.md, no others."""

import json
import pathlib
import tempfile
import unittest

import checked
import suites

# {module[:function that declares]: (library, at least so many declarations checked, what is wrong)}
MODULES = {
    "psycopg": ("libpq", 150, ()),
    "magic": ("libmagic", 40, ()),
    "libarchive": ("libarchive", 200, (
        "archive_entry_atime: return value: the library has 'time_t', declared is 'int'",
        "archive_entry_birthtime: return value: the library has 'time_t', declared is 'int'",
        "archive_entry_mtime: return value: the library has 'time_t', declared is 'int'",
        "archive_entry_ctime: return value: the library has 'time_t', declared is 'int'",
        "archive_entry_rdevmajor: return value: the library has 'dev_t', declared is 'unsigned int'",
        "archive_entry_rdevminor: return value: the library has 'dev_t', declared is 'unsigned int'",
        "archive_entry_set_atime: parameter 2 't': the library has 'time_t', declared is 'int'",
        "archive_entry_set_mtime: parameter 2 't': the library has 'time_t', declared is 'int'",
        "archive_entry_set_ctime: parameter 2 't': the library has 'time_t', declared is 'int'",
        "archive_entry_set_birthtime: parameter 2 't': the library has 'time_t', declared is 'int'",
        "archive_write_data_block: return value: the library has 'la_ssize_t', declared is 'int'")),
    "usb1._libusb1:loadLibrary": ("libusb", 80, (
        "libusb_unlock_event_waiters: the function takes 1 parameter there, 0 here",)),
    "usb.backend.libusb1:get_backend": ("libusb", 40, (
        "libusb_get_device_speed: return value: the library has 'int', declared is 'unsigned char'",)),
    "iptc": (None, 4, ("optind: the library has 'int', declared is 'long': 4 bytes there, 8 bytes here",)),
}


class Mismatches(unittest.TestCase):
    """Each module, with its library and libc carrying their types."""

    def test_modules(self):
        """What is refused is what is known to be wrong."""
        with tempfile.TemporaryDirectory() as directory:
            suites.embed_libc(pathlib.Path(directory), checked.os.environ["SPLITSTRIP_BINARY"])
            for module, (library, declarations, wrong) in MODULES.items():
                with self.subTest(module=module):
                    if library:
                        checked.split(library, directory)
                    done = checked.run("cpython", [checked.HERE / "mismatches.py", module], found=[directory],
                                       modules=[checked.os.environ["SPLITSTRIP_TYPESAFE"]], extra={
                                           "PSYCOPG_IMPL": "python",
                                           "TYPESAFE_CTYPES_LIBTYPEDATA": checked.os.environ["SPLITSTRIP_LIBTYPEDATA"]})
                    self.assertEqual(done.returncode, 0, done.stderr)
                    told = json.loads(done.stdout)
                    self.assertIsNone(told["failed"])
                    self.assertGreaterEqual(told["checked"], declarations)
                    self.assertEqual(len(told["harmful"]), len(wrong), told["harmful"])
                    for text, words in zip(told["harmful"], wrong):
                        self.assertTrue(text.startswith(words), text)


if __name__ == "__main__":
    unittest.main()
