/** Translations of the export feature, loaded with it. */
import { enExport } from "@/shared/i18n/messages/en/export";
import { zhExport } from "@/shared/i18n/messages/zh/export";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enExport, zh: zhExport };

export const useExportSpeech = () => useSpeechWith("export", words);
