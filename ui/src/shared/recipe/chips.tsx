/** Phrase chips: a click inserts the phrase, a second click removes it. One line until expanded. */
import { useState } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import { Toolbar } from "@/shared/ui/toolbar";
import { containsPhrase } from "./phrases";

type ChipsProps = {
  phrases: readonly string[];
  text: string;
  onToggle: (phrase: string) => void;
};

export function Chips({ phrases, text, onToggle }: ChipsProps) {
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
