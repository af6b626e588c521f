/** Clauses that are not carried out, each with its reason, suggestions and a button for what the studio can do. */
import { createContext, use } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { piecesOf, withPhraseFor, type RejectedClause } from "./rejected-clauses";

type WayOut = NonNullable<RejectedClause["way_out"]>;

/** Actions of the studio in place of clauses that are not carried out; without an action nothing is offered. */
export const WaysOut = createContext<Partial<Record<WayOut, (() => void) | null>>>({});

type ToldBackLinesProps = {
  toldBack: readonly RejectedClause[];
  value: string;
  /** Null if the words cannot be changed here. */
  onChange: ((value: string) => void) | null;
};

export function RejectedClauseList({ toldBack, value, onChange }: ToldBackLinesProps) {
  const { t } = useTranslation();
  const ways = use(WaysOut);
  const names = { undo: t.studio.undo, fix_cutout: t.studio.fixCutOut };
  return (
    <ul className="flex min-w-0 flex-col gap-1">
      {toldBack.map(({ text, reason, suggestion, way_out }, at) => (
        <li key={text} className="break-words">
          {t.studio.toldBack[reason](text)}
          {piecesOf(suggestion === toldBack[at - 1]?.suggestion ? "" : suggestion).map((piece) =>
            piece.isPhrase && onChange ? (
              <button
                key={piece.text}
                type="button"
                onClick={() => onChange(withPhraseFor(value, text, piece.text, t.studio.joiner))}
                className="font-medium text-accent underline decoration-dotted underline-offset-2 pointer-coarse:py-1.5"
              >
                {`“${piece.text}”`}
              </button>
            ) : piece.isPhrase ? (
              `“${piece.text}”`
            ) : (
              piece.text
            ),
          )}
          {way_out && ways[way_out] && onChange && (
            <Button
              size="small"
              className="mt-1 ml-1.5 align-middle"
              onClick={() => {
                ways[way_out]?.();
                onChange(withPhraseFor(value, text, "", ""));
              }}
            >
              {names[way_out]}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
