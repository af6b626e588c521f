/** Translations of the cut-out feature, loaded with it. */
import { enMatte } from "@/shared/i18n/messages/en/matte";
import { zhMatte } from "@/shared/i18n/messages/zh/matte";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enMatte, zh: zhMatte };

export const useMatteSpeech = () => useTranslationWith("matte", words);
