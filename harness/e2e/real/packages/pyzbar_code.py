"""A bar code (EAN-13), drawn bar by bar and read."""
from pyzbar.pyzbar import decode

DIGITS = "4006381333931"
LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
PARITY = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]


def pattern(digit, kind):
    """The seven modules of a digit."""
    left = LEFT[int(digit)]
    right = "".join("10"[int(one)] for one in left)
    return {"L": left, "R": right, "G": right[::-1]}[kind]


bars = "101" + "".join(map(pattern, DIGITS[1:7], PARITY[int(DIGITS[0])])) + "01010"
bars += "".join(pattern(digit, "R") for digit in DIGITS[7:]) + "101"
row = b"".join((b"\x00" if bar == "1" else b"\xff") * 3 for bar in "0" * 12 + bars + "0" * 12)
for found in decode((row * 60, len(row), 60)):
    print(found.type, found.data, found.rect.width > 200, len(found.polygon) > 2)
print(decode((b"\xff" * 10000, 100, 100)))
