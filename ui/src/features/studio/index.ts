/** What the app may use of the studio. */
export { StudioScreen } from "./components/studio-screen";
export { useWorst, VariantMarks } from "./components/variant-marks";
