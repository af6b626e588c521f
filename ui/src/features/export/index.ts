/** Public components of the export feature. */
import { lazy } from "react";

/** Loaded with the first export. */
export const ExportDialog = lazy(() => import("./components/export-dialog"));
export { PresetChecks } from "./components/preset-checks";
export { AllExports } from "./components/exported-files";
