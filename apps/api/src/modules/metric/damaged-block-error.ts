/** A block whose bytes are not what was stored. The reader adds which one. */
export class DamagedBlockError extends Error {}
