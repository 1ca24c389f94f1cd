"""What files are, by their first bytes."""
import magic

for start in (b"%PDF-1.4", b"\x7fELF\x02\x01\x01" + bytes(9), b"\x89PNG\r\n\x1a\n", b"#!/bin/sh\n"):
    print(magic.from_buffer(start), magic.from_buffer(start, mime=True))
