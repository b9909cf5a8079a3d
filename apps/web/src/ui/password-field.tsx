import type { ComponentProps, ReactNode } from "react";
import { Field, Input } from "@/ui/field";

/** A labelled field for a password: the present one, or one that is chosen now (browsers then offer one). */
export function PasswordField({
  label,
  hint,
  error,
  is,
  value,
  onChange,
  ...rest
}: {
  label: string;
  hint?: ReactNode;
  error?: ReactNode;
  /** ONE_TIME: of a link, which no browser is to keep for this site. */
  is: "PRESENT" | "NEW" | "ONE_TIME";
  value: string;
  onChange: (password: string) => void;
} & Pick<ComponentProps<"input">, "required" | "autoFocus">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          {...rest}
          type="password"
          autoComplete={autoComplete[is]}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

const autoComplete = { PRESENT: "current-password", NEW: "new-password", ONE_TIME: "off" } as const;
