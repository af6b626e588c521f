/** Viewport of the stage: one zoom and one centre, shared by all panes, written to the DOM without rendering. */

export type Size = { width: number; height: number };

type Pane = {
  box: HTMLElement;
  frame: HTMLElement;
  /** Size of the box. Measured on change, because reading it in every frame would force a layout. */
  room: Size;
  size: Size;
  /** Called with the visible part of the picture, in pane pixels. */
  onPlace: (place: Place) => void;
  place: Place;
};

export type Place = {
  /** CSS pixels of the whole picture at fit. */
  fit: Size;
  x: number;
  y: number;
  zoom: number;
  /** Visible part of the picture. */
  left: number;
  top: number;
  right: number;
  bottom: number;
};

type Insets = { side: number; top: number; foot: number };

const MAX_SCALE = 4;
const roomOf = (box: HTMLElement): Size => ({ width: box.clientWidth, height: box.clientHeight });
export const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** Scale that fits the whole picture into the free area of the pane, at most its own resolution. */
export function fitScale(pane: Size, picture: Size, insets: Insets): number {
  const width = pane.width - 2 * insets.side;
  const height = pane.height - insets.top - insets.foot;
  return Math.max(0.01, Math.min(1, width / picture.width, height / picture.height));
}

/** Offset along one axis: centred while the picture fits, otherwise clamped to leave no gap at an edge. */
export function offset(room: number, length: number, centre: number): number {
  return length <= room ? (room - length) / 2 : clamp(room / 2 - centre * length, room - length, 0);
}

export class Viewport {
  private zoom = 1;
  private x = 0.5;
  private y = 0.5;
  /** Point held at full resolution until zoom or centre change, as shares of the picture's sides. */
  private spot: { x: number; y: number } | null = null;
  private panes = new Set<Pane>();
  private listeners = new Set<() => void>();
  private frame = 0;
  private insets: Insets;

  constructor(insets: Insets = { side: 20, top: 20, foot: 44 }) {
    this.insets = insets;
  }

  /** Shows a picture in a pane. Returns the function that detaches it. */
  attach(box: HTMLElement, frame: HTMLElement, size: Size, onPlace: (place: Place) => void): () => void {
    const nowhere = { fit: size, x: 0, y: 0, zoom: 1, left: 0, top: 0, right: 0, bottom: 0 };
    const pane: Pane = { box, frame, room: roomOf(box), size, onPlace, place: nowhere };
    this.panes.add(pane);
    const observer = new ResizeObserver(() => {
      pane.room = roomOf(box);
      this.placeAll();
    });
    observer.observe(box);
    this.placeAll();
    return () => {
      observer.disconnect();
      this.panes.delete(pane);
    };
  }

  setInsets(insets: Insets): void {
    this.insets = insets;
    this.placeAll();
  }

  /** Zoom in percent of the picture's own pixels. */
  percent = (): number => {
    const [first] = this.panes;
    return first ? Math.round(this.scale(first) * this.zoom * 100) : 100;
  };

  subscribe = (notify: () => void): (() => void) => {
    this.listeners.add(notify);
    return () => this.listeners.delete(notify);
  };

  isZoomed = (): boolean => this.zoom > 1;

  fit(): void {
    this.spot = null;
    this.zoom = 1;
    this.x = this.y = 0.5;
    this.schedule();
  }

  /** Zooms to one picture pixel per CSS pixel, at a point of the pane if given. */
  actualSize(box?: HTMLElement, at?: { x: number; y: number }): void {
    const pane = this.paneOf(box);
    if (pane) this.zoomTo(1 / this.scale(pane), box, at);
  }

  /** The same at a point of the window, if a pane is there. */
  actualSizeAt(point: { x: number; y: number } | null): void {
    for (const { box } of point ? this.panes : []) {
      const { left, top, right, bottom } = box.getBoundingClientRect();
      if (!point || point.x < left || point.x > right || point.y < top || point.y > bottom) continue;
      this.actualSize(box, { x: point.x - left, y: point.y - top });
      return;
    }
    this.actualSize();
  }

  /**
   * Zooms to one picture pixel per CSS pixel around a point, given as shares of the picture's sides, for any pane
   * size.
   */
  lookAt(x: number, y: number): void {
    this.spot = { x, y };
    this.schedule();
  }

  zoomBy(factor: number, box?: HTMLElement, at?: { x: number; y: number }): void {
    this.zoomTo(this.zoom * factor, box, at);
  }

  panBy(dx: number, dy: number, box?: HTMLElement): void {
    const pane = this.paneOf(box);
    if (!pane) return;
    this.spot = null;
    const { fit } = pane.place;
    this.moveTo(pane, this.x - dx / (fit.width * this.zoom), this.y - dy / (fit.height * this.zoom));
    this.schedule();
  }

  private zoomTo(wanted: number, box?: HTMLElement, at?: { x: number; y: number }): void {
    const pane = this.paneOf(box);
    if (!pane) return;
    this.spot = null;
    const zoom = clamp(wanted, 1, Math.max(1, MAX_SCALE / this.scale(pane)));
    const { place } = pane;
    const room = this.room(pane);
    const point = at ?? { x: room.width / 2, y: room.height / 2 };
    const u = (point.x - place.x) / (place.fit.width * place.zoom);
    const v = (point.y - place.y) / (place.fit.height * place.zoom);
    this.zoom = zoom;
    this.moveTo(
      pane,
      u - (point.x - room.width / 2) / (place.fit.width * zoom),
      v - (point.y - room.height / 2) / (place.fit.height * zoom),
    );
    this.schedule();
  }

  /** Clamps the centre to what the picture can show, so that panning back responds at once. */
  private moveTo(pane: Pane, x: number, y: number): void {
    const room = this.room(pane);
    const held = (centre: number, available: number, length: number) => {
      const half = available / 2 / length;
      return length <= available ? 0.5 : clamp(centre, half, 1 - half);
    };
    const scale = this.scale(pane) * this.zoom;
    this.x = held(x, room.width, pane.size.width * scale);
    this.y = held(y, room.height, pane.size.height * scale);
  }

  private paneOf(box?: HTMLElement): Pane | undefined {
    const panes = [...this.panes];
    return panes.find((pane) => pane.box === box) ?? panes[0];
  }

  private room(pane: Pane): Size {
    return { width: pane.room.width, height: Math.max(1, pane.room.height - this.insets.foot) };
  }

  private scale(pane: Pane): number {
    return fitScale(pane.room, pane.size, this.insets);
  }

  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.placeAll();
    });
  }

  private placeAll(): void {
    const [first] = this.panes;
    if (first && this.spot) {
      this.zoom = Math.max(1, 1 / this.scale(first));
      this.moveTo(first, this.spot.x, this.spot.y);
    }
    for (const pane of this.panes) this.placeOne(pane);
    this.listeners.forEach((notify) => notify());
  }

  private placeOne(pane: Pane): void {
    const scale = this.scale(pane);
    const room = this.room(pane);
    const fit = { width: pane.size.width * scale, height: pane.size.height * scale };
    const width = fit.width * this.zoom;
    const height = fit.height * this.zoom;
    const x = offset(room.width, width, this.x);
    const y =
      this.zoom === 1
        ? this.insets.top + (room.height - this.insets.top - height) / 2
        : offset(room.height, height, this.y);
    pane.place = {
      fit,
      x,
      y,
      zoom: this.zoom,
      left: Math.max(0, x),
      top: Math.max(0, y),
      right: Math.min(room.width, x + width),
      bottom: Math.min(room.height, y + height),
    };
    const { style } = pane.frame;
    style.width = `${fit.width}px`;
    style.height = `${fit.height}px`;
    style.transform = `translate(${x}px, ${y}px) scale(${this.zoom})`;
    // For overlays with a constant size on the screen.
    style.setProperty("--zoom", String(this.zoom));
    pane.onPlace(pane.place);
  }
}
