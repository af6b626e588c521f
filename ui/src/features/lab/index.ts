/** Public components of the lab feature. */
export { LabScreen } from "./components/lab-screen";
