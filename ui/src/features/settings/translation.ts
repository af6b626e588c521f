/** Translations of webhooks, loaded with the settings. */
import { enWebhooks } from "@/shared/i18n/messages/en/webhooks";
import { zhWebhooks } from "@/shared/i18n/messages/zh/webhooks";
import { useTranslationWith } from "@/shared/i18n/translation";

const words = { en: enWebhooks, zh: zhWebhooks };

export const useWebhookSpeech = () => useTranslationWith("webhooks", words);
