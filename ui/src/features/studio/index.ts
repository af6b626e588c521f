/** Public components of the studio feature. */
export { RedoTarget } from "./components/notices/redo-target";
export { ReviewPicture } from "./components/review-picture";
export { StudioScreen } from "./components/studio-screen";
export { VariantMarks } from "./components/facts/variant-marks";
