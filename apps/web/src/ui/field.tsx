import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { cx } from "@/ui/class-names";

const control =
  "h-8 min-w-0 rounded border border-line-strong bg-raised px-2 text-sm text-ink placeholder:text-ink-3 disabled:opacity-50 aria-invalid:border-bad";

/** A labelled control with a hint under it, or what is wrong with its value. The child gets the ids by render prop. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  children: (control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children({ id, "aria-describedby": note ? noteId : undefined, "aria-invalid": error ? true : undefined })}
      {note && (
        <p
          id={noteId}
          className={cx("text-xs", error ? "text-bad" : "text-ink-3")}
          aria-live={error ? "polite" : undefined}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** A text field; as wide as its place unless className says a width. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cx(control, className ?? "w-full")} {...rest} />;
}

/** The browser's own select: it is the fastest and most accessible one on every device. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cx(control, className ?? "w-full")} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(control, "h-auto py-1.5", className ?? "w-full")} {...rest} />;
}

export function Checkbox({ label, className, ...rest }: { label: ReactNode } & ComponentProps<"input">) {
  return (
    <label className={cx("flex items-center gap-2 text-sm", className)}>
      <input type="checkbox" className="size-4 accent-accent" {...rest} />
      {label}
    </label>
  );
}
