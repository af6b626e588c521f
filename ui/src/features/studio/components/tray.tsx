/** Tray below the stage: pictures of a turn, and facts about the one shown. */
import { useTranslation } from "@/shared/i18n/translation";
import { useStudio } from "../hooks/use-studio";
import { stoppedTurn, type Turn } from "../turns";
import { CandidateTray, type Slot } from "./candidate-tray";
import { Facts } from "./facts/facts";

type TrayProps = {
  turn: Turn;
  slots: readonly Slot[];
  onCompare: () => void;
};

export function Tray({ turn, slots, onCompare }: TrayProps) {
  const { t } = useTranslation();
  const { turns, selection } = useStudio();
  const { variant } = selection;
  const quiet = stoppedTurn(turns, turn) !== null;
  return (
    <section
      aria-label={t.studio.candidates}
      className="flex min-w-0 shrink-0 items-center gap-4 border-t border-line bg-chrome px-3 py-3 max-sm:flex-wrap max-sm:gap-x-3 max-sm:gap-y-2 max-sm:border-t-0 max-sm:px-2.5 max-sm:pb-2 lg:gap-6"
    >
      <CandidateTray slots={slots} />
      {variant ? <Facts {...{ variant, quiet, onCompare }} /> : <div className="h-11 sm:hidden" />}
    </section>
  );
}
