#!/usr/bin/env python3
"""Programs of the distribution's ctypes packages print the same plain and checked, and something of them is checked."""

import unittest

import packages


class Packages(unittest.TestCase):
    """Each package, on both interpreters."""

    def test_all(self):
        """None is refused, or prints otherwise; most have declarations that are held against their library."""
        checked = 0
        for name, package in packages.PACKAGES.items():
            if packages.version(package["package"]) is None:
                self.fail(f"{package['package']} is not installed; run ci/install real")
            for row in packages.rows([name]):
                with self.subTest(name=name, interpreter=row.interpreter):
                    self.assertFalse(row.outcome.startswith("otherwise"), row.outcome)
                    if row.interpreter == "cpython":
                        self.assertEqual(row.outcome, "same")
                    checked += int(row.counts.get("checked", 0)) + int(row.counts.get("derived", 0))
        self.assertGreater(checked, 200)


if __name__ == "__main__":
    unittest.main()
