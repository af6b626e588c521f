/** Translations of the export feature, loaded with it. */
import { enExport } from "@/shared/i18n/messages/en/export";
import { zhExport } from "@/shared/i18n/messages/zh/export";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enExport, zh: zhExport };

export const useExportSpeech = () => useTranslationWith("export", words);
