/** Canvases with the photo and its matte. Strokes are painted locally at once; only changed areas are redrawn. */
import { strokeCore } from "@/api/bounds.gen";
import type { Stroke } from "./correction";

export const views = ["faded", "mask", "white", "photo"] as const;
export type View = (typeof views)[number];

type Rect = { x: number; y: number; width: number; height: number };
type Sheet = OffscreenCanvasRenderingContext2D;

/** Pixels. Enough to judge an edge; twice the side would be too slow to follow a stroke. */
const LONGEST_SIDE = 2048;
const RIM_ALPHA = 0.35;

export class MatteSheet {
  readonly width: number;
  readonly height: number;
  private readonly context: CanvasRenderingContext2D;
  private readonly photo: Sheet;
  private readonly faded: Sheet;
  private readonly mask: Sheet;
  private readonly scratch: Sheet;
  private dirty: Rect | null = null;
  private frame = 0;
  private view: View = "faded";

  constructor(canvas: HTMLCanvasElement, photo: ImageBitmap) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(photo.width, photo.height));
    this.width = canvas.width = Math.max(1, Math.round(photo.width * scale));
    this.height = canvas.height = Math.max(1, Math.round(photo.height * scale));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.context = context;
    this.photo = this.sheet();
    this.photo.drawImage(photo, 0, 0, this.width, this.height);
    this.faded = this.sheet();
    this.fade();
    this.mask = this.sheet();
    this.scratch = this.sheet();
  }

  /** Draws the server's matte: grey levels, white for the product. */
  show(matte: ImageBitmap): void {
    const { width, height } = this;
    // Read back from a separate canvas, because reading from the painted one would move it off the GPU.
    const read = this.sheet(true);
    read.drawImage(matte, 0, 0, width, height);
    const pixels = read.getImageData(0, 0, width, height);
    // Whole pixels as 32-bit words, because this runs during a stroke. The lowest byte is red, the highest is alpha.
    const words = new Uint32Array(pixels.data.buffer);
    for (let at = 0; at < words.length; at += 1) words[at] = ((words[at] ?? 0) << 24) | 0xffffff;
    this.mask.putImageData(pixels, 0, 0);
    this.touchAll();
  }

  look(view: View): void {
    this.view = view;
    this.touchAll();
  }

  /** Paints a segment as a preview until the server has refined the edge. */
  paint(mode: Stroke["mode"], radius: number, from: readonly number[], to: readonly number[]): void {
    const long = Math.max(this.width, this.height);
    const at = ([x = 0, y = 0]: readonly number[]) => ({ x: x * this.width, y: y * this.height });
    const [a, b] = [at(from), at(to)];
    const full = radius * long;
    const size = full * (to[2] ?? 1);
    const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / (size / 4)));
    this.mask.globalCompositeOperation = mode === "add" ? "source-over" : "destination-out";
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      this.dab(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share, size);
    }
    const left = Math.min(a.x, b.x) - full;
    const top = Math.min(a.y, b.y) - full;
    this.touch({
      x: left,
      y: top,
      width: Math.abs(a.x - b.x) + 2 * full,
      height: Math.abs(a.y - b.y) + 2 * full,
    });
  }

  close(): void {
    cancelAnimationFrame(this.frame);
  }

  private dab(x: number, y: number, radius: number): void {
    const soft = this.mask.createRadialGradient(x, y, radius * strokeCore, x, y, radius);
    soft.addColorStop(0, "rgb(255 255 255)");
    soft.addColorStop(1, `rgb(255 255 255 / ${RIM_ALPHA})`);
    this.mask.fillStyle = soft;
    this.mask.beginPath();
    this.mask.arc(x, y, radius, 0, 2 * Math.PI);
    this.mask.fill();
  }

  private sheet(isRead = false): Sheet {
    const context = new OffscreenCanvas(this.width, this.height).getContext("2d", {
      willReadFrequently: isRead,
    });
    if (!context) throw new Error("no canvas");
    return context;
  }

  /** Desaturates and lightens the background, so that the product stands out. */
  private fade(): void {
    const { faded, width, height } = this;
    faded.drawImage(this.photo.canvas, 0, 0);
    faded.globalCompositeOperation = "saturation";
    faded.fillStyle = "rgb(128 128 128)";
    faded.fillRect(0, 0, width, height);
    faded.globalCompositeOperation = "source-over";
    faded.fillStyle = "rgb(214 214 214 / 72%)";
    faded.fillRect(0, 0, width, height);
  }

  private touchAll(): void {
    this.touch({ x: 0, y: 0, width: this.width, height: this.height });
  }

  private touch(rect: Rect): void {
    const { dirty } = this;
    if (!dirty) this.dirty = rect;
    else {
      const x = Math.min(dirty.x, rect.x);
      const y = Math.min(dirty.y, rect.y);
      this.dirty = {
        x,
        y,
        width: Math.max(dirty.x + dirty.width, rect.x + rect.width) - x,
        height: Math.max(dirty.y + dirty.height, rect.y + rect.height) - y,
      };
    }
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const changed = this.dirty;
      this.dirty = null;
      if (changed) this.draw(changed);
    });
  }

  private draw(rect: Rect): void {
    const x = Math.max(0, Math.floor(rect.x));
    const y = Math.max(0, Math.floor(rect.y));
    const width = Math.min(this.width, Math.ceil(rect.x + rect.width)) - x;
    const height = Math.min(this.height, Math.ceil(rect.y + rect.height)) - y;
    if (width <= 0 || height <= 0) return;
    const { context, scratch, view } = this;
    const part = (to: CanvasRenderingContext2D | Sheet, from: Sheet) =>
      to.drawImage(from.canvas, x, y, width, height, x, y, width, height);
    if (view === "photo") {
      part(context, this.photo);
      return;
    }
    if (view === "faded") part(context, this.faded);
    else {
      context.fillStyle = view === "white" ? "rgb(255 255 255)" : "rgb(0 0 0)";
      context.fillRect(x, y, width, height);
    }
    if (view === "mask") {
      part(context, this.mask);
      return;
    }
    scratch.globalCompositeOperation = "source-over";
    scratch.clearRect(x, y, width, height);
    part(scratch, this.mask);
    scratch.globalCompositeOperation = "source-atop";
    part(scratch, this.photo);
    part(context, scratch);
  }
}
