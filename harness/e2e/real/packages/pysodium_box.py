"""The same by another binding."""
import pysodium

key, nonce = bytes(range(32)), bytes(24)
box = pysodium.crypto_secretbox(b"message", nonce, key)
print(box.hex(), pysodium.crypto_secretbox_open(box, nonce, key))
print(pysodium.crypto_hash_sha256(b"abc").hex(), pysodium.crypto_generichash(b"abc").hex())
public, secret = pysodium.crypto_sign_seed_keypair(bytes(32))
print(public.hex(), pysodium.crypto_sign_open(pysodium.crypto_sign(b"signed", secret), public))
