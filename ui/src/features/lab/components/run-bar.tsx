/** Selection of runs and view options. */
import type { ReactNode } from "react";
import { useLabTranslation } from "../translation";
import { Icon } from "@/shared/ui/icon";
import { Select } from "@/shared/ui/select";
import type { GoldenRun } from "../queries";
import { momentOf } from "../rows";

type RunBarProps = {
  runs: readonly GoldenRun[];
  chosen: readonly GoldenRun[];
  onChoose: (place: number, id: string | null) => void;
  children: ReactNode;
};

export function RunBar({ runs, chosen, onChoose, children }: RunBarProps) {
  const { t, tag } = useLabTranslation();
  const [main, before] = chosen;
  const options = runs.map(({ id, created_at }) => ({
    value: id,
    label: t.lab.run(momentOf(created_at, tag)),
  }));
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
        options={options}
        onChange={(id) => onChoose(0, id)}
      />
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
              options={[{ value: "", label: t.lab.none }, ...options]}
              onChange={(id) => onChoose(place, id || null)}
            />
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
