/** Bytes of the largest request that the API takes; the dashboard in front of it refuses what is larger in the same words. */
export const maxRequestBytes = 1024 * 1024;

/** What the sender of a larger request is told. */
export const requestTooLarge = `The request is larger than ${maxRequestBytes} bytes. Send it in several parts.`;
