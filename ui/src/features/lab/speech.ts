/** Translations of the lab, loaded with it. */
import { enLab } from "@/shared/i18n/messages/en/lab";
import { zhLab } from "@/shared/i18n/messages/zh/lab";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enLab, zh: zhLab };

export const useLabSpeech = () => useSpeechWith("lab", words);
