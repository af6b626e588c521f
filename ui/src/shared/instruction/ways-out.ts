/** Actions of the studio in place of clauses that are not carried out. */
import { createContext } from "react";
import type { RejectedClause } from "./rejected-clauses";

type WayOut = NonNullable<RejectedClause["way_out"]>;

/** By way out; without an action nothing is offered. */
export const WaysOut = createContext<Partial<Record<WayOut, (() => void) | null>>>({});
