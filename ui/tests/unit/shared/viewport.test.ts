// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fitScale, offset, Viewport, type Place } from "@/shared/stage/viewport";

const insets = { side: 20, top: 20, foot: 40 };

describe("fitting", () => {
  it("shows a large picture whole, free on each side", () => {
    expect(fitScale({ width: 1040, height: 660 }, { width: 2000, height: 1000 }, insets)).toBe(0.5);
  });

  it("never enlarges a small picture", () => {
    expect(fitScale({ width: 1040, height: 660 }, { width: 200, height: 100 }, insets)).toBe(1);
  });

  it("centres what fits and opens no gap beside what does not", () => {
    expect(offset(100, 60, 0.9)).toBe(20);
    expect(offset(100, 300, 0)).toBe(0);
    expect(offset(100, 300, 1)).toBe(-200);
    expect(offset(100, 300, 0.5)).toBe(-100);
  });
});

describe("zooming", () => {
  beforeEach(() => {
    vi.stubGlobal("requestAnimationFrame", (draw: () => void) => (queueMicrotask(draw), 1));
    vi.stubGlobal("ResizeObserver", function FakeObserver(measured: () => void) {
      resized = measured;
      return { observe: () => undefined, disconnect: () => undefined };
    });
  });
  let resized: () => void;

  function opened(room = { width: 1040, height: 660 }) {
    const box = document.createElement("div");
    Object.defineProperties(box, {
      clientWidth: { get: () => room.width },
      clientHeight: { get: () => room.height },
    });
    const viewport = new Viewport();
    let place: Place | undefined;
    viewport.setInsets(insets);
    viewport.attach(
      box,
      document.createElement("div"),
      { width: 2000, height: 1200 },
      (next) => (place = next),
    );
    const drawn = async () => {
      await Promise.resolve();
      if (!place) throw new Error("never placed");
      return place;
    };
    return { viewport, box, drawn };
  }

  it("keeps the point under the pointer where it is", async () => {
    const { viewport, box, drawn } = opened();
    const before = await drawn();
    const at = { x: 600, y: 300 };
    const u = (at.x - before.x) / (before.fit.width * before.zoom);
    viewport.zoomBy(3, box, at);
    const after = await drawn();
    expect((at.x - after.x) / (after.fit.width * after.zoom)).toBeCloseTo(u, 5);
  });

  it("shows one picture pixel as one page pixel at 100%", async () => {
    const { viewport } = opened();
    viewport.actualSize();
    await Promise.resolve();
    expect(viewport.percent()).toBe(100);
  });

  it("does not go below the whole picture, nor past its edges", async () => {
    const { viewport, drawn } = opened();
    viewport.zoomBy(0.1);
    expect((await drawn()).zoom).toBe(1);
    viewport.actualSize();
    await drawn();
    viewport.panBy(1e6, 1e6);
    const corner = await drawn();
    expect(corner.x).toBeCloseTo(0);
    expect(corner.y).toBeCloseTo(0);
  });

  it("holds a place at its own pixels when the pane gets its room late, and at every other room", async () => {
    const room = { width: 0, height: 0 };
    const { viewport, drawn } = opened(room);
    viewport.lookAt(0.25, 0.5);
    await drawn();
    for (const width of [1040, 520]) {
      Object.assign(room, { width, height: 660 });
      resized();
      const place = await drawn();
      expect(viewport.percent()).toBe(100);
      expect(place.fit.width * place.zoom).toBeCloseTo(2000);
      expect((width / 2 - place.x) / 2000).toBeCloseTo(Math.max(0.25, width / 4000));
    }
    viewport.zoomBy(0.5);
    await drawn();
    resized();
    expect(viewport.percent()).toBe(50);
  });

  it("shows a picture's own pixels where the pointer is, and in the middle when it is elsewhere", async () => {
    const { viewport, box, drawn } = opened();
    box.getBoundingClientRect = () => new DOMRect(100, 50, 1040, 660);
    const fit = await drawn();
    const inPicture = (place: Place, x: number) => (x - place.x) / (place.fit.width * place.zoom);
    const under = inPicture(fit, 300);
    viewport.actualSizeAt({ x: 400, y: 350 });
    const close = await drawn();
    expect(viewport.percent()).toBe(100);
    expect(inPicture(close, 300)).toBeCloseTo(under);

    viewport.fit();
    await drawn();
    viewport.actualSizeAt({ x: 20, y: 350 });
    expect(inPicture(await drawn(), 520)).toBeCloseTo(0.5);
  });
});
