/** Measured differences between pairs of pictures. */
import { useState } from "react";
import type { Share } from "../stage/difference-layer";
import type { StagePicture } from "../stage/pictures";

const pairOf = (one: StagePicture, other: StagePicture) => `${one.url} ${other.url}`;

export function useShares() {
  const [known, setKnown] = useState<{ pair: string; share: Share } | null>(null);
  return {
    of: (one: StagePicture, other: StagePicture) => (known?.pair === pairOf(one, other) ? known.share : null),
    keep: (one: StagePicture, other: StagePicture, share: Share) =>
      setKnown({ pair: pairOf(one, other), share }),
  };
}
