/** View of the stage: its zoom, the way two pictures are compared, and a peek at the photo. */
import { useEffect, useState } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import { useOnChange } from "@/shared/hooks/use-on-change";
import { Viewport } from "@/shared/stage/viewport";
import type { Mode } from "../components/stage-tools";
import { useBlink } from "./use-blink";

export function useStageView(variantId: string | null) {
  const phone = usePhone();
  const [viewport] = useState(() => new Viewport());
  const [mode, setMode] = useState<Mode>("slider");
  const [peeking, setPeeking] = useState(false);
  const blink = useBlink(mode === "blink");
  useEffect(() => viewport.fit(), [viewport, variantId]);
  // On a phone the page scrolls to another picture, but never while the user types.
  useOnChange(variantId, () => {
    const field = document.activeElement;
    const isWriting = field instanceof HTMLTextAreaElement && field.value !== "";
    if (phone && !isWriting) window.scrollTo({ top: 0 });
  });
  return { viewport, mode, setMode, peeking, setPeeking, blink };
}
