"""Beside pyproject.toml: the file that reads TYPESAFE_CTYPES goes where the interpreter looks for it."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithSwitch(build_py):
    """Adds typesafe_ctypes.pth beside the package."""

    def run(self):
        super().run()
        self.copy_file(str(Path(__file__).with_name("typesafe_ctypes.pth")), self.build_lib)


setup(cmdclass={"build_py": BuildWithSwitch})
