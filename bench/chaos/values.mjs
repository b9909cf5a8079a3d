/** What writer `series` logs at a step: everybody can work out what must be stored. Each value occurs once in a run. */
export function valueAt(series, step) {
  let hash = 0;
  for (const character of series) hash = (hash * 31 + character.charCodeAt(0)) % 1009;
  return hash * 1e6 + step + 0.5;
}

/** Numbers in [0, 1) from a seed, so that a series of kills can be repeated. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
