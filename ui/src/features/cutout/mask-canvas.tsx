/** Canvas with the photo and its matte, for painting corrections. */
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type Ref,
  type RefObject,
} from "react";
import { fetchFile, type Schemas } from "@/api/client";
import { usePhone } from "@/shared/hooks/use-media";
import { useMatteTranslation } from "./translation";
import type { Viewport } from "@/shared/stage/viewport";
import { boxBetween, type Box, type Mode, type Point, type Stroke } from "./correction";
import { MatteSheet, type View } from "./sheet";
import type { Tool } from "./strokes";
import { usePainting } from "./use-painting";

/** Resolves when the matte is drawn. Rejects if the photo or the matte cannot be decoded. */
export type MaskCanvasHandle = { show: (matte: Blob) => Promise<void> };

type MaskCanvasProps = {
  ref: Ref<MaskCanvasHandle>;
  photo: Schemas["Image"];
  viewport: Viewport;
  view: View;
  tool: Tool;
  mode: Mode;
  radius: number;
  area: Box | null;
  points: readonly Point[];
  /** True while the server applies the last point. */
  busy: boolean;
  onPoint: (x: number, y: number) => void;
  onStroke: (stroke: Stroke) => void;
  onRevoke: () => void;
  onArea: (area: Box) => void;
};

export function MaskCanvas(props: MaskCanvasProps) {
  const { ref, photo, viewport, view, tool, mode, radius, area, points, busy, ...on } = props;
  const { t } = useMatteTranslation();
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const { sheet, show } = useSheet(photo.url, canvas);
  const [drawn, setDrawn] = useState<Box | null>(null);
  const { width, height } = photo;

  useImperativeHandle(ref, () => ({ show }));

  useLayoutEffect(
    () => viewport.setInsets(phone ? { side: 0, top: 0, foot: 0 } : { side: 24, top: 24, foot: 24 }),
    [viewport, phone],
  );
  useLayoutEffect(() => {
    if (!box.current || !frame.current) return;
    return viewport.attach(box.current, frame.current, { width, height }, () => undefined);
  }, [viewport, width, height]);

  useEffect(() => sheet.current?.look(view), [sheet, view]);

  usePainting({
    box,
    canvas,
    cursor,
    viewport,
    tool,
    radius,
    size: { width, height },
    onPaint: (from, to) => sheet.current?.paint(mode, radius, from, to),
    onStroke: (path) => on.onStroke({ mode, radius, points: path }),
    onPoint: ([x = 0, y = 0]) => on.onPoint(x, y),
    onRevoke: on.onRevoke,
    onBox: (from, to, done) => {
      const next = boxBetween(from, to);
      setDrawn(done ? null : next);
      if (done && next) on.onArea(next);
    },
  });

  const shown = drawn ?? area;
  const percent = (share: number) => `${share * 100}%`;
  return (
    <div
      ref={box}
      className={`relative min-h-0 min-w-0 flex-1 touch-none overflow-hidden select-none ${tool === "brush" ? "cursor-none" : "cursor-crosshair"}`}
    >
      <div ref={frame} className="absolute top-0 left-0 origin-top-left bg-stage outline-1 outline-edge">
        <canvas
          ref={canvas}
          // The canvas takes pointer and keyboard input, and no narrower role describes that.
          // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
          role="application"
          aria-label={t.matte.canvas}
          aria-describedby="matte-keys"
          tabIndex={0}
          className="absolute inset-0 size-full"
        />
        {shown && (
          <div
            className="pointer-events-none absolute border-2 border-dashed border-on-picture outline-1 outline-on-dark"
            style={{
              left: percent(shown.x),
              top: percent(shown.y),
              width: percent(shown.w),
              height: percent(shown.h),
            }}
          />
        )}
        {points.map((point, index) => (
          <Mark key={index} point={point} working={busy && index === points.length - 1} />
        ))}
      </div>
      <div
        ref={cursor}
        aria-hidden="true"
        className="pointer-events-none invisible absolute top-0 left-0 rounded-full border border-on-dark outline-1 outline-on-light"
      />
      <p id="matte-keys" className="sr-only">
        {t.matte.keys}
      </p>
    </div>
  );
}

/** Sheet of a photo, opened when its file is loaded, and the function that shows a matte on it. */
function useSheet(url: string, canvas: RefObject<HTMLCanvasElement | null>) {
  const sheet = useRef<MatteSheet | null>(null);
  const opened = useRef<Promise<MatteSheet> | null>(null);
  const shows = useRef(0);
  useEffect(() => {
    const abort = new AbortController();
    const open = async () => {
      const file = await fetchFile(url, abort.signal);
      const bitmap = await createImageBitmap(await file.blob());
      abort.signal.throwIfAborted();
      if (!canvas.current) throw new Error("no canvas");
      const made = new MatteSheet(canvas.current, bitmap);
      bitmap.close();
      sheet.current = made;
      return made;
    };
    opened.current = open();
    // Avoid an unhandled rejection here: `show` awaits the same promise and reports the error.
    opened.current.catch(() => undefined);
    return () => {
      abort.abort();
      sheet.current?.close();
      sheet.current = null;
    };
  }, [url, canvas]);

  const show = async (matte: Blob) => {
    const turn = (shows.current += 1);
    const [onto, bitmap] = await Promise.all([opened.current, createImageBitmap(matte)]);
    // A newer matte may have been decoded before this one.
    if (turn === shows.current) onto?.show(bitmap);
    bitmap.close();
  };
  return { sheet, show };
}

/** Marker of a point, with a constant size on the screen at any zoom. */
function Mark({ point: { x, y, mode }, working }: { point: Point; working: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`pointer-events-none absolute grid size-5 place-items-center rounded-full border-2 border-on-dark text-accent-ink outline-1 outline-on-light ${mode === "add" ? "bg-accent" : "bg-fail"} ${working ? "motion-safe:animate-pulse" : ""}`}
      style={{
        left: `${x * 100}%`,
        top: `${y * 100}%`,
        transform: "translate(-50%, -50%) scale(calc(1 / var(--zoom, 1)))",
      }}
    >
      <svg viewBox="0 0 10 10" className="size-2.5" stroke="currentColor" strokeWidth="2">
        <path d={mode === "add" ? "M1 5h8M5 1v8" : "M1 5h8"} />
      </svg>
    </span>
  );
}
