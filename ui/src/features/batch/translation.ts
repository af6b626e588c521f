/** Translations of the batch feature, loaded with it. */
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { zhBatch } from "@/shared/i18n/messages/zh/batch";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enBatch, zh: zhBatch };

export const useBatchSpeech = () => useTranslationWith("batch", words);
