/** Tells a screen that knows a picture alone what making it again means: its number, and what that may cost. */
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useRedone } from "../../hooks/use-redone";
import { turnsOf } from "../../turns";

type RedoingProps = {
  session: Schemas["Session"];
  variant: Schemas["Variant"];
  children: (shown: ReturnType<typeof useRedone>) => ReactNode;
};

export function Redoing({ session, variant, children }: RedoingProps) {
  return children(useRedone(variant, turnsOf(session)));
}
