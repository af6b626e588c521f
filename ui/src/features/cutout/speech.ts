/** Translations of the cut-out feature, loaded with it. */
import { enMatte } from "@/shared/i18n/messages/en/matte";
import { zhMatte } from "@/shared/i18n/messages/zh/matte";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enMatte, zh: zhMatte };

export const useMatteSpeech = () => useSpeechWith("matte", words);
