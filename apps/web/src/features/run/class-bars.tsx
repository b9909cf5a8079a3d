"use client";
import type { ClassRecall } from "@/features/run/confusion-scores";
import { useFormat } from "@/lib/use-format";

/** A bar for each class: its recall, its 95 % interval as a whisker, and how many images that rests on. */
export function ClassBars({ rows }: { rows: readonly ClassRecall[] }) {
  const format = useFormat();
  return (
    <table className="w-full text-sm">
      <tbody>
        {rows.map(({ name, images, correct, recall }) => (
          <tr key={name} className="border-b">
            <th scope="row" className="max-w-32 truncate py-1 pr-3 text-left font-normal" title={name}>
              {name}
            </th>
            <td className="w-1/2 py-1 pr-3">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full" aria-hidden="true">
                <rect x="0" y="1" width="100" height="8" fill="var(--hover)" />
                <rect x="0" y="1" width={recall.estimate * 100} height="8" fill="var(--accent)" />
                <rect
                  x={recall.low * 100}
                  y="4.2"
                  width={(recall.high - recall.low) * 100}
                  height="1.6"
                  fill="var(--ink)"
                />
              </svg>
            </td>
            <td className="py-1 pr-3 text-right">
              {format.percent({ estimate: recall.estimate })?.value}
              {/* A class has few images: its interval leans to one side, and a half-width would reach beyond 0 or 100 %. */}
              <span className="text-ink-3">
                {" "}
                ({Math.round(recall.low * 100)}–{Math.round(recall.high * 100)})
              </span>
            </td>
            <td className="py-1 text-right text-ink-3">
              {correct}/{images}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
