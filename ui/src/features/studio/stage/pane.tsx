/** Pane of the stage: a picture alone, or over another one with a slider. */
import {
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type CSSProperties,
  type ReactNode,
} from "react";
import { useRetries } from "@/shared/hooks/use-retries";
import { useTranslation } from "@/shared/i18n/translation";
import { alignmentStyle, type Affine } from "./alignment";
import { DifferenceLayer, type Share } from "./difference-layer";
import type { StagePicture } from "./pictures";
import { SliderHandle, START_PERCENT, type SliderHandleParts } from "./slider-handle";
import { useGestures } from "./use-gestures";
import type { Place, Viewport } from "@/shared/stage/viewport";

/** Minimum width of two captions, for narrow pictures. */
const CAPTION_PX = 340;

export type Before = { picture: StagePicture; map: Affine | null };
export type Blend = "slide" | "over" | "difference";

/** Blend mode of a way to compare two pictures; a single picture is one under a slider. */
export function blendOf(mode: string): Blend {
  if (mode === "difference") return mode;
  return mode === "blink" || mode === "overlay" ? "over" : "slide";
}

type PaneProps = {
  viewport: Viewport;
  picture: StagePicture;
  /** The earlier picture, aligned below it by the product. */
  before?: Before | undefined;
  /** Blend mode; `slide` shows the earlier picture to the left of a line. */
  blend?: Blend;
  /** Opacity of the earlier picture. */
  opacity?: number;
  onShare?: (share: Share) => void;
  captions?: readonly [ReactNode, ReactNode];
  /** Overlays that move with the picture. */
  children?: ReactNode;
  onPeek?: (peeking: boolean) => void;
};

export function Pane({ viewport, picture, before, children, ...looks }: PaneProps) {
  const { blend = "slide", opacity = 1, captions = [], onShare, onPeek } = looks;
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const under = useRef<HTMLDivElement>(null);
  const handle = useRef<SliderHandleParts>(null);
  const caption = useRef<HTMLDivElement>(null);
  const place = useRef<Place | null>(null);
  const position = useRef(START_PERCENT / 100);
  const slides = before !== undefined && blend === "slide";
  /** URLs of the pictures whose latest attempt to load failed. */
  const [lost, setLost] = useState<readonly string[]>([]);
  const isLost = [picture, before?.picture].some((one) => one && lost.includes(one.url));
  const tellLost = (url: string, failed: boolean) =>
    setLost((all) => [...all.filter((other) => other !== url), ...(failed ? [url] : [])]);
  const zoomed = useSyncExternalStore(viewport.subscribe, viewport.isZoomed);

  const draw = useCallback((next: Place) => {
    place.current = next;
    const width = next.right - next.left;
    if (caption.current) {
      const wide = width < CAPTION_PX ? Math.min(CAPTION_PX, box.current?.clientWidth ?? width) : width;
      caption.current.style.left = `${next.left - (wide - width) / 2}px`;
      caption.current.style.transform = `translateY(${next.bottom}px)`;
      caption.current.style.width = `${wide}px`;
    }
    const line = next.left + position.current * width;
    if (under.current && handle.current) {
      const shown = (line - next.x) / next.zoom;
      under.current.style.clipPath = `inset(0 ${Math.max(0, next.fit.width - shown)}px 0 0)`;
    }
    handle.current?.place(line, next.top, next.bottom - next.top, position.current);
  }, []);

  useLayoutEffect(() => {
    if (!box.current || !frame.current) return;
    const size = { width: picture.width, height: picture.height };
    return viewport.attach(box.current, frame.current, size, draw);
  }, [viewport, picture.width, picture.height, draw, slides]);

  const slideTo = (share: number) => {
    position.current = Math.min(1, Math.max(0, share));
    if (place.current) draw(place.current);
  };
  const slide = (x: number) => {
    const now = place.current;
    if (now) slideTo((x - now.left) / (now.right - now.left));
  };
  useGestures(box, { viewport, onSlide: slides ? slide : undefined, onPeek });

  return (
    <div
      ref={box}
      className={`relative h-full min-w-0 flex-1 overflow-hidden select-none ${zoomed ? "cursor-grab touch-none" : `touch-pan-y ${slides ? "cursor-ew-resize" : "cursor-default"}`}`}
    >
      <div ref={frame} className="absolute top-0 left-0 origin-top-left outline-1 outline-edge">
        <Layers picture={picture} className="size-full" onLost={tellLost} />
        {before && blend === "difference" && (
          <div className="surround absolute inset-0">
            <DifferenceLayer
              picture={picture}
              before={before.picture}
              map={before.map}
              onShare={onShare}
              onLost={tellLost}
            />
          </div>
        )}
        {before && blend !== "difference" && (
          <div
            key={blend}
            ref={under}
            className="surround absolute inset-0 overflow-hidden"
            style={slides ? undefined : { opacity }}
          >
            <Layers
              picture={before.picture}
              className="absolute top-0 left-0 origin-top-left"
              onLost={tellLost}
              style={alignmentStyle(before.picture, picture, before.map)}
            />
          </div>
        )}
        {children}
      </div>
      {slides && <SliderHandle ref={handle} onMove={slideTo} />}
      <div
        ref={caption}
        className="pointer-events-none absolute top-0 flex items-baseline justify-between gap-4 pt-1.5 text-caption max-sm:left-0! max-sm:w-full! max-sm:px-4"
      >
        <span className="truncate">{captions[0]}</span>
        <span className="truncate text-right">{isLost ? t.studio.pictureLost : captions[1]}</span>
      </div>
    </div>
  );
}

type LayersProps = {
  picture: StagePicture;
  className: string;
  style?: CSSProperties;
  /** Called with whether the latest attempt to fetch a picture failed. */
  onLost: (url: string, lost: boolean) => void;
};

/** Shows the thumbnail at once, and the full picture when it has loaded. */
function Layers({ picture, className, style, onLost }: LayersProps) {
  const [loaded, setLoaded] = useState<string | null>(null);
  const { tries, failing, failed, came } = useRetries(picture.url);
  return (
    <div className={`${className} ${picture.transparent ? "checks" : ""}`} style={style}>
      {loaded !== picture.url && !picture.transparent && (
        <img src={picture.thumbnailUrl} alt="" draggable={false} className="absolute inset-0 size-full" />
      )}
      <img
        key={`${picture.url} ${tries}`}
        src={picture.url}
        alt={picture.alt}
        draggable={false}
        decoding="async"
        onLoad={() => {
          setLoaded(picture.url);
          came();
          onLost(picture.url, false);
        }}
        onError={() => {
          failed();
          onLost(picture.url, true);
        }}
        className={`absolute inset-0 size-full ${failing ? "opacity-0" : ""}`}
      />
    </div>
  );
}
