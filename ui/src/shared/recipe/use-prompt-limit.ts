/** Limit of characters in an instruction; infinite until the configuration is loaded. */
import { useConfig } from "@/shared/hooks/use-config";

export const usePromptLimit = (): number => useConfig()?.limits.max_prompt_characters ?? Infinity;
