/** Selection of runs and view options. */
import type { ReactNode } from "react";
import { useLabSpeech } from "../translation";
import { Icon } from "@/shared/ui/icon";
import { Select } from "@/shared/ui/select";
import type { GoldenRun } from "../queries";

type RunBarProps = {
  runs: readonly GoldenRun[];
  chosen: readonly GoldenRun[];
  onChoose: (place: number, id: string | null) => void;
  children: ReactNode;
};

export function RunBar({ runs, chosen, onChoose, children }: RunBarProps) {
  const { t, tag } = useLabSpeech();
  const [main, before] = chosen;
  const when = (run: GoldenRun) =>
    t.lab.run(
      new Intl.DateTimeFormat(tag, {
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }).format(new Date(run.created_at)),
    );
  const options = runs.map((run) => (
    <option key={run.id} value={run.id}>
      {when(run)}
    </option>
  ));
  const others = [
    { place: 1, label: t.lab.compareLabel },
    ...(runs.length > 2 && before ? [{ place: 2, label: t.lab.alsoLabel }] : []),
  ];
  return (
    <div className="flex flex-wrap items-center gap-3">
      <h1 className="mr-1 text-title font-semibold">{t.lab.title}</h1>
      <Select
        label={t.lab.runLabel}
        value={main?.id ?? ""}
        onChange={(event) => onChoose(0, event.target.value)}
      >
        {options}
      </Select>
      {runs.length > 1 && (
        <span className="inline-flex flex-wrap items-center gap-3">
          <span className="text-ink-2" aria-hidden="true">
            {t.lab.against}
          </span>
          {others.map(({ place, label }) => (
            <Select
              key={place}
              label={label}
              value={chosen[place]?.id ?? ""}
              onChange={(event) => onChoose(place, event.target.value || null)}
            >
              <option value="">{t.lab.none}</option>
              {options}
            </Select>
          ))}
        </span>
      )}
      {children}
      {main && (
        <a
          href={main.csv_url}
          download
          className="inline-flex h-9 items-center gap-2 rounded-control border border-line-strong bg-field px-3 font-medium hover:bg-hover pointer-coarse:min-h-11"
        >
          <Icon name="download" size={14} />
          {t.lab.csv}
        </a>
      )}
    </div>
  );
}
