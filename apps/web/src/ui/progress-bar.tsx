/** A thin bar; share from 0 to 1, null while the total is unknown. label is what a screen reader says. */
export function ProgressBar({ share, label }: { share: number | null; label: string }) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className="h-1 w-full overflow-hidden rounded-full bg-hover"
    >
      <div
        className={
          percent === null
            ? "skeleton h-full w-full bg-accent"
            : "h-full rounded-full bg-accent transition-[width] duration-200"
        }
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
