/** Translations of the lab, loaded with it. */
import { enLab } from "@/shared/i18n/messages/en/lab";
import { zhLab } from "@/shared/i18n/messages/zh/lab";
import { translationWith } from "@/shared/i18n/translation";

export const useLabTranslation = translationWith("lab", { en: enLab, zh: zhLab });
