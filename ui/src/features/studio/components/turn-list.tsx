/** What was asked, turn by turn, and what came of it. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import type { Feed, LogLine } from "@/api/feed";
import { toldQuery } from "@/api/told";
import { dollars, seconds } from "@/shared/format";
import { useSpeech } from "@/shared/i18n/words";
import { Frame } from "@/shared/ui/frame";
import { marksOf, type Fix } from "../marks";
import { chosenOf, numberOf, type Turn } from "../turns";
import { FallbackNotice } from "./fallback-notice";
import { useLogText } from "./log-lines";
import { Marks } from "./marks";
import { useTurnTitle } from "./turn-title";

/** What of a job's log belongs to its turn for good: what was not understood, and what gave way. */
const TOLD = new Set(["NOT_UNDERSTOOD", "WISH_REPLACED", "RESTORED_ANEW"]);

type TurnListProps = {
  turns: readonly Turn[];
  /** Turns that are told of elsewhere. */
  hidden: readonly Turn[];
  selected: string | null;
  feedOf: (jobId: string) => Feed;
  onSelect: (variantId: string) => void;
  onFix: (base: Schemas["Variant"], fix: Fix) => void;
};

export function TurnList({ turns, hidden, selected, feedOf, onSelect, onFix }: TurnListProps) {
  const { t } = useSpeech();
  const shown = turns.filter((turn) => !hidden.includes(turn));
  if (shown.length === 0) return null;
  return (
    <section aria-label={t.studio.turns} className="px-5 py-4 max-sm:px-4">
      <ol className="flex flex-col gap-4">
        {shown.map((turn) => (
          <TurnItem
            key={turn.job.id}
            turn={turn}
            turns={turns}
            lines={feedOf(turn.job.id).logs}
            selected={selected}
            onSelect={onSelect}
            onFix={onFix}
          />
        ))}
      </ol>
    </section>
  );
}

type TurnItemProps = {
  turn: Turn;
  turns: readonly Turn[];
  lines: readonly LogLine[];
  selected: string | null;
  onSelect: (variantId: string) => void;
  onFix: (base: Schemas["Variant"], fix: Fix) => void;
};

function TurnItem({ turn, turns, lines, selected, onSelect, onFix }: TurnItemProps) {
  const titleOf = useTurnTitle();
  const textOf = useLogText();
  // Only the page that watched the job has its lines; any other asks for them once.
  const { data: replayed = [] } = useQuery({
    ...toldQuery(turn.job.id),
    enabled: !turn.active && lines.length === 0,
  });
  const told = (lines.length > 0 ? lines : replayed).filter(({ code }) => TOLD.has(code));
  const shown = turn.variants.find((variant) => variant.id === selected) ?? chosenOf(turn);
  return (
    <li className="flex gap-3.5">
      <span className="w-4 shrink-0 text-caption leading-(--text-body--line-height) text-ink-3">
        {turn.number}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="pb-2 text-body font-medium break-words">{titleOf(turn.job)}</h3>
        <div className="flex gap-3">
          {shown && (
            <button
              type="button"
              aria-label={numberOf(shown, turns)}
              aria-current={shown.id === selected ? "true" : undefined}
              onClick={() => onSelect(shown.id)}
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
            <p>{useOutcome(turn, turns)}</p>
            {told.map((line) => (
              <p key={line.seq}>{textOf(line)}</p>
            ))}
            {shown && (
              <Marks
                dense
                marks={marksOf(shown.measures, shown.plan.asked, shown.image)}
                onFix={(fix) => onFix(shown, fix)}
              />
            )}
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

function useOutcome(turn: Turn, turns: readonly Turn[]): string {
  const { t } = useSpeech();
  const { job, variants } = turn;
  const made = variants.filter((variant) => variant.role === "candidate").length;
  if (turn.active) return t.studio.turnRunning;
  if (job.status === "canceled") return t.studio.canceled(made);
  if (made === 0) return t.studio.turnFailed;
  const adopted = variants.find((variant) => variant.adopted);
  const cost = job.cost_usd > 0 ? dollars(job.cost_usd) : t.studio.free;
  const done =
    job.latency_ms === null ? t.studio.made(made) : t.studio.doneLine(made, seconds(job.latency_ms), cost);
  return adopted ? `${done}${t.studio.joiner}${t.studio.adoptedNumber(numberOf(adopted, turns))}` : done;
}
