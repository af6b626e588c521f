/** Checks of a shop as one list: to fix, to look at, passed. */
import { useId, useState } from "react";
import type { Schemas } from "@/api/client";
import { dayOf } from "@/shared/format";
import { useExportTranslation } from "../translation";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Tag } from "@/shared/ui/tag";
import { checkedOn, countOf, exportFixes, groupedBy, sourcesOf, lowestGrade, type Concern } from "../checks";
import { figuresOf } from "../figures";
import type { FixId } from "../queries";
import { VerdictSign } from "./verdict-sign";

type Check = Schemas["Check"];

type CheckListProps = {
  checks: readonly Check[];
  stale: boolean;
  /** Fixes that this export applies already. */
  fixed: readonly FixId[];
  onFix: (fixes: readonly FixId[]) => void;
  onUndo: () => void;
};

const tones: Record<Concern, string> = { fix: "text-fail", look: "text-warn", pass: "" };

export function CheckList({ checks, stale, fixed, onFix, onUndo }: CheckListProps) {
  const { t } = useExportTranslation();
  const [showsPassed, showPassed] = useState(false);
  const groups = groupedBy(checks);
  const fixable = exportFixes(checks, "fail", "warn");
  if (checks.length === 0) return <p className="text-body text-ink-2">{t.export.noChecks}</p>;
  return (
    <section className={`flex flex-col gap-3 ${stale ? "grayscale" : ""}`}>
      <Head checks={checks} toLook={groups.get("look")?.length ?? 0} />
      {fixable.length + fixed.length > 0 && (
        <div className="flex flex-wrap items-center gap-2.5">
          {fixable.length > 0 && (
            <Button size="small" icon="adopt" onClick={() => onFix(fixable)}>
              {t.export.fixAll(fixable.length)}
            </Button>
          )}
          {fixed.length > 0 && (
            <Button size="small" weight="text" icon="undo" onClick={onUndo}>
              {t.export.undoFixes(fixed.length)}
            </Button>
          )}
        </div>
      )}
      {[...groups].map(([concern, list]) => {
        const folds = concern === "pass" && groups.size > 1;
        return (
          <div key={concern}>
            <h4 className={`text-data font-semibold ${tones[concern]}`}>
              {folds ? (
                <button
                  type="button"
                  aria-expanded={showsPassed}
                  onClick={() => showPassed(!showsPassed)}
                  className="flex items-center gap-1.5 rounded-tag pointer-coarse:min-h-11"
                >
                  {t.export.concerns[concern](list.length)}
                  <Icon name={showsPassed ? "down" : "right"} size={14} />
                </button>
              ) : (
                t.export.concerns[concern](list.length)
              )}
            </h4>
            {(!folds || showsPassed) && (
              <ul aria-label={t.export.concerns[concern](list.length)} className="divide-y divide-line">
                {list.map((check) => (
                  <CheckRow key={check.rule} check={check} onFix={(fix) => onFix([fix])} />
                ))}
              </ul>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Overall verdict, and confidence of the rules. */
function Head({ checks, toLook }: { checks: readonly Check[]; toLook: number }) {
  const { t, say, tag } = useExportTranslation();
  const id = useId();
  const [showsSources, showSources] = useState(false);
  const grade = lowestGrade(checks);
  const checked = checkedOn(checks);
  return (
    <>
      <div className="flex items-start justify-between gap-3">
        <h3 className="text-lead font-semibold">
          {t.export.counted(checks.length, countOf(checks, "fail"), toLook)}
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
      <p className="-mt-2 text-data text-ink-2">{t.export.notApproval(checked && dayOf(checked, tag))}</p>
      <ul id={id} hidden={!showsSources} className="flex flex-col gap-1 pl-4 text-caption text-ink-2">
        {sourcesOf(checks).map(({ rules, source, grade, date }) => (
          <li key={source} className="list-disc break-words">
            {`${rules.map(say).join(t.studio.joiner)}${t.common.dot}`}
            <span lang="en">{source}</span>
            {`${t.common.dot}${grade}${t.common.dot}${date}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function CheckRow({ check, onFix }: { check: Check; onFix: (fix: FixId) => void }) {
  const { t, say } = useExportTranslation();
  const fix = check.measured === null ? null : check.fix;
  const { found, limit } = figuresOf(check, t.export);
  return (
    <li className="flex items-start gap-2.5 py-2 text-data">
      <span className="mt-0.5">
        <VerdictSign verdict={check.verdict} />
      </span>
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-medium">{say(check.title)}</span>
        <span className="block text-ink-2">
          {check.measured === null
            ? check.note
              ? say(check.note)
              : t.export.needsEye
            : t.export.foundOf(found, limit)}
        </span>
        {/* The figure may be fine, but it was measured on a cut-out that may be wrong. */}
        {check.verdict === "manual" && check.measured !== null && (
          <span className="block text-warn">{t.export.cutOutUnsure}</span>
        )}
      </span>
      {/* Only an edit needs a new picture; the export can apply the others itself. */}
      {fix?.kind === "edit" && <span className="max-w-40 text-caption text-ink-2">{say(fix.label)}</span>}
      {fix?.kind === "export" && (
        <Button size="small" onClick={() => onFix(fix.id)}>
          {say(fix.label)}
        </Button>
      )}
    </li>
  );
}
