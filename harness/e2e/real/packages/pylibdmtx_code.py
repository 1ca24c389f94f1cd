"""A data matrix, drawn and read again."""
from pylibdmtx.pylibdmtx import decode, encode

code = encode(b"hello, matrix")
print(code.width, code.height, code.bpp, sum(code.pixels))
for found in decode((code.pixels, code.width, code.height), max_count=1):
    print(found.data, found.rect.width > 0)
