/** A failure that the user can read and act on; anything else is a bug and keeps its stack. */
export class NativeError extends Error {}
