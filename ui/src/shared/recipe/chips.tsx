/** Words that a click puts into the text, and a second click takes out again. */
import { useSpeech } from "@/shared/i18n/words";
import { containsPhrase } from "./phrases";

type ChipsProps = {
  phrases: readonly string[];
  text: string;
  onToggle: (phrase: string) => void;
  oneLine?: boolean;
};

export function Chips({ phrases, text, onToggle, oneLine = false }: ChipsProps) {
  const { t } = useSpeech();
  if (phrases.length === 0) return null;
  return (
    <ul
      aria-label={t.studio.chips}
      className={`flex gap-1.5 ${oneLine ? "no-scrollbar -mx-0.5 overflow-x-auto p-0.5" : "flex-wrap"}`}
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
  );
}
