/** True while the browser is offline and the server unreachable. */
import { useSyncExternalStore } from "react";
import { isOffline, onReach } from "@/api/reach";

export const useOffline = () => useSyncExternalStore(onReach, isOffline);
