/** What the app may use of the cut-out's correction. */
import { lazy } from "react";

/** Few correct a cut-out: its code comes when one does. */
export const MatteScreen = lazy(() => import("./matte-screen"));
