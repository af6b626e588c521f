/** What the app may use of the batches. */
export { BatchesScreen } from "./components/batches-screen";
export { BatchScreen } from "./components/batch-screen";
export { NewBatchScreen } from "./components/new-batch-screen";
