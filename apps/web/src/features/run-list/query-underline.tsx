/**
 * A wavy line under the characters of a mistake: the field's text again, invisible, in the same place and font. scroll: how far the field's
 * text is moved to the left, in px.
 */
export function QueryUnderline({
  text,
  offset,
  length,
  scroll,
}: {
  text: string;
  offset: number;
  length: number;
  scroll: number;
}) {
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute inset-y-0 right-7 left-[9px] flex items-center overflow-hidden font-mono text-xs whitespace-pre text-transparent"
    >
      <span style={{ transform: `translateX(${-scroll}px)` }}>
        {text.slice(0, offset)}
        <span className="underline decoration-bad decoration-wavy underline-offset-3" data-problem>
          {text.slice(offset, offset + length) || " "}
        </span>
      </span>
    </span>
  );
}
