"""Collectors that tell, fact by fact, what drgn knows of a library.

One file per question, as in gdb-scripts/splitstrip. Works with drgn 0.0.22 and later.
"""
