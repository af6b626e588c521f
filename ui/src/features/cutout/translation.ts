/** Translations of the cut-out feature, loaded with it. */
import { enMatte } from "@/shared/i18n/messages/en/matte";
import { zhMatte } from "@/shared/i18n/messages/zh/matte";
import { translationWith } from "@/shared/i18n/translation";

export const useMatteTranslation = translationWith("matte", { en: enMatte, zh: zhMatte });
