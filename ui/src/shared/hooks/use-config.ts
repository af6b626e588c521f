/** The server's configuration; undefined until it is loaded. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";

export const useConfig = () => useQuery(configQuery).data;

/** Limit of characters in an instruction; infinite until the configuration is loaded. */
export const usePromptLimit = (): number => useConfig()?.limits.max_prompt_characters ?? Infinity;
