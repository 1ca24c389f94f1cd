"""Collectors that run inside lldb and tell, fact by fact, what lldb knows of a library.

One file per question, as in gdb-scripts/splitstrip. Works with lldb 14 and later.
"""
