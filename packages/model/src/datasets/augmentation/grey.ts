/** What stands where an augmentation leaves no image: near the middle of every normalisation, so that it says little. */
export const GREY = 128;
