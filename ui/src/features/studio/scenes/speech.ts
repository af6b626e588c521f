/** The words of this part of the page, in both languages. */
import { enScenes } from "@/shared/i18n/messages/en/scenes";
import { zhScenes } from "@/shared/i18n/messages/zh/scenes";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enScenes, zh: zhScenes };

export const useSceneSpeech = () => useSpeechWith("scenes", words);
