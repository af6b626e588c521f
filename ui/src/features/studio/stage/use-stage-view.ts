/** View of the stage: its zoom, the way two pictures are compared, and a peek at the photo. */
import { useEffect, useState } from "react";
import { Viewport } from "@/shared/stage/viewport";
import type { Mode } from "../components/stage-tools";
import { useBlink } from "./use-blink";

export function useStageView(variantId: string | null) {
  const [viewport] = useState(() => new Viewport());
  const [mode, setMode] = useState<Mode>("slider");
  const [peeking, setPeeking] = useState(false);
  const blink = useBlink(mode === "blink");
  useEffect(() => viewport.fit(), [viewport, variantId]);
  return { viewport, mode, setMode, peeking, setPeeking, blink };
}
