"""An archive in memory, written and read again."""
import libarchive

kept = []
with libarchive.custom_writer(lambda data: kept.append(bytes(data)) or len(data), "ustar") as archive:
    archive.add_file_from_memory("name", 5, b"bytes")
    archive.add_file_from_memory("directory/other", 3, b"abc")
whole = b"".join(kept)
print(len(whole) % 512)
with libarchive.memory_reader(whole) as archive:
    for entry in archive:
        print(entry.pathname, entry.size, entry.isfile, b"".join(entry.get_blocks()))
