export interface PictureEntry {
  color: string;
  label: string;
}

/** A chart as a picture of its own: ground, title, names of the lines, and under them the canvas as it is on screen. */
export function chartPicture(
  chart: HTMLCanvasElement,
  title: string,
  entries: PictureEntry[],
  look: { ground: string; ink: string; font: string },
): Promise<Blob> {
  const ratio = chart.width / (chart.clientWidth || chart.width);
  const lineHeight = 18 * ratio;
  const picture = document.createElement("canvas");
  picture.width = chart.width;
  picture.height = chart.height + lineHeight * (1.5 + entries.length);
  const ctx = picture.getContext("2d")!;
  ctx.fillStyle = look.ground;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.textBaseline = "middle";
  ctx.fillStyle = look.ink;
  ctx.font = `600 ${13 * ratio}px ${look.font}`;
  ctx.fillText(title, 8 * ratio, lineHeight * 0.8);
  ctx.font = `${12 * ratio}px ${look.font}`;
  entries.forEach(({ color, label }, index) => {
    const y = lineHeight * (1.8 + index);
    ctx.fillStyle = color;
    ctx.fillRect(8 * ratio, y - ratio, 16 * ratio, 2 * ratio);
    ctx.fillStyle = look.ink;
    ctx.fillText(label, 30 * ratio, y);
  });
  ctx.drawImage(chart, 0, lineHeight * (1.5 + entries.length));
  return new Promise((resolve, reject) => {
    picture.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser could not write the picture."))),
      "image/png",
    );
  });
}
