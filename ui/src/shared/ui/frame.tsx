/** A picture as it stands in grids, trays and rails: square corners, never cropped, never dimmed, nothing on it. */
import { useState } from "react";

type FrameProps = {
  src: string | null;
  alt: string;
  selected?: boolean;
  /** Comes into being as it lands, once. */
  develops?: boolean;
  className?: string;
};

export function Frame({ src, alt, selected = false, develops = false, className = "" }: FrameProps) {
  const [loaded, setLoaded] = useState(false);
  return (
    <span
      className={`block overflow-hidden bg-stage outline-1 outline-edge ${selected ? "ring-selected" : ""} ${className}`}
    >
      {src && (
        <img
          src={src}
          alt={alt}
          draggable={false}
          decoding="async"
          onLoad={() => setLoaded(true)}
          className={`size-full object-contain ${loaded ? (develops ? "develop" : "") : "opacity-0"}`}
        />
      )}
    </span>
  );
}
