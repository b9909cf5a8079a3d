// A frame on the wire: see docs/metric-frame.md. All numbers are little-endian.
//   magic "RMF" and version (4 bytes) · CRC-32 of all that follows (u32)
//   rows (u32) · columns (u16) · StepCoding (u8) · TimeCoding (u8)
//   steps · times · then for every column: key bytes (u16), key (UTF-8), ColumnFlag bits (u8), rows if selected, values
// Raw value bytes are those of typed arrays: every host that runs Node or a browser for us is little-endian.

export const MAGIC = 0x464d52; // "RMF" read as a little-endian integer
export const VERSION = 1;
export const HEADER_BYTES = 8;

/** Regular: first step and stride (2 × f64). Listed: one f64 a row. */
export const StepCoding = { regular: 0, listed: 1 } as const;

/** Deltas: first time (f64), then a zigzag varint of the change in whole ms. Listed: one f64 a row. */
export const TimeCoding = { deltas: 0, listed: 1 } as const;

/** selected: the column has its own rows (count and gaps as varints). float64: values are f64, else f32. */
export const ColumnFlag = { selected: 1, float64: 2 } as const;
