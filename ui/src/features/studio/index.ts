/** Public parts of the studio feature. */
export { ReviewPicture } from "./components/review-picture";
export { StudioScreen } from "./components/studio-screen";
export { VariantMarks } from "./components/facts/variant-marks";
export { useRedoTarget } from "./hooks/use-redo-target";
export { turnsOf } from "./turns";
