/** What the app may use of the batch. */
export { BatchScreen, type BatchScreenProps, type Handover } from "./components/batch-screen";
