/** CSV table input: chosen file, matched rows, and rejected rows with their reasons. */
import { useRef, useState } from "react";
import { Button } from "@/shared/ui/button";
import { ErrorLine } from "@/shared/ui/call-problem";
import { rowsOf, type Row, type RowError } from "../table";
import { useBatchTranslation } from "../translation";

type TableFieldProps = {
  rows: readonly Row[];
  used: number;
  errors: readonly RowError[];
  onChange: (rows: Row[]) => void;
};

const SHOWN_ERRORS = 10;

export function TableField({ rows, used, errors, onChange }: TableFieldProps) {
  const { t } = useBatchTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const [unreadable, setUnreadable] = useState(false);
  const read = async (file: File) => {
    const found = rowsOf(new Uint8Array(await file.arrayBuffer()));
    setUnreadable(found === null);
    if (found) onChange(found);
  };
  return (
    <section className="flex flex-col gap-1.5" aria-label={t.batch.table}>
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-body font-semibold">{t.batch.table}</h2>
        {rows.length > 0 ? (
          <Button size="small" icon="close" onClick={() => onChange([])}>
            {t.batch.removeTable}
          </Button>
        ) : (
          <Button size="small" icon="report" onClick={() => picker.current?.click()}>
            {t.batch.chooseTable}
          </Button>
        )}
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".csv,text/csv"
        data-testid="table-picker"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file) void read(file);
        }}
      />
      <p className="text-data text-ink-2">
        {rows.length > 0 ? t.batch.tableUsed(used, rows.length) : t.batch.tableHint}
      </p>
      {unreadable && <ErrorLine>{t.batch.tableUnreadable}</ErrorLine>}
      {errors.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-data text-warn">
          {errors.slice(0, SHOWN_ERRORS).map(({ line, file, why }) => (
            <li key={line}>{t.batch.rowError(line, t.batch.rowErrors[why], file)}</li>
          ))}
          {errors.length > SHOWN_ERRORS && <li>{t.batch.moreErrors(errors.length - SHOWN_ERRORS)}</li>}
        </ul>
      )}
    </section>
  );
}
