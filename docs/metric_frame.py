"""Reads and writes Residual's metric frames with nothing but Python's standard library. The layout is explained in metric-frame.md.

A frame is {"steps": [int], "times": [float], "columns": [{"key": str, "rows": [int] or None, "values": [float]}]}.
As a program: reads frames in hexadecimal, one a line, and prints each one packed anew from what was read.
"""

import itertools, struct, sys, zlib


def varint(value):
    return bytes([value]) if value < 0x80 else bytes([value % 0x80 | 0x80]) + varint(value // 0x80)


def fits_float32(value):
    if value != value:
        return struct.pack("<d", value) == struct.pack("<d", float("nan"))
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0] == value
    except OverflowError:
        return False


def pack(frame):
    steps, times, columns = frame["steps"], frame["times"], frame["columns"]
    stride = steps[1] - steps[0] if len(steps) > 1 else 0
    regular = all(float(steps[0]) + i * float(stride) == step for i, step in enumerate(steps))
    whole = all(t == int(t) and abs(t) <= 2**51 and str(t) != "-0.0" for t in times)
    body = struct.pack("<IHBB", len(steps), len(columns), 0 if regular else 1, 0 if whole else 1)
    listed_steps = [steps[0], stride] if regular and steps else steps
    body += struct.pack(f"<{len(listed_steps)}d", *listed_steps)
    listed_times = times[:1] if whole else times
    body += struct.pack(f"<{len(listed_times)}d", *listed_times)
    if whole:
        deltas = [int(b) - int(a) for a, b in zip(times, times[1:])]
        body += b"".join(varint(2 * d if d >= 0 else -2 * d - 1) for d in deltas)
    for column in columns:
        key, rows, values = column["key"].encode(), column["rows"], column["values"]
        narrow = all(map(fits_float32, values))
        body += struct.pack("<H", len(key)) + key + bytes([(rows is not None) | (0 if narrow else 2)])
        if rows is not None:
            gaps = [row - before - 1 for before, row in zip([-1, *rows], rows)]
            body += varint(len(rows)) + b"".join(map(varint, gaps))
        body += struct.pack(f"<{len(values)}{'f' if narrow else 'd'}", *values)
    return b"RMF\x01" + struct.pack("<I", zlib.crc32(body)) + body


def unpack(data):
    if data[:4] != b"RMF\x01" or struct.unpack_from("<I", data, 4)[0] != zlib.crc32(data[8:]):
        raise ValueError("no metric frame of version 1, or a damaged one")
    at = 8
    def take(code):
        nonlocal at
        found = struct.unpack_from("<" + code, data, at)
        at += struct.calcsize("<" + code)
        return list(found)
    def number():
        byte = take("B")[0]
        return byte if byte < 0x80 else byte - 0x80 + 0x80 * number()

    n, count, listed_steps, listed_times = take("IHBB")
    first, stride = (0, 0) if listed_steps or n == 0 else take("dd")
    steps = [int(s) for s in (take(f"{n}d") if listed_steps else [first + i * stride for i in range(n)])]
    times = take(f"{n}d") if listed_times or n == 0 else take("d")
    while len(times) < n:
        zigzag = number()
        times.append(times[-1] + (zigzag // 2 if zigzag % 2 == 0 else -(zigzag + 1) // 2))
    columns = []
    for _ in range(count):
        key = bytes(take(f"{take('H')[0]}B")).decode()
        flags, rows = take("B")[0], None
        if flags & 1:
            rows = [end - 1 for end in itertools.accumulate(number() + 1 for _ in range(number()))]
        columns.append({"key": key, "rows": rows, "values": take(f"{n if rows is None else len(rows)}{'d' if flags & 2 else 'f'}")})
    return {"steps": steps, "times": times, "columns": columns}


if __name__ == "__main__":
    for line in sys.stdin:
        print(pack(unpack(bytes.fromhex(line))).hex())
