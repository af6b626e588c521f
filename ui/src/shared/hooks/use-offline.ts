/** Whether the server is out of reach for want of a network. */
import { useSyncExternalStore } from "react";
import { isOffline, onReach } from "@/api/reach";

export const useOffline = () => useSyncExternalStore(onReach, isOffline);
