/** Translations of the export feature, loaded with it. */
import { enExport } from "@/shared/i18n/messages/en/export";
import { zhExport } from "@/shared/i18n/messages/zh/export";
import { translationWith } from "@/shared/i18n/translation";

export const useExportTranslation = translationWith("export", { en: enExport, zh: zhExport });
