"use client";
import { completeRunQuery, parseRunQuery, type RunQueryCompletion } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { QueryHelp } from "@/features/run-list/query-help";
import { QueryProblem } from "@/features/run-list/query-problem";
import { QueryUnderline } from "@/features/run-list/query-underline";
import { useRunVocabulary } from "@/features/run-list/use-run-vocabulary";
import { useShortcut } from "@/lib/shortcuts";
import { cx } from "@/ui/class-names";
import { Input } from "@/ui/field";

/**
 * The filter of a run table in the query language. It offers what can stand at the caret (arrow keys, Enter or Tab), underlines a mistake
 * where it is, and offers what was meant. `typed` is what the address says; what is typed goes there after a moment.
 */
export function QueryBox({
  project,
  typed,
  onTyped,
}: {
  project: string;
  typed: string;
  onTyped: (text: string) => void;
}) {
  const t = useTranslations("runList");
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isFocused, setFocused] = useState(false);
  const [text, setText, send] = useTypedText(typed, isFocused, onTyped);
  const [caret, setCaret] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [isNear, setNear] = useState(false);
  const [active, setActive] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const vocabulary = useRunVocabulary(project, isNear || text !== "");
  useShortcut("/", t("key.filter"), () => field.current?.focus());

  const { problem } = parseRunQuery(text, vocabulary);
  const { offset, completions } = isOpen ? completeRunQuery(text, caret, vocabulary) : { offset: 0, completions: [] };
  // While the end of the text is being typed, what is missing there is no mistake yet.
  const isUnfinished =
    isOpen && problem !== null && caret === text.length && problem.offset + problem.length >= text.length;
  const shown = isUnfinished ? null : problem;

  const put = (from: number, to: number, insert: string) => {
    const next = text.slice(0, from) + insert + text.slice(to);
    setText(next);
    setActive(-1);
    setCaret(from + insert.length);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(from + insert.length, from + insert.length);
    });
  };
  const choose = (completion: RunQueryCompletion) => {
    const isDone = completion.kind !== "config" || !completion.text.endsWith(".");
    put(offset, caret, `${completion.text}${isDone && text[caret] !== " " ? " " : ""}`);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const count = completions.length;
    if (event.key === "Escape") {
      // A search field would be emptied.
      event.preventDefault();
      if (isOpen && count > 0) setOpen(false);
      else event.currentTarget.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else if (count > 0)
        setActive((at) => (at + (event.key === "ArrowDown" ? 1 : at < 0 ? count : -1) + count) % count);
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && completions[active]) {
      event.preventDefault();
      choose(completions[active]);
    } else if (event.key === "Enter") {
      setOpen(false);
      send();
    }
  };
  const follow = (input: HTMLInputElement) => {
    setCaret(input.selectionStart ?? input.value.length);
    setScroll(input.scrollLeft);
  };
  return (
    <div className="relative flex min-w-40 flex-1 basis-72 items-center gap-1">
      <div className="relative min-w-0 flex-1">
        <Input
          ref={field}
          type="search"
          role="combobox"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          className="w-full font-mono text-xs"
          aria-label={t("filter")}
          aria-expanded={completions.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={completions[active] ? `${listId}-${active}` : undefined}
          aria-invalid={shown ? true : undefined}
          aria-describedby={shown ? `${listId}-problem` : undefined}
          placeholder={t("filterExample")}
          value={text}
          onPointerEnter={() => setNear(true)}
          onFocus={(event) => {
            setNear(true);
            setFocused(true);
            follow(event.currentTarget);
          }}
          onBlur={() => {
            setOpen(false);
            setFocused(false);
            send();
          }}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
            follow(event.target);
          }}
          onSelect={(event) => follow(event.currentTarget)}
          onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
        />
        {shown && <QueryUnderline text={text} offset={shown.offset} length={shown.length} scroll={scroll} />}
        {completions.length > 0 && (
          <div
            id={listId}
            role="listbox"
            aria-label={t("suggestions")}
            className="absolute top-full left-0 z-30 mt-1 max-h-72 w-full min-w-64 overflow-y-auto rounded border border-line-strong bg-raised p-1 shadow-dialog"
          >
            {completions.map((completion, index) => (
              <div
                key={completion.text}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                className={cx(
                  "flex cursor-default items-center gap-2 rounded px-2 py-1 font-mono text-xs",
                  index === active ? "bg-hover" : "hover:bg-hover",
                )}
                // Not on click: the field would have lost the focus, and with it this list.
                onPointerDown={(event) => {
                  event.preventDefault();
                  choose(completion);
                }}
              >
                <span className="truncate">{completion.text}</span>
                <span className="ml-auto font-sans text-ink-3">{t(`completion.${completion.kind}`)}</span>
              </div>
            ))}
          </div>
        )}
        {shown && !isOpen && (
          <QueryProblem
            id={`${listId}-problem`}
            problem={shown}
            onSuggestion={({ offset: from, length, text: insert }) => put(from, from + length, insert)}
          />
        )}
      </div>
      <QueryHelp onExample={(example) => put(0, text.length, example)} />
    </div>
  );
}

const pauseMs = 250;

/**
 * What stands in the field. The address follows it after a pause; it follows the address when that changes from elsewhere (a control, the
 * Back button), but never while somebody types: the address may be a moment behind.
 */
function useTypedText(
  typed: string,
  isFocused: boolean,
  onTyped: (text: string) => void,
): [string, (text: string) => void, () => void] {
  const [text, setText] = useState(typed);
  const [seen, setSeen] = useState(typed);
  const [sent, setSent] = useState(typed);
  if (typed !== seen) {
    setSeen(typed);
    if (typed !== sent && !isFocused) {
      setText(typed);
      setSent(typed);
    }
  }
  const latest = useRef(onTyped);
  useEffect(() => {
    latest.current = onTyped;
  });
  const send = () => {
    if (text === sent) return;
    setSent(text);
    latest.current(text);
  };
  useEffect(() => {
    if (text === sent) return;
    const timer = setTimeout(() => {
      setSent(text);
      latest.current(text);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, sent]);
  return [text, setText, send];
}
