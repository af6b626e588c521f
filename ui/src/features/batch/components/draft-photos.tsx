/** Photos of the batch draft, with buttons to add more. */
import { nameOf, type UploadRow } from "@/shared/photos/upload-row";
import { PickButtons, type Pickers } from "@/shared/photos/pick-buttons";
import { Button, IconButton } from "@/shared/ui/button";
import { Frame } from "@/shared/ui/frame";
import { useBatchTranslation } from "../translation";
import type { Row } from "../table";

type DraftPhotosProps = {
  rows: readonly UploadRow[];
  named: ReadonlyMap<string, Row>;
  pickers: Pickers;
  onFolder: () => void;
  onRemove: (id: string) => void;
};

export function DraftPhotos({ rows, named, pickers, onFolder, onRemove }: DraftPhotosProps) {
  const { t } = useBatchTranslation();
  if (rows.length === 0) {
    return (
      <section className="flex min-h-80 flex-1 flex-col items-start justify-center gap-4 bg-stage px-[72px] py-12 max-sm:px-5">
        <h1 className="text-figure font-semibold">{t.batch.newBatch}</h1>
        <p className="max-w-[420px] text-lead text-ink-2">{t.batch.dropLead}</p>
        <div className="flex flex-wrap gap-3 pt-2 max-sm:w-full">
          <PickButtons pickers={pickers} />
          <FolderButton large onFolder={onFolder} />
        </div>
      </section>
    );
  }
  return (
    <section className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-title font-semibold">{t.batch.newBatch}</h1>
        <p className="text-data text-ink-2">{t.batch.photos(rows.length)}</p>
        <div className="ml-auto flex flex-wrap gap-2">
          <FolderButton onFolder={onFolder} />
          <Button icon="photo" onClick={() => pickers.files.current?.click()}>
            {t.batch.addPhotos}
          </Button>
        </div>
      </div>
      <ul className="grid grid-cols-3 gap-x-3 gap-y-4 sm:grid-cols-4 lg:grid-cols-5 xl:grid-cols-6">
        {rows.map((row) => {
          const { sku, title } = named.get(row.id) ?? { sku: "", title: "" };
          const name = title || nameOf(row);
          return (
            <li
              key={row.id}
              className="min-w-0 [contain-intrinsic-size:auto_160px] [content-visibility:auto]"
            >
              <Frame src={row.preview} alt="" className="aspect-square" />
              <div className="flex items-center gap-1 pt-1">
                <p className="min-w-0 flex-1 truncate text-data">{name}</p>
                <IconButton
                  name="close"
                  size={14}
                  label={t.batch.removePhoto(name)}
                  className="-mr-1.5 size-8"
                  onClick={() => onRemove(row.id)}
                />
              </div>
              {sku && <p className="truncate text-caption text-ink-2">{sku}</p>}
              {row.state === "sending" && <p className="text-caption text-ink-2">{`${row.percent}%`}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Hidden on phones, which cannot choose folders. */
function FolderButton({ large = false, onFolder }: { large?: boolean; onFolder: () => void }) {
  const { t } = useBatchTranslation();
  return (
    <Button
      icon="folder"
      size={large ? "touch" : "normal"}
      className="max-sm:hidden pointer-coarse:hidden"
      onClick={onFolder}
    >
      {t.batch.chooseFolder}
    </Button>
  );
}
