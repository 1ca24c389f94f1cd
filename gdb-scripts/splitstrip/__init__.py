"""Collectors that run inside gdb and tell, fact by fact, what gdb knows of a library.

One file per question. A collector is a generator of (key, value) pairs; `registry` lists them,
`channel` writes them, `walk` finds the library's units and blocks, the *text files turn gdb's
objects into text. Works with gdb 9 and later.
"""
