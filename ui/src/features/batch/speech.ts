/** Translations of the batch feature, loaded with it. */
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { zhBatch } from "@/shared/i18n/messages/zh/batch";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enBatch, zh: zhBatch };

export const useBatchSpeech = () => useSpeechWith("batch", words);
