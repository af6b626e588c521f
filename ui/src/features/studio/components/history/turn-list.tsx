/** History of turns, newest first: the instruction of each and its pictures. */
import type { LogLine } from "@/api/feed";
import { dollars, seconds } from "@/shared/format";
import { useRovingFocus } from "@/shared/hooks/use-roving-focus";
import { useTranslation } from "@/shared/i18n/translation";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useMarks } from "../../hooks/use-marks";
import { useStudio } from "../../hooks/use-studio";
import { useTurnNotices } from "../../hooks/use-turn-notices";
import { adoptedOf, chosenOf, numberOf, type Turn } from "../../turns";
import { FallbackNotice } from "../notices/fallback-notice";
import { useLogText } from "../notices/log-lines";
import { Marks } from "../facts/marks";
import { useTurnTitle } from "./turn-title";

type TurnListProps = {
  label: string;
  /** Those of the product that this list shows. */
  turns: readonly Turn[];
  /** Id of the turn whose warnings the banner shows. */
  bannered: string | null;
};

export function TurnList({ label, turns, bannered }: TurnListProps) {
  const roving = useRovingFocus();
  if (turns.length === 0) return null;
  return (
    <section aria-label={label} className="border-line px-5 py-4 max-sm:px-4 [div+&]:border-t">
      <ol {...roving} className="flex flex-col gap-4">
        {turns.toReversed().map((turn) => (
          <TurnItem key={turn.job.id} turn={turn} isBannered={bannered === turn.job.id} />
        ))}
      </ol>
    </section>
  );
}

function TurnItem({ turn, isBannered }: { turn: Turn; isBannered: boolean }) {
  const { turns, selection, feedOf, onFix } = useStudio();
  const titleOf = useTurnTitle();
  const marksOf = useMarks();
  const notices = useTurnNotices(turn, feedOf).filter(({ level }) => !isBannered || level !== "warning");
  const selected = selection.variant?.id;
  const shown = turn.variants.find((variant) => variant.id === selected) ?? chosenOf(turn);
  return (
    <li className="flex gap-3.5">
      <span className="w-4 shrink-0 text-caption leading-(--text-body--line-height) text-ink-3">
        {turn.number}
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="pb-2 text-body font-medium break-words">{titleOf(turn.job)}</h2>
        <Notices lines={notices} />
        <div className="flex gap-3">
          {shown && (
            <button
              type="button"
              aria-label={numberOf(shown, turns)}
              aria-current={shown.id === selected ? "true" : undefined}
              onClick={() => selection.pick(shown.id)}
              className="frame-button shrink-0 self-start"
            >
              <Frame
                src={shown.image.thumbnail_url}
                alt=""
                selected={shown.id === selected}
                className="size-16 [--ring-ground:var(--color-panel)]"
              />
            </button>
          )}
          <div className="flex min-w-0 flex-col gap-1 text-data text-ink-2">
            <p>{useOutcome(turn)}</p>
            {shown && <Marks besideNotice marks={marksOf(shown)} onFix={(fix) => onFix(shown, fix)} />}
          </div>
        </div>
        {!turn.active && turn.job.fallbacks.length > 0 && (
          <div className="pt-2">
            <FallbackNotice fallbacks={turn.job.fallbacks} />
          </div>
        )}
      </div>
    </li>
  );
}

/** Above the pictures, so that the reason comes before a result that lacks something. */
function Notices({ lines }: { lines: readonly LogLine[] }) {
  const textOf = useLogText();
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 pb-2 text-data">
      {lines.map((line) => (
        <li
          key={line.seq}
          className={
            line.level === "warning" ? "flex gap-2 rounded-control bg-warn-soft px-2.5 py-1.5" : "text-ink-2"
          }
        >
          {line.level === "warning" && <Icon name="warning" size={14} className="mt-0.5 text-warn" />}
          <span className="min-w-0 break-words">{textOf(line)}</span>
        </li>
      ))}
    </ul>
  );
}

function useOutcome(turn: Turn): string {
  const { turns } = useStudio();
  const { t } = useTranslation();
  const { job, variants } = turn;
  const made = variants.filter((variant) => variant.role === "candidate").length;
  if (turn.active) return t.studio.turnRunning;
  if (job.status === "canceled") return t.studio.canceled(made);
  if (made === 0) return t.studio.turnFailed;
  const adopted = adoptedOf(turn);
  const cost = job.cost_usd > 0 ? dollars(job.cost_usd) : t.studio.free;
  const done =
    job.latency_ms === null ? t.studio.made(made) : t.studio.doneLine(made, seconds(job.latency_ms), cost);
  return adopted ? `${done}${t.studio.joiner}${t.studio.adoptedNumber(numberOf(adopted, turns))}` : done;
}
