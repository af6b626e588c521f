/** Public components of the studio feature. */
export { Redoing } from "./components/notices/redoing";
export { ReviewPicture } from "./components/review-picture";
export { StudioScreen } from "./components/studio-screen";
export { VariantMarks } from "./components/facts/variant-marks";
