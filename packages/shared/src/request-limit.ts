/**
 * Bytes of the largest request that the API takes; the dashboard in front of it refuses what is larger in the same words. A frame of 65,536
 * values of float64 with steps and times of their own is 2.1 MB in base64, and its keys may add as much as 1 MB.
 */
export const maxRequestBytes = 4 * 1024 * 1024;

/** What the sender of a larger request is told. */
export const requestTooLarge = `The request is larger than ${maxRequestBytes} bytes. Send it in several parts.`;

/**
 * Bytes of every piece of an uploaded file but the last: the least that S3 takes as a part, and less than what the dashboard passes on (10 MB).
 */
export const pieceBytes = 5 * 1024 * 1024;
