/** Reading of the instruction below the field: changes that it will make, and clauses that it will not carry out. */
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { useScrollIntoView } from "./use-scroll-into-view";
import { withoutFigure } from "../placed-title";
import type { Reading } from "./use-reading";
import { RejectedClauseList } from "@/shared/instruction/rejected-clause-list";

/** Wraps, unlike a tag, because the text of a reader model can be longer than a line on a phone. */
const chip = "max-w-full rounded-tag px-2 py-0.5 text-caption font-medium break-words";

type ReadingLineProps = {
  reading: Reading | null;
  value: string;
  onChange: (value: string) => void;
};

export function ReadingLine({ reading, value, onChange }: ReadingLineProps) {
  const { t } = useTranslation();
  const said = [...(reading?.labels ?? []), ...(reading?.toldBack ?? []).map(({ text }) => text)].join();
  const line = useScrollIntoView(said);
  // The live region is always in the page, because screen readers announce only changes inside an existing one.
  return (
    <div ref={line} role="status" aria-live="polite" aria-label={t.studio.readingLabel}>
      {reading && <Lines reading={reading} value={value} onChange={onChange} />}
    </div>
  );
}

function Lines({ reading, value, onChange }: ReadingLineProps & { reading: Reading }) {
  const { t } = useTranslation();
  const { labels, readAs, toldBack } = reading;
  return (
    <div className="flex flex-col gap-1.5 pt-2.5 text-data text-ink-2">
      {labels.length + readAs.length > 0 && (
        <ul className="flex flex-wrap items-center gap-1.5">
          {labels.map((label) => (
            <li key={label} title={label} className={`${chip} bg-hover text-ink`}>
              {withoutFigure(label)}
            </li>
          ))}
          {readAs.map(({ text, label }) => (
            <li key={text} className={`${chip} bg-accent-soft text-accent`}>
              {t.studio.readAs(text, label)}
            </li>
          ))}
        </ul>
      )}
      {toldBack.length > 0 && (
        <div className="flex items-start gap-1.5">
          <Icon name="warning" size={14} className="mt-0.5 shrink-0 text-warn" />
          <RejectedClauseList toldBack={toldBack} value={value} onChange={onChange} />
        </div>
      )}
    </div>
  );
}
