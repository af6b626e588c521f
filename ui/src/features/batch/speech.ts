/** The words of this part of the page, in both languages. */
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { zhBatch } from "@/shared/i18n/messages/zh/batch";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enBatch, zh: zhBatch };

export const useBatchSpeech = () => useSpeechWith("batch", words);
