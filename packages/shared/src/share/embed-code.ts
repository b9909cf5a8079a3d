/** In CSS pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Of a frame for which nobody asks for another size. */
export const usualFrame: FrameSize = { width: 720, height: 480 };

/** An HTML element that shows an embedded view. address: whole. */
export function embedCode(address: string, title: string, { width, height }: FrameSize = usualFrame): string {
  const attributes = {
    src: address,
    title,
    width,
    height,
    loading: "lazy",
    style: "border:0",
    referrerpolicy: "no-referrer",
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return `<iframe ${written.join(" ")}></iframe>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
