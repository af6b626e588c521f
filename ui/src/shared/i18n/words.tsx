/** The language the page speaks, and its words. */
import { createContext, use, useEffect, useMemo, type ReactNode } from "react";
import { oneOf, useStored } from "../hooks/use-stored";
import { en, type Messages } from "./messages/en";
import { zh } from "./messages/zh";

export const locales = ["zh", "en"] as const;
export type Locale = (typeof locales)[number];

const catalogues: Record<Locale, Messages> = { zh, en };
const tags: Record<Locale, string> = { zh: "zh-CN", en: "en" };
const isLocale = oneOf(...locales);

const browserLocale = (): Locale => (/^zh/i.test(navigator.language) ? "zh" : "en");

/** A text the server gives in both languages. */
type Words = { zh: string; en: string };

type Speech = {
  t: Messages;
  locale: Locale;
  /** The tag for `lang` and for `Intl`. */
  tag: string;
  setLocale: (locale: Locale) => void;
  /** Picks the page's language from a text of the server. */
  say: (words: Words) => string;
};

const SpeechContext = createContext<Speech | null>(null);

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useStored<Locale>("locale", browserLocale(), isLocale);
  useEffect(() => {
    document.documentElement.lang = tags[locale];
  }, [locale]);
  const speech = useMemo(
    (): Speech => ({
      t: catalogues[locale],
      locale,
      tag: tags[locale],
      setLocale,
      say: (words) => words[locale],
    }),
    [locale, setLocale],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("useSpeech needs a SpeechProvider above it");
  return speech;
}
