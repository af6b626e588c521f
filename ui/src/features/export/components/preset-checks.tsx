/** Selected files of a picture, each with its worst verdict and the checks that did not pass. */
import { useQueries } from "@tanstack/react-query";
import { useNames } from "@/shared/hooks/use-names";
import { CallProblem } from "@/shared/ui/call-problem";
import { sorted, overallVerdict } from "../checks";
import { figuresOf } from "../figures";
import { measuredQuery } from "../queries";
import { useExportTranslation } from "../translation";
import { VerdictSign } from "./verdict-sign";

const untouched = { fixes: [], label: null };

export function PresetChecks({ variantId, presets }: { variantId: string; presets: readonly string[] }) {
  const { t, say } = useExportTranslation();
  const names = useNames();
  const measured = useQueries({
    queries: presets.map((preset) => measuredQuery(variantId, preset, untouched, null)),
  });
  return (
    <section
      aria-label={t.export.checks}
      className="flex flex-col gap-1.5 border-t border-line pt-3 text-data"
    >
      {presets.map((preset, index) => {
        const checks = measured[index]?.data?.[0]?.checks ?? null;
        const worst = checks && (overallVerdict(checks) ?? "pass");
        const shown = checks
          ? sorted(checks).filter(({ verdict }) => verdict === "fail" || verdict === "warn")
          : [];
        return (
          <div key={preset}>
            <p className="flex items-center gap-2 font-medium">
              {worst && <VerdictSign verdict={worst} />}
              {names.preset(preset)}
              {measured[index]?.isPending && (
                <span className="font-normal text-ink-2">{t.export.measuring}</span>
              )}
            </p>
            <CallProblem error={measured[index]?.error} />
            {shown.map((check) => {
              const { found, limit } = figuresOf(check, t.export);
              return (
                <p
                  key={check.rule}
                  className={`pl-[22px] ${check.verdict === "fail" ? "text-fail" : "text-warn"}`}
                >
                  {`${say(check.title)}${t.common.dot}${found} / ${limit}`}
                </p>
              );
            })}
          </div>
        );
      })}
    </section>
  );
}
