/** What the app may use of the export feature. */
export { ExportDialog } from "./components/export-dialog";
export { AllExports } from "./components/all-exports";
