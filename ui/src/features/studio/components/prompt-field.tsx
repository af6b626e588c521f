/** A text area that grows to six lines, counts its characters and takes chips at the caret. */
import { useId, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { containsPhrase, withoutPhrase, withPhrase } from "../phrases";
import { Chips } from "./chips";

type PromptFieldProps = {
  label: string;
  placeholder: string;
  value: string;
  limit: number;
  phrases: readonly string[];
  /** Words below the text: a hint, or what will be built upon. */
  hint: ReactNode;
  error: string | null;
  chipsAbove?: boolean;
  lines?: number;
  /** Stands at the foot on the right, as a send button does. */
  action?: ReactNode;
  /** Held by whoever moves the focus here. */
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  onChange: (value: string) => void;
  onSubmit: () => void;
};

export function PromptField(props: PromptFieldProps) {
  const { t } = useSpeech();
  const id = useId();
  const area = props.fieldRef;
  const caret = useRef<number | null>(null);
  const over = props.value.length > props.limit;
  const problem = over ? t.studio.promptTooLong(props.limit) : props.error;

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [props.value]);

  const toggle = (phrase: string) => {
    const { value } = props;
    if (containsPhrase(value, phrase)) props.onChange(withoutPhrase(value, phrase, t.studio.joiner));
    else {
      const at =
        area.current && document.activeElement === area.current ? area.current.selectionStart : value.length;
      const next = withPhrase(value, phrase, at, t.studio.joiner);
      caret.current = next.caret;
      props.onChange(next.text);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onSubmit();
    }
    if (event.key === "Escape") area.current?.blur();
  };

  const chips = (
    <Chips phrases={props.phrases} text={props.value} onToggle={toggle} oneLine={props.chipsAbove ?? false} />
  );
  return (
    <div className="flex flex-col gap-3">
      {props.chipsAbove && chips}
      <div>
        <div
          className={`rounded-area border bg-field px-3 pt-2.5 pb-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${problem ? "border-fail" : "border-line-strong"}`}
        >
          <label htmlFor={id} className="sr-only">
            {props.label}
          </label>
          <textarea
            id={id}
            ref={area}
            rows={props.lines ?? 2}
            value={props.value}
            placeholder={props.placeholder}
            aria-invalid={problem !== null}
            aria-describedby={`${id}-hint`}
            onChange={(event) => props.onChange(event.target.value)}
            onKeyDown={press}
            className="scroll-quiet block max-h-[132px] w-full resize-none bg-transparent text-body outline-none"
          />
          <div className="flex min-h-8 items-end justify-between gap-3 text-caption text-ink-3">
            <span id={`${id}-hint`} className="min-w-0 pb-0.5">
              {props.hint}
            </span>
            {props.action ?? (
              <span
                className={`shrink-0 pb-0.5 ${over ? "font-semibold text-fail" : ""} ${props.value ? "" : "invisible"}`}
              >
                {t.studio.promptCount(props.value.length, props.limit)}
              </span>
            )}
          </div>
        </div>
        {problem && (
          <p role="alert" className="flex items-center gap-1.5 pt-1.5 text-data text-fail">
            <Icon name="stop" size={14} />
            {problem}
          </p>
        )}
      </div>
      {!props.chipsAbove && chips}
    </div>
  );
}
