/** What the app may use of the evaluation. */
export { LabScreen } from "./components/lab-screen";
