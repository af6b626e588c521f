/** Lets photos come in whatever screen is shown. */
import { useOutboxKept } from "./use-outbox";

export function PhotosComing() {
  useOutboxKept();
  return null;
}
