/** Messages around the instruction field: how it is read, and why it was refused. */
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { withoutFigure } from "../placed-title";
import type { Reading } from "./use-reading";
import { RejectedClauseList } from "@/shared/instruction/rejected-clause-list";
import type { RejectedClause } from "@/shared/instruction/rejected-clauses";
import { useEffect, useRef } from "react";
import { usePhone } from "@/shared/hooks/use-media";

/** Wraps, unlike a tag, because the text of a reader model can be longer than a line on a phone. */
const chip = "max-w-full rounded-tag px-2 py-0.5 text-caption font-medium break-words";

type FieldProps = { value: string; onChange: (value: string) => void };

type ReadingLineProps = FieldProps & { reading: Reading | null };

/** Reading of the instruction below the field: changes that it will make, and clauses that it will not carry out. */
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

type RefusedBannerProps = FieldProps & { toldBack: readonly RejectedClause[] };

/** Error above the field: why the instruction was refused. The text stays in the field. */
export function RefusedBanner({ toldBack, value, onChange }: RefusedBannerProps) {
  const { t } = useTranslation();
  const banner = useScrollIntoView(toldBack.map(({ text }) => text).join());
  if (toldBack.length === 0) return null;
  return (
    <div
      ref={banner}
      role="alert"
      className="flex items-start gap-2 rounded-area bg-warn-soft px-3 py-2 text-data"
    >
      <Icon name="warning" className="mt-0.5 shrink-0 text-warn" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">{t.studio.refusedInstruction}</p>
        <RejectedClauseList toldBack={toldBack} value={value} onChange={onChange} />
      </div>
    </div>
  );
}

/** On a phone, scrolls the field of the element, with its button and its chips, into view when `said` changes. */
function useScrollIntoView(said: string) {
  const element = useRef<HTMLDivElement>(null);
  const phone = usePhone();
  useEffect(() => {
    const field = element.current?.closest("[data-field]");
    // A draft that is restored with the page must not take it away from the picture.
    if (phone && said && field?.contains(document.activeElement)) field.scrollIntoView({ block: "nearest" });
  }, [phone, said]);
  return element;
}
