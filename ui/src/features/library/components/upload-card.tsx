/** Card of a photo on its way, at the place that its product takes. */
import { useTranslation } from "@/shared/i18n/translation";
import { nameOf, type UploadRow } from "@/shared/photos/upload-row";
import { IconButton } from "@/shared/ui/button";
import { Frame } from "@/shared/ui/frame";
import { ProgressBar } from "@/shared/ui/progress-bar";

export function UploadCard({ row, onCancel }: { row: UploadRow; onCancel: () => void }) {
  const { t } = useTranslation();
  const { state, percent } = row;
  const words = { checking: t.upload.checking, waiting: t.studio.waiting, opening: t.upload.opening };
  return (
    <li className="min-w-0">
      <div className="relative">
        <Frame src={row.preview} alt="" className="aspect-square w-full" />
        <ProgressBar label={row.name} percent={percent} thin className="absolute inset-x-0 bottom-0" />
      </div>
      <div className="flex items-start gap-2 pt-2 max-sm:pt-0.5">
        <p className="flex min-w-0 flex-1 flex-col gap-1 max-sm:pt-1.5">
          <span className="truncate text-body font-medium">{nameOf(row)}</span>
          <span className="truncate text-data text-ink-2 max-sm:hidden">
            {state in words ? words[state as keyof typeof words] : `${percent}%`}
          </span>
        </p>
        <IconButton
          name="close"
          label={t.upload.cancelOne(row.name)}
          disabled={state === "opening"}
          className="-mt-1.5 -mr-1.5"
          onClick={onCancel}
        />
      </div>
    </li>
  );
}
