/** Calls and costs of a month by model. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { Select } from "@/shared/ui/select";
import { monthsUntil, thisMonth, usageQuery } from "../queries";
import { Section, ShareBar } from "./section";

const MONTHS = 12;

export function UsageTable() {
  const { t, tag } = useTranslation();
  const names = useNames();
  const [months] = useState(() => monthsUntil(new Date(), MONTHS));
  const [month, setMonth] = useState(thisMonth);
  const usage = useQuery({ ...usageQuery(month), placeholderData: keepPreviousData });
  const lines = usage.data?.lines ?? [];
  const most = Math.max(1, ...lines.map(({ calls }) => calls));
  const monthName = (value: string) =>
    new Intl.DateTimeFormat(tag, { year: "numeric", month: "long", timeZone: "UTC" }).format(
      new Date(`${value}-01`),
    );
  const figures = "w-24 py-2.5 pl-4 text-right max-sm:w-16 max-sm:pl-2";
  return (
    <Section
      title={t.settings.usage}
      aside={
        <Select
          label={t.settings.month}
          value={month}
          options={months.map((value) => ({ value, label: monthName(value) }))}
          onChange={setMonth}
        />
      }
    >
      {usage.isError && <p className="py-3 text-data text-fail">{t.settings.usageFailed}</p>}
      {usage.data && lines.length === 0 && <p className="py-3 text-ink-2">{t.settings.usageEmpty}</p>}
      {lines.length > 0 && (
        <table className="w-full border-collapse text-data">
          <thead>
            <tr className="border-b border-line text-caption text-ink-2">
              <th className="py-2 text-left font-normal">{t.settings.columns.model}</th>
              <th className={`${figures} font-normal`}>{t.settings.columns.calls}</th>
              <th className={`${figures} font-normal`}>{t.settings.columns.failed}</th>
              <th className={`${figures} font-normal`}>{t.settings.columns.cost}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${line.provider}/${line.model}`} className="border-b border-line">
                <th scope="row" className="min-w-0 py-2.5 text-left font-normal">
                  <span className="inline-block font-medium first-letter:uppercase">
                    {names.provider(line.provider)}
                  </span>{" "}
                  <span className="inline-block max-w-full break-all text-ink-2">{line.model}</span>
                  <ShareBar share={line.calls / most} />
                </th>
                <td className={figures}>{line.calls}</td>
                <td className={figures}>{line.failed}</td>
                <td className={figures}>{line.cost_usd > 0 ? dollars(line.cost_usd) : t.studio.free}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="font-semibold">
              <th scope="row" className="py-2.5 text-left">
                {t.settings.total}
              </th>
              <td className={figures}>{usage.data?.calls}</td>
              <td className={figures} />
              <td className={figures}>{dollars(usage.data?.cost_usd ?? 0)}</td>
            </tr>
          </tfoot>
        </table>
      )}
      {usage.data && usage.data.fallbacks > 0 && (
        <p className="pt-2 text-data text-ink-2">{t.settings.fallbacks(usage.data.fallbacks)}</p>
      )}
    </Section>
  );
}
