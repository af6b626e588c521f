/** True while the browser is offline and the server unreachable. */
import { useSyncExternalStore } from "react";
import { isOffline, onConnectivityChange } from "@/api/connectivity";

export const useOffline = () => useSyncExternalStore(onConnectivityChange, isOffline);
