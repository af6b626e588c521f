/** Clauses that are not carried out, each with its reason and suggestions. */
import { useTranslation } from "@/shared/i18n/translation";
import type { RejectedClause } from "./use-reading";
import { piecesOf, withPhraseFor } from "./rejected-clauses";

type ToldBackLinesProps = {
  toldBack: readonly RejectedClause[];
  value: string;
  onChange: (value: string) => void;
};

export function RejectedClauseList({ toldBack, value, onChange }: ToldBackLinesProps) {
  const { t } = useTranslation();
  return (
    <ul className="flex min-w-0 flex-col gap-1">
      {toldBack.map(({ text, reason, suggestion }, at) => (
        <li key={text} className="break-words">
          {t.studio.toldBack[reason](text)}
          {piecesOf(suggestion === toldBack[at - 1]?.suggestion ? "" : suggestion).map((piece) =>
            piece.isPhrase ? (
              <button
                key={piece.text}
                type="button"
                onClick={() => onChange(withPhraseFor(value, text, piece.text, t.studio.joiner))}
                className="font-medium text-accent underline decoration-dotted underline-offset-2 pointer-coarse:py-1.5"
              >
                {`“${piece.text}”`}
              </button>
            ) : (
              piece.text
            ),
          )}
        </li>
      ))}
    </ul>
  );
}
