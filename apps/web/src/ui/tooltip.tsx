"use client";
import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

/** A few words on hover and focus. The child is one focusable element. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Primitive.Provider delayDuration={250}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content
            sideOffset={4}
            className="z-50 max-w-80 rounded border border-line-strong bg-raised px-2 py-1 text-xs text-ink shadow-dialog"
          >
            {text}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
