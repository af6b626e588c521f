/** Translations of the batch feature, loaded with it. */
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { zhBatch } from "@/shared/i18n/messages/zh/batch";
import { translationWith } from "@/shared/i18n/translation";

export const useBatchTranslation = translationWith("batch", { en: enBatch, zh: zhBatch });
