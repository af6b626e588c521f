/** Limit of characters in an instruction; infinite until the configuration is loaded. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";

export const usePromptLimit = (): number =>
  useQuery(configQuery).data?.limits.max_prompt_characters ?? Infinity;
