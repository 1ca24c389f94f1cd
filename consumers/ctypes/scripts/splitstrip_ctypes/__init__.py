"""What the consumers `ctypes` and `pypy` run inside the interpreter: a file for each query."""
