/** Five figures of a run, each with its reference value. */
import { useLabTranslation } from "../translation";
import { Icon } from "@/shared/ui/icon";
import type { GoldenRun } from "../queries";
import { percent, share } from "../rows";

type Verdict = "pass" | "fail" | "unmeasured" | null;

export function Figures({ run, before }: { run: GoldenRun; before: GoldenRun | undefined }) {
  const { t } = useLabTranslation();
  const { rate, low, high, votes } = run.adoption;
  const texts = {
    first_image_p95_ms: {
      value: (n: number) => `${(n / 1000).toFixed(1)} s`,
      limit: (n: number) => `${n / 1000} s`,
    },
    failures: { value: (n: number) => percent(n, 1), limit: (n: number) => percent(n) },
    fallback_success: { value: (n: number) => percent(n), limit: (n: number) => percent(n) },
  };
  return (
    <dl className="grid grid-cols-2 border border-line overflow-hidden bg-panel sm:grid-cols-3 md:grid-cols-5">
      {run.gate.map((line) => (
        <Figure
          key={line.name}
          name={t.lab.figures[line.name]}
          verdict={line.verdict}
          value={line.value === null ? null : texts[line.name].value(line.value)}
          note={
            line.value === null && line.name === "fallback_success"
              ? t.lab.noFaultRun
              : t.lab.gate(texts[line.name].limit(line.limit))
          }
        />
      ))}
      <Figure
        name={t.lab.figures.iou}
        verdict={null}
        value={run.mean_alpha_iou === null ? null : share(run.mean_alpha_iou)}
        note={before?.mean_alpha_iou == null ? "" : t.lab.before(share(before.mean_alpha_iou))}
      />
      <Figure
        name={t.lab.figures.adoption}
        verdict={null}
        value={rate === null ? "–" : percent(rate)}
        note={
          low === null || high === null
            ? t.lab.noVotes
            : t.lab.votes(votes, `${percent(low)}–${percent(high)}`)
        }
      />
    </dl>
  );
}

type FigureProps = { name: string; verdict: Verdict; value: string | null; note: string };

function Figure({ name, verdict, value, note }: FigureProps) {
  const { t } = useLabTranslation();
  return (
    <div className="-mr-px -mb-px border-r border-b border-line px-5 py-3">
      <dt className="flex items-center gap-2 text-ink-2">
        {verdict === "pass" && <Icon name="adopt" size={14} />}
        {verdict === "fail" && <Icon name="stop" size={14} className="text-fail" />}
        {name}
        {verdict === "pass" && <span className="sr-only">{t.lab.passes}</span>}
      </dt>
      <dd className="flex flex-wrap items-baseline gap-x-2">
        {value === null ? (
          <span className="py-1.5 text-lead text-ink-2">{t.lab.unmeasured}</span>
        ) : (
          <span className={`text-figure font-semibold ${verdict === "fail" ? "text-fail" : ""}`}>
            {value}
          </span>
        )}
        <span className="text-data text-ink-2">{note}</span>
        {verdict === "fail" && <span className="text-data text-fail">{t.lab.misses}</span>}
      </dd>
    </div>
  );
}
