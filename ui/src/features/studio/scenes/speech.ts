/** Translations of scenes, loaded with them. */
import { enScenes } from "@/shared/i18n/messages/en/scenes";
import { zhScenes } from "@/shared/i18n/messages/zh/scenes";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enScenes, zh: zhScenes };

export const useSceneSpeech = () => useSpeechWith("scenes", words);
