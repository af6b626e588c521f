/** Translations of webhooks, loaded with the settings. */
import { enWebhooks } from "@/shared/i18n/messages/en/webhooks";
import { zhWebhooks } from "@/shared/i18n/messages/zh/webhooks";
import { translationWith } from "@/shared/i18n/translation";

export const useWebhookTranslation = translationWith("webhooks", { en: enWebhooks, zh: zhWebhooks });
