/** Batch progress: a tag with the status, one line of counts and a bar. */
import { Tag } from "@/shared/ui/tag";
import { countOf, groups, stageOf, type Counts } from "../items";
import type { Batch } from "../queries";
import { useBatchTranslation } from "../translation";

const tones = {
  running: "accent",
  writing: "accent",
  paused: "warn",
  finished: "plain",
  canceled: "plain",
} as const;

export function StatusTag({ batch }: { batch: Batch }) {
  const { t } = useBatchTranslation();
  const stage = stageOf(batch);
  return <Tag tone={tones[stage]}>{t.batch.statuses[stage]}</Tag>;
}

export function CountsLine({ counts }: { counts: Counts }) {
  const { t } = useBatchTranslation();
  const parts = groups
    .filter((group) => group !== "all")
    .map((group) => ({ group, count: countOf(counts, group) }))
    .filter(({ count }) => count > 0)
    .map(({ group, count }) => t.batch.counted[group](count));
  return <>{[t.batch.photos(countOf(counts, "all")), ...parts].join(t.common.dot)}</>;
}

type CountsBarProps = { counts: Counts; label: string; className?: string };

export function CountsBar({ counts, label, className = "" }: CountsBarProps) {
  const all = countOf(counts, "all");
  const failed = countOf(counts, "failed");
  const done = all - failed - countOf(counts, "open");
  const share = (count: number) => ({ flex: `0 0 ${all === 0 ? 0 : (count / all) * 100}%` });
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
      className={`flex h-1.5 gap-px overflow-hidden bg-line-2 ${className}`}
    >
      <span className="bg-accent" style={share(done)} />
      <span className="bg-fail" style={share(failed)} />
    </span>
  );
}
