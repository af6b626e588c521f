/** Passes the picture that a correction makes again to its children, for screens of other features. */
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
