/** Lets photos come in whatever screen is shown. */
import { useIntakeKept } from "../hooks/use-intake";

export function PhotosComing() {
  useIntakeKept();
  return null;
}
