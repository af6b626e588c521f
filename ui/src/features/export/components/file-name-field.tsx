/** Editable file name. */
import { useId } from "react";
import type { Schemas } from "@/api/client";
import { useExportTranslation } from "../translation";
import { isArticleNumber, isUsable, stemOf } from "../names";

type FileNameFieldProps = {
  preset: Schemas["ExportPreset"];
  /** Measured or exported files; the first one provides the name. */
  files: readonly Schemas["Export"][];
  title: string;
  typed: string | undefined;
  onType: (name: string) => void;
};

export function FileNameField({ preset, files, title, typed, onType }: FileNameFieldProps) {
  const id = useId();
  const { t } = useExportTranslation();
  const first = files[0];
  const offered = first ? stemOf(first) : "";
  const endings = [...new Set(files.map(({ name }) => name.slice(name.lastIndexOf("."))))];
  const usable = typed === undefined || isUsable(typed);
  const goesByNumber = preset.file_name.first.includes("{sku}");
  const hint = !usable
    ? t.export.nameUnusable
    : goesByNumber && typed === undefined && !isArticleNumber(title)
      ? t.export.nameBySku
      : null;
  return (
    <div className="flex w-full max-w-[326px] flex-col gap-1.5 self-center max-sm:max-w-none">
      <label htmlFor={id} className="text-data text-ink-2">
        {t.export.fileName}
      </label>
      <span
        className={`flex h-9 items-center rounded-control border bg-field pr-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:h-11 ${usable ? "border-line-strong" : "border-fail"}`}
      >
        <input
          id={id}
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={typed ?? offered}
          aria-invalid={!usable}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onChange={(event) => onType(event.target.value)}
          className="h-full min-w-0 flex-1 bg-transparent pl-2.5 text-body text-ellipsis text-ink outline-none"
        />
        <span className="shrink-0 pl-1.5 text-body text-ink-3">{endings.join(" ")}</span>
      </span>
      {hint && (
        <p id={`${id}-hint`} className={`text-caption ${usable ? "text-ink-2" : "text-fail"}`}>
          {hint}
        </p>
      )}
    </div>
  );
}
