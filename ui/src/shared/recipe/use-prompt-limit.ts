/** How many characters a wish may have; without a bound until the server has told. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";

export const usePromptLimit = (): number =>
  useQuery(configQuery).data?.limits.max_prompt_characters ?? Infinity;
