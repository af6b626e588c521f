/** Each rule of a shop with what was measured on the file. */
import { useId, useState } from "react";
import type { Schemas } from "@/api/client";
import { useExportSpeech } from "../speech";
import { Button } from "@/shared/ui/button";
import { Tag } from "@/shared/ui/tag";
import { checkedOn, countOf, sorted, sourcesOf, weakestGrade, type Verdict } from "../checks";
import { figuresOf } from "../figures";
import type { FixId } from "../queries";
import { VerdictSign } from "./verdict-sign";

const tones: Record<Verdict, string> = { pass: "", manual: "", warn: "text-warn", fail: "text-fail" };

type CheckTableProps = {
  checks: readonly Schemas["Check"][];
  stale: boolean;
  onFix: (fix: FixId) => void;
};

export function CheckTable({ checks, stale, onFix }: CheckTableProps) {
  const { t, say } = useExportSpeech();
  const id = useId();
  const [showsSources, showSources] = useState(false);
  if (checks.length === 0) return <p className="text-body text-ink-2">{t.export.noChecks}</p>;
  const grade = weakestGrade(checks);
  const date = checkedOn(checks);
  const measured = checks.length - countOf(checks, "manual");
  return (
    <section className={`flex flex-col gap-2 ${stale ? "opacity-60" : ""}`}>
      <div className="flex items-start justify-between gap-3">
        <h3 className="text-lead font-semibold">
          {t.export.measured(measured, countOf(checks, "fail"), countOf(checks, "warn"))}
        </h3>
        {grade && (
          <button
            type="button"
            aria-expanded={showsSources}
            aria-controls={id}
            title={t.export.source}
            onClick={() => showSources(!showsSources)}
            className="rounded-tag hover:opacity-80 pointer-coarse:-my-2.5 pointer-coarse:py-2.5"
          >
            <Tag>{t.export.grade(grade)}</Tag>
          </button>
        )}
      </div>
      <p className="text-data text-ink-2">{t.export.notApproval(date)}</p>
      <ul id={id} hidden={!showsSources} className="flex flex-col gap-1 pl-4 text-caption text-ink-2">
        {sourcesOf(checks).map(({ rules, source, grade, date }) => (
          <li key={source} className="list-disc break-words">
            {`${rules.map(say).join(t.studio.joiner)}${t.common.dot}`}
            <span lang="en">{source}</span>
            {`${t.common.dot}${grade}${t.common.dot}${date}`}
          </li>
        ))}
      </ul>
      <table className="w-full border-collapse text-data max-sm:block">
        <thead className="max-sm:sr-only">
          <tr className="border-b border-line-strong text-left text-caption text-ink-2">
            <th className="py-2 pr-3 font-normal">{t.export.rule}</th>
            <th className="py-2 pr-3 font-normal">{t.export.found}</th>
            <th className="py-2 font-normal">{t.export.limit}</th>
            <th className="py-2">
              <span className="sr-only">{t.export.fix}</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {sorted(checks).map((check) => (
            <CheckRow key={check.rule} check={check} onFix={onFix} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type CheckRowProps = { check: Schemas["Check"]; onFix: (fix: FixId) => void };

function CheckRow({ check, onFix }: CheckRowProps) {
  const { t, say } = useExportSpeech();
  const tone = tones[check.verdict];
  const { found, limit } = figuresOf(check, t.export);
  return (
    <tr className="border-b border-line align-baseline max-sm:grid max-sm:grid-cols-[auto_1fr_auto] max-sm:items-center max-sm:gap-x-2 max-sm:py-2">
      <th scope="row" className={`py-3 pr-4 text-left font-medium max-sm:col-span-2 max-sm:p-0 ${tone}`}>
        <span className="flex items-center gap-2 whitespace-nowrap">
          <VerdictSign verdict={check.verdict} />
          {say(check.title)}
        </span>
      </th>
      {check.measured === null ? (
        <td colSpan={3} className="py-3 max-sm:col-span-3 max-sm:p-0 max-sm:pl-[22px]">
          {check.note ? say(check.note) : t.export.needsEye}
        </td>
      ) : (
        <>
          <td
            className={`w-[30%] py-3 pr-4 [overflow-wrap:anywhere] max-sm:row-start-2 max-sm:w-auto max-sm:self-start max-sm:p-0 max-sm:pl-[22px] ${tone}`}
          >
            {found}
          </td>
          <td className="py-3 text-ink-2 max-sm:row-start-2 max-sm:self-start max-sm:p-0 max-sm:before:content-['/_'] max-sm:-ml-1">
            {limit}
          </td>
          <td className="py-1.5 pl-3 text-right max-sm:col-start-3 max-sm:row-span-2 max-sm:row-start-1 max-sm:p-0">
            {check.fix && <Remedy fix={check.fix} failed={check.verdict === "fail"} onFix={onFix} />}
          </td>
        </>
      )}
    </tr>
  );
}

type RemedyProps = { fix: Schemas["Fix"]; failed: boolean; onFix: (fix: FixId) => void };

/** What this export can mend by itself is a press; what needs a new picture is only said. */
function Remedy({ fix, failed, onFix }: RemedyProps) {
  const { say } = useExportSpeech();
  if (fix.kind === "edit") return <span className="text-caption text-ink-2">{say(fix.label)}</span>;
  return (
    <Button
      size="small"
      weight={failed ? "danger" : "outlined"}
      className={failed ? "text-ink" : ""}
      onClick={() => onFix(fix.id)}
    >
      {say(fix.label)}
    </Button>
  );
}
