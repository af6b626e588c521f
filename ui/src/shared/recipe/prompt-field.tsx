/** Instruction field: grows to six lines, counts characters, inserts chips at the caret. */
import {
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useState,
} from "react";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { ErrorLine } from "@/shared/ui/call-problem";
import { containsPhrase, withoutPhrase, withPhrase } from "./phrases";
import { IconButton } from "@/shared/ui/button";
import { Toolbar } from "@/shared/ui/toolbar";

type PromptFieldProps = {
  label: string;
  placeholder: string;
  value: string;
  limit: number;
  phrases: readonly string[];
  /** Text below the field, such as a hint. */
  hint: ReactNode;
  error: string | null;
  /** Marks the field as invalid when the reason is shown elsewhere. */
  invalid?: boolean;
  /** Content between chips and field, such as an error. */
  above?: ReactNode;
  /** Content directly below the field, such as the reading. */
  below?: ReactNode;
  chipsAbove?: boolean;
  lines?: number;
  /** Content at the lower right, such as the send button. */
  action?: ReactNode;
  /** For callers that move the focus here. */
  ref: RefObject<HTMLTextAreaElement | null>;
  onChange: (value: string) => void;
  onSubmit: () => void;
};

export function PromptField({ ref, value, limit, onChange, onSubmit, ...props }: PromptFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const phone = usePhone();
  const block = useRef<HTMLDivElement>(null);
  const caret = useRef<number | null>(null);
  const over = value.length > limit;
  const problem = over ? t.studio.promptTooLong(limit) : props.error;
  const invalid = problem !== null || props.invalid === true;

  useLayoutEffect(() => {
    const area = ref.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
    if (caret.current !== null) area.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [ref, value]);

  /** On a phone the chips belong to the field; a bar at the foot of the window must not cover them. */
  const show = () => {
    if (phone) block.current?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (phrase: string) => {
    if (containsPhrase(value, phrase)) {
      onChange(withoutPhrase(value, phrase, t.studio.joiner));
      return;
    }
    const area = ref.current;
    const next = withPhrase(value, phrase, area?.selectionStart ?? value.length, t.studio.joiner);
    caret.current = next.caret;
    onChange(next.text);
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Escape ends an input method's composition here and must not leave the field.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
    }
    if (event.key === "Escape") event.currentTarget.blur();
  };

  const chips = <Chips phrases={props.phrases} text={value} onToggle={toggle} />;
  return (
    <div ref={block} data-field className="flex flex-col gap-3">
      {props.chipsAbove && chips}
      {props.above}
      <div>
        <div
          className={`rounded-area border bg-field px-3 pt-2.5 pb-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${invalid ? "border-fail" : "border-line-strong"}`}
        >
          <label htmlFor={id} className="sr-only">
            {props.label}
          </label>
          <textarea
            id={id}
            ref={ref}
            rows={props.lines ?? 2}
            value={value}
            placeholder={props.placeholder}
            aria-invalid={invalid}
            aria-describedby={`${id}-hint`}
            onChange={(event) => onChange(event.target.value)}
            onFocus={show}
            onKeyDown={press}
            className="scroll-quiet block max-h-[132px] w-full resize-none bg-transparent text-body outline-none"
          />
          <div className="flex min-h-8 items-end justify-between gap-3 text-caption text-ink-3">
            <span id={`${id}-hint`} className="min-w-0 pb-0.5">
              {props.hint}
            </span>
            {props.action ?? (
              <span
                className={`shrink-0 pb-0.5 ${over ? "font-semibold text-fail" : ""} ${value ? "" : "invisible"}`}
              >
                {t.studio.promptCount(value.length, limit)}
              </span>
            )}
          </div>
        </div>
        {problem && (
          <div className="pt-1.5">
            <ErrorLine>{problem}</ErrorLine>
          </div>
        )}
        {props.below}
      </div>
      {!props.chipsAbove && chips}
    </div>
  );
}

type ChipsProps = {
  phrases: readonly string[];
  text: string;
  onToggle: (phrase: string) => void;
};

/** Phrase chips: a click inserts the phrase, a second click removes it. One line until expanded. */
function Chips({ phrases, text, onToggle }: ChipsProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (phrases.length === 0) return null;
  return (
    <Toolbar label={t.studio.chips} className="flex items-start gap-1">
      <ul
        className={`flex min-w-0 flex-1 gap-1.5 ${all ? "flex-wrap" : "no-scrollbar -m-0.5 overflow-x-auto [mask-image:linear-gradient(90deg,#000_calc(100%-1.5rem),#0000)] p-0.5 pr-6"}`}
      >
        {phrases.map((phrase) => {
          const on = containsPhrase(text, phrase);
          return (
            <li key={phrase} className="shrink-0">
              <button
                type="button"
                aria-pressed={on}
                onClick={() => onToggle(phrase)}
                className="h-[30px] rounded-control border border-line-2 bg-field px-2.5 text-data whitespace-nowrap hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent pointer-coarse:h-11"
              >
                {phrase}
              </button>
            </li>
          );
        })}
      </ul>
      <IconButton
        name="down"
        size={14}
        label={t.studio.allChips}
        aria-expanded={all}
        className={`size-[30px] pointer-coarse:size-11 ${all ? "rotate-180" : ""}`}
        onClick={() => setAll(!all)}
      />
    </Toolbar>
  );
}
