/** The words of webhooks, which come with the settings and not with the page. */
import { enWebhooks } from "@/shared/i18n/messages/en/webhooks";
import { zhWebhooks } from "@/shared/i18n/messages/zh/webhooks";
import { useSpeechWith } from "@/shared/i18n/words";

const words = { en: enWebhooks, zh: zhWebhooks };

export const useWebhookSpeech = () => useSpeechWith("webhooks", words);
