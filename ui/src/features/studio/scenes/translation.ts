/** Translations of scenes, loaded with them. */
import { enScenes } from "@/shared/i18n/messages/en/scenes";
import { zhScenes } from "@/shared/i18n/messages/zh/scenes";
import { translationWith } from "@/shared/i18n/translation";

export const useSceneTranslation = translationWith("scenes", { en: enScenes, zh: zhScenes });
