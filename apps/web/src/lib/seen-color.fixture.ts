/** How somebody sees colours: all of them, without the long-wave cones (protanopia), without the middle-wave ones (deuteranopia). */
export const eyes = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  // Machado, Oliveira & Fernandes 2009, severity 1, over linear RGB.
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;

type Triple = readonly [number, number, number];
type Matrix = readonly (readonly [number, number, number])[];

/** Linear RGB of "#rrggbb", each from 0 to 1 (IEC 61966-2-1). */
function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [r, g, b]: Triple): Triple {
  const [x, y, z] = matrix.map((row) => row[0] * r + row[1] * g + row[2] * b);
  return [x!, y!, z!];
}

const toXyz: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const white: Triple = [0.95047, 1, 1.08883];

/** CIELAB under D65 of a colour as these eyes see it. */
function seen(hex: string, eye: Matrix): Triple {
  const rgb = times(eye, linear(hex)).map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(toXyz, rgb).map((value, i) => {
    const share = value / white[i]!;
    return share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** ΔE*ab (CIE 1976) between two colours as these eyes see them. */
export function seenDistance(a: string, b: string, eye: keyof typeof eyes): number {
  const [one, other] = [seen(a, eyes[eye]), seen(b, eyes[eye])];
  return Math.hypot(...one.map((value, i) => value - other[i]!));
}

/** Contrast of two colours (WCAG 2). */
export function contrast(a: string, b: string): number {
  const [low, high] = [a, b].map((hex) => times(toXyz, linear(hex))[1]).sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
