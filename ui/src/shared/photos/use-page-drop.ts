/** Drag-and-drop and paste of files, anywhere on the page. */
import { useEffect, useEffectEvent, useState } from "react";
import { useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import { droppedFiles, namedAsPasted, type Dropped } from "./dropped-files";

/** The latest day with a pasted picture, and how many it had. */
type Pasted = { day: string; count: number };
const isPasted = (value: unknown): value is Pasted =>
  typeof value === "object" && value !== null && "day" in value && "count" in value;

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Calls `onFiles` with dropped or pasted files. Returns true while files are dragged over the page. */
export function usePageDrop(onFiles: (dropped: Dropped) => void): boolean {
  const [over, setOver] = useState(false);
  const { t, tag } = useTranslation();
  const [pasted, setPasted] = useStored<Pasted>("pasted", { day: "", count: 0 }, isPasted);
  const take = useEffectEvent(onFiles);
  const paste = useEffectEvent((files: readonly File[]) => {
    const day = new Intl.DateTimeFormat(tag, { month: "long", day: "numeric" }).format(new Date());
    let count = pasted.day === day ? pasted.count : 0;
    const named = namedAsPasted(files, () => t.upload.pasted(day, (count += 1)));
    setPasted({ day, count });
    onFiles({ files: named, folder: null });
  });
  useEffect(() => {
    // A child's dragenter fires before its parent's dragleave, so count the depth to know when the page is left.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((dropped) => take(dropped));
    };
    const clip = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      paste(files);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener("dragenter", enter, { signal });
    window.addEventListener("dragleave", leave, { signal });
    window.addEventListener("dragover", hover, { signal });
    window.addEventListener("drop", drop, { signal });
    window.addEventListener("paste", clip, { signal });
    return () => listening.abort();
  }, []);
  return over;
}
