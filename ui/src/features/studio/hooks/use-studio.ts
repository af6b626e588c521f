/** State that every part of the studio shares: the product, its turns, the picture on the stage, and the calls. */
import { createContext, use, type RefObject } from "react";
import type { Session, Variant } from "@/api/client";
import type { Feed } from "@/api/feed";
import type { Fix } from "../marks";
import type { Turn } from "../turns";
import type { Runs } from "./use-runs";
import type { Selection } from "./use-selection";

export type Studio = {
  session: Session;
  turns: readonly Turn[];
  selection: Selection;
  runs: Runs;
  feedOf: (jobId: string) => Feed;
  /** True while the connection to the server is lost. */
  isLost: boolean;
  /** Seconds until the server accepts another job. */
  wait: number;
  /** The field for instructions. */
  field: RefObject<HTMLTextAreaElement | null>;
  onFix: (base: Variant, fix: Fix) => void;
  /** Opens the cut-out correction. */
  onCorrect: () => void;
};

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = use(StudioContext);
  if (!studio) throw new Error("This part belongs into a studio.");
  return studio;
}
