/** Public components of the batch feature. */
export { BatchesScreen } from "./components/batches-screen";
export { BatchScreen } from "./components/batch-screen";
export { NewBatchScreen } from "./components/new-batch-screen";
