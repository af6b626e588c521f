/** The server's configuration; undefined until it is loaded. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";

export const useConfig = () => useQuery(configQuery).data;
