/** Passes the picture that a correction makes again to its children, for screens of other features. */
import type { ReactNode } from "react";
import type { Session, Variant } from "@/api/client";
import { useRedoTarget } from "../../hooks/use-redo-target";
import { turnsOf } from "../../turns";

type RedoTargetProps = {
  session: Session;
  variant: Variant;
  children: (shown: ReturnType<typeof useRedoTarget>) => ReactNode;
};

export function RedoTarget({ session, variant, children }: RedoTargetProps) {
  return children(useRedoTarget(variant, turnsOf(session)));
}
