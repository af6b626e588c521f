/** Picture tile of grids, trays and rails: square corners, never cropped or dimmed, nothing on top. */
import { useCallback, useState } from "react";
import { useRetries } from "../hooks/use-retries";
import { useTranslation } from "../i18n/translation";
import { Icon } from "./icon";

type FrameProps = {
  src: string | null;
  alt: string;
  selected?: boolean;
  /** Fades in when it first loads. */
  develops?: boolean;
  className?: string;
};

export function Frame({ src, alt, selected = false, develops = false, className = "" }: FrameProps) {
  const { t } = useTranslation();
  const [loaded, setLoaded] = useState(false);
  const { tries, failing, failed, came } = useRetries(src);
  /** A cached picture is complete at once and fires no load event in time. */
  const seen = useCallback((image: HTMLImageElement | null) => {
    if (image?.complete && image.naturalWidth > 0) setLoaded(true);
  }, []);
  return (
    <span
      title={failing ? t.studio.pictureLost : undefined}
      className={`relative block overflow-hidden bg-stage outline-1 outline-edge ${selected ? "ring-selected" : ""} ${className}`}
    >
      {failing && (
        <span className="absolute inset-0 grid place-items-center text-ink-2">
          <Icon name="retry" size={14} />
          <span className="sr-only">{t.studio.pictureLost}</span>
        </span>
      )}
      {src && (
        <img
          key={tries}
          ref={seen}
          src={src}
          alt={alt}
          draggable={false}
          decoding="async"
          onLoad={() => {
            setLoaded(true);
            came();
          }}
          onError={() => {
            setLoaded(false);
            // A local file that the browser cannot show, such as HEIC, never loads.
            if (!src.startsWith("blob:")) failed();
          }}
          className={`size-full object-contain ${loaded ? (develops ? "develop" : "") : "opacity-0"}`}
        />
      )}
    </span>
  );
}
