/** Lab screen: quality figures of golden set runs, and blind votes on their pictures. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useShortcuts } from "@/shared/hooks/use-shortcuts";
import { useTitle } from "@/shared/hooks/use-title";
import { useLabTranslation } from "../translation";
import { PageBar } from "@/shared/shell/page-bar";
import { CallProblem } from "@/shared/ui/call-problem";
import { CopyButton } from "@/shared/ui/copy-button";
import { LoadProblem } from "@/shared/ui/load-problem";
import { column, MessageBlock } from "@/shared/ui/message-block";
import { Select } from "@/shared/ui/select";
import { comparisonQuery, goldenQuery, useVote, type GoldenRun } from "../queries";
import {
  filters,
  isWaiting,
  placesOf,
  rowsOf,
  shownRows,
  sorts,
  type Filter,
  type Row,
  type Sort,
} from "../rows";
import { CaseRow } from "./case-row";
import { CompareDialog } from "./compare-dialog";
import { Figures } from "./figures";
import { RunBar } from "./run-bar";

const COMMAND = "stillroom eval golden";

export function LabScreen() {
  const { t } = useLabTranslation();
  const { data: runs, error, refetch } = useQuery(goldenQuery);
  useTitle(t.lab.title);
  return (
    <>
      <PageBar />
      {runs?.length === 0 ? (
        <NoRuns />
      ) : (
        <main id="content" className="flex flex-col gap-5 px-4 py-5 sm:px-6 lg:px-8 xl:px-10">
          {runs ? (
            <Runs runs={runs} />
          ) : (
            <>
              <h1 className="text-title font-semibold">{t.lab.title}</h1>
              <LoadProblem error={error} onRetry={() => void refetch()} />
            </>
          )}
        </main>
      )}
    </>
  );
}

function NoRuns() {
  const { t } = useLabTranslation();
  return (
    <main id="content" className={column}>
      <MessageBlock title={t.lab.emptyTitle}>
        <p className="max-w-[560px] text-lead text-ink-2 max-sm:text-body">{t.lab.emptyLead}</p>
        <p className="pt-2">{t.lab.emptyRun}</p>
        <p className="flex max-w-full items-center gap-3 rounded-control border border-line bg-field py-2 pr-2 pl-3">
          <code className="min-w-0 break-words">{COMMAND}</code>
          <CopyButton text={COMMAND} />
        </p>
        <p className="max-w-[560px] text-data text-ink-2">{t.lab.emptyThen}</p>
      </MessageBlock>
    </main>
  );
}

function Runs({ runs }: { runs: readonly GoldenRun[] }) {
  const { t } = useLabTranslation();
  // Up to three: the latest run and the one before, until others are chosen.
  const [ids, setIds] = useState<readonly (string | null)[]>([
    runs[0]?.id ?? null,
    runs[1]?.id ?? null,
    null,
  ]);
  // A run that is listed twice is shown once, because a vote between equal pictures means nothing.
  const chosen = [...new Set(ids)].flatMap((id) => runs.find((run) => run.id === id) ?? []);
  const [filter, setFilter] = useState<Filter>("all");
  const [sort, setSort] = useState<Sort>("worst");
  const [enlarged, setEnlarged] = useState<Row | null>(null);
  const [main, before] = chosen;
  const comparison = useQuery({
    ...comparisonQuery(main?.id ?? "", before?.id ?? ""),
    enabled: main !== undefined && before !== undefined,
  });
  const vote = useVote();
  const rows = rowsOf(chosen, comparison.data);
  const shown = shownRows(rows, filter, sort);
  const castOn = (row: Row, place: number) => {
    const places = placesOf(row);
    if (place === -1 ? places.length === 0 : !places.includes(place)) return;
    vote.mutate({
      case: row.name,
      shown: row.entries.map(({ run }) => run.id),
      choice: row.entries[place]?.run.id ?? null,
    });
  };
  // The focused row, otherwise the first one without a vote.
  const current = () => {
    const focused = document.activeElement?.closest("[data-case]")?.getAttribute("data-case");
    return shown.find(({ name }) => name === focused) ?? shown.find(isWaiting);
  };
  const cast = (place: number) => () => {
    const row = current();
    if (row) castOn(row, place);
    return row !== undefined;
  };
  useShortcuts({ "1": cast(0), "2": cast(1), "3": cast(2), "0": cast(-1) });
  const waiting = shown.find(isWaiting)?.name;
  return (
    <>
      <RunBar runs={runs} chosen={chosen} onChoose={(place, id) => setIds((old) => old.with(place, id))}>
        <Select
          label={t.home.order}
          value={sort}
          options={sorts.map((value) => ({ value, label: t.lab.sorts[value] }))}
          onChange={setSort}
          className="sm:ml-auto"
        />
        <Select
          label={t.lab.filter}
          value={filter}
          options={filters.map((value) => ({
            value,
            label: t.lab.filters[value],
            disabled: value === "worse" && !before,
          }))}
          onChange={setFilter}
        />
      </RunBar>
      {main && <Figures run={main} before={before} />}
      {comparison.data && comparison.data.differences.length > 0 && (
        <p className="text-data text-ink-2">
          {t.lab.differ(
            comparison.data.differences.map((name) => t.lab.differences[name] ?? name).join(t.common.dot),
          )}
        </p>
      )}
      <CallProblem error={vote.error} />
      {shown.length === 0 && <p className="text-ink-2">{t.lab.nothingLeft}</p>}
      <ol className="border-t border-line-strong">
        {shown.map((row) => (
          <CaseRow
            key={row.name}
            row={row}
            slots={chosen.length}
            isNext={row.name === waiting}
            onVote={(place) => castOn(row, place)}
            onEnlarge={() => setEnlarged(row)}
          />
        ))}
      </ol>
      {enlarged && <CompareDialog row={enlarged} onClose={() => setEnlarged(null)} />}
    </>
  );
}
