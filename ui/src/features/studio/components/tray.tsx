/** Tray below the stage: pictures of a turn, and facts about the one shown. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import type { Selection } from "../hooks/use-selection";
import type { Fix } from "../marks";
import { stoppedTurn, type Turn } from "../turns";
import { CandidateTray, type Slot } from "./candidate-tray";
import { Facts } from "./facts/facts";

type TrayProps = {
  turns: readonly Turn[];
  turn: Turn;
  slots: readonly Slot[];
  selection: Selection;
  adopting: boolean;
  onAdopt: () => void;
  onCompare: () => void;
  onFix: (base: Schemas["Variant"], fix: Fix) => void;
};

export function Tray({ turns, turn, slots, selection, adopting, onFix, ...on }: TrayProps) {
  const { t } = useTranslation();
  const { variant } = selection;
  const quiet = stoppedTurn(turns, turn) !== null;
  return (
    <section
      aria-label={t.studio.candidates}
      className="flex min-w-0 shrink-0 items-center gap-4 border-t border-line bg-chrome px-3 py-3 max-sm:flex-wrap max-sm:gap-x-3 max-sm:gap-y-2 max-sm:border-t-0 max-sm:px-2.5 max-sm:pb-2 lg:gap-6"
    >
      <CandidateTray slots={slots} selected={variant?.id ?? null} onSelect={selection.pick} />
      {variant ? (
        <Facts {...{ variant, turns, adopting, quiet, ...on }} onFix={(fix) => onFix(variant, fix)} />
      ) : (
        <div className="h-11 sm:hidden" />
      )}
    </section>
  );
}
