"""Reads the tensors of a TensorFlow variable bundle (checkpoint format V2) with nothing but NumPy.

A bundle is two files: `x.data-00000-of-00001` holds the raw little-endian tensors, `x.index` is a LevelDB table from
tensor name to a BundleEntryProto (dtype 1, shape 2, shard 3, offset 4, size 5, crc32c 6). Only what a plain checkpoint
needs is here: uncompressed blocks, one shard, float32.
"""

import struct

import numpy as np

TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
FLOAT32 = 1


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The (field number, value) pairs of one protobuf message; nested messages stay bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at : at + size], at + size
        yield tag >> 3, value


def block(index, offset, size):
    """The (key, value) pairs of one table block; keys share prefixes with their predecessor."""
    if index[offset + size] != 0:
        raise ValueError("a compressed table block: write the checkpoint without compression")
    data = index[offset : offset + size]
    restarts = struct.unpack("<I", data[-4:])[0]
    end = size - 4 - 4 * restarts
    at, key = 0, b""
    while at < end:
        shared, at = varint(data, at)
        fresh, at = varint(data, at)
        length, at = varint(data, at)
        key = key[:shared] + data[at : at + fresh]
        at += fresh
        yield key, data[at : at + length]
        at += length


def read_bundle(index, data):
    """Tensor name to array, from the bytes of the index file and of the data file."""
    footer = index[-48:]
    if footer[-8:] != TABLE_MAGIC:
        raise ValueError("not a TensorFlow checkpoint index")
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    offset, at = varint(footer, at)
    size, _ = varint(footer, at)
    tensors = {}
    for _, handle in block(index, offset, size):
        start, at = varint(handle, 0)
        length, _ = varint(handle, at)
        for key, value in block(index, start, length):
            if key == b"":
                continue  # the header: shard count, endianness, version
            entry = {1: 0, 2: b"", 3: 0, 4: 0, 5: 0, **dict(fields(value))}
            if entry[1] != FLOAT32 or entry[3] != 0:
                raise ValueError(f"{key.decode()}: only float32 in one shard is read here")
            shape = [dict(fields(dim)).get(1, 0) for number, dim in fields(entry[2]) if number == 2]
            raw = data[entry[4] : entry[4] + entry[5]]
            tensors[key.decode()] = np.frombuffer(raw, dtype="<f4").reshape(shape)
    return tensors
