"""Boxes, hashes and signatures of known keys."""
import libnacl

key, nonce = bytes(range(32)), bytes(24)
box = libnacl.crypto_secretbox(b"message", nonce, key)
print(box.hex(), libnacl.crypto_secretbox_open(box, nonce, key))
print(libnacl.crypto_hash_sha256(b"abc").hex())
public, secret = libnacl.crypto_sign_seed_keypair(bytes(32))
print(public.hex(), libnacl.crypto_sign_open(libnacl.crypto_sign(b"signed", secret), public))
try:
    libnacl.crypto_secretbox_open(box[:-1] + b"x", nonce, key)
except ValueError as error:
    print("refused", error)
