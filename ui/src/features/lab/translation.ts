/** Translations of the lab, loaded with it. */
import { enLab } from "@/shared/i18n/messages/en/lab";
import { zhLab } from "@/shared/i18n/messages/zh/lab";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enLab, zh: zhLab };

export const useLabSpeech = () => useTranslationWith("lab", words);
