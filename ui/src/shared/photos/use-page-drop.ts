/** Drag-and-drop and paste of files, anywhere on the page. */
import { useEffect, useRef, useState } from "react";
import { useStored } from "@/shared/hooks/use-stored";
import { useWindowEvent } from "@/shared/hooks/use-window-event";
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
  // Reading a folder outlives the render in which it was dropped.
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  // A child's dragenter fires before its parent's dragleave, so count the depth to know when the page is left.
  const depth = useRef(0);
  const reach = (event: DragEvent, to: number) => {
    if (!carriesFiles(event)) return;
    depth.current = to;
    setOver(to > 0);
  };
  useWindowEvent("dragenter", (event) => reach(event, depth.current + 1));
  useWindowEvent("dragleave", (event) => reach(event, depth.current - 1));
  useWindowEvent("dragover", (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  useWindowEvent("drop", (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    reach(event, 0);
    void droppedFiles(event.dataTransfer).then((dropped) => latest.current(dropped));
  });
  useWindowEvent("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    const day = new Intl.DateTimeFormat(tag, { month: "long", day: "numeric" }).format(new Date());
    let count = pasted.day === day ? pasted.count : 0;
    const named = namedAsPasted(files, () => t.upload.pasted(day, (count += 1)));
    setPasted({ day, count });
    onFiles({ files: named, folder: null });
  });
  return over;
}
