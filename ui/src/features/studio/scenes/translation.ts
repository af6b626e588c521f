/** Translations of scenes, loaded with them. */
import { enScenes } from "@/shared/i18n/messages/en/scenes";
import { zhScenes } from "@/shared/i18n/messages/zh/scenes";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enScenes, zh: zhScenes };

export const useSceneSpeech = () => useTranslationWith("scenes", words);
