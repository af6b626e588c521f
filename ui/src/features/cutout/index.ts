/** Public components of the cut-out feature. */
import { lazy } from "react";

/** Loaded on demand, because few users correct a cut-out. */
export const MatteScreen = lazy(() => import("./matte-screen"));
