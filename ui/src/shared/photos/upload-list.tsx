/** Upload list: one row per photo, with the reason if it was refused. */
import { bytes } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";
import { useProblemText } from "@/shared/ui/call-problem";
import { Button, IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { refusalText } from "./check-file";
import type { Outbox } from "./outbox";
import { canRetry, hasFailed, type UploadRow } from "./upload-row";

type UploadListProps = { rows: readonly UploadRow[]; outbox: Outbox };

export function UploadList({ rows, outbox }: UploadListProps) {
  const { t } = useTranslation();
  const shown = rows.filter((row) => row.state !== "done" && row.state !== "ready");
  if (shown.length === 0) return null;
  return (
    <section aria-label={t.upload.heading} className="border border-line bg-panel">
      <ul className="divide-y divide-line">
        {shown.map((row) => (
          <UploadItem key={row.id} row={row} outbox={outbox} />
        ))}
      </ul>
    </section>
  );
}

function UploadItem({ row, outbox }: { row: UploadRow; outbox: Outbox }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const over = hasFailed(row);
  const problem = row.refusal
    ? refusalText(row.refusal, t.upload)
    : row.error
      ? problemText(row.error)
      : null;
  const bad = problem !== null || row.notShrunk;
  const tooLarge =
    !row.notShrunk &&
    (row.refusal?.why === "tooLarge" || (row.state === "failed" && row.error?.code === "E_INPUT_TOO_LARGE"));
  const retryable = row.state === "failed" && row.error !== null && canRetry(row.error);
  const sending = row.shrunk
    ? t.upload.shrunk(bytes(row.shrunk.from), bytes(row.shrunk.to))
    : `${row.percent}%`;
  const words = {
    checking: t.upload.checking,
    waiting: t.studio.waiting,
    offline: t.upload.offline,
    away: t.upload.away,
    shrinking: t.upload.shrinking,
    sending,
    opening: row.firstFrameOnly ? t.upload.animation : t.upload.opening,
    ready: t.upload.done,
    refused: problem,
    failed: row.notShrunk ? t.upload.notShrunk : problem,
    canceled: t.upload.canceled,
    done: t.upload.done,
  }[row.state];
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      {problem !== null && !retryable ? (
        <span className="grid size-11 shrink-0 place-items-center bg-fail-soft text-fail">
          <Icon name="stop" />
        </span>
      ) : (
        <span className="size-11 shrink-0 bg-stage">
          {/* Few browsers show HEIC, and none a damaged file: the square stays plain. */}
          <img
            src={row.preview}
            alt=""
            className="size-full object-contain"
            onError={({ currentTarget }) => (currentTarget.hidden = true)}
          />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate text-body font-medium">{row.name}</p>
        <p role={bad ? "alert" : undefined} className={`text-data ${bad ? "text-fail" : "text-ink-2"}`}>
          {words}
        </p>
        {row.unkept && (row.state === "offline" || row.state === "away") && (
          <p className="text-data text-warn">{t.upload.unkept}</p>
        )}
        {(row.state === "sending" || row.state === "opening") && (
          <ProgressBar label={row.name} percent={row.percent} thin className="mt-1.5" />
        )}
      </div>
      {tooLarge && (
        <Button size="small" onClick={() => void outbox.retry(row.id, true)}>
          {t.upload.shrink}
        </Button>
      )}
      {retryable && (
        <Button size="small" icon="retry" onClick={() => void outbox.retry(row.id, false)}>
          {t.common.retry}
        </Button>
      )}
      <IconButton
        name="close"
        label={over ? t.upload.dismiss(row.name) : t.upload.cancelOne(row.name)}
        disabled={row.state === "opening" || row.state === "shrinking"}
        onClick={() => (over ? outbox.dismiss(row.id) : outbox.cancel(row.id))}
      />
    </li>
  );
}
