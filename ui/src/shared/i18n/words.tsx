/** Translations: the page's language and its messages. */
import { createContext, use, useLayoutEffect, useMemo, type ReactNode } from "react";
import { oneOf, useStored } from "../hooks/use-stored";
import { en, type Messages } from "./messages/en";
import { zh } from "./messages/zh";

const locales = ["zh", "en"] as const;
export type Locale = (typeof locales)[number];

const catalogues: Record<Locale, Messages> = { zh, en };
/** BCP 47 tag for `lang` and `Intl`. */
const tagOf: Record<Locale, string> = { zh: "zh-CN", en: "en" };
const isLocale = oneOf(...locales);

const browserLocale = (): Locale => (/^zh/i.test(navigator.language) ? "zh" : "en");

/** A server text in both languages. */
type Words = { zh: string; en: string };

type Speech = {
  t: Messages;
  locale: Locale;
  /** BCP 47 tag for `lang` and `Intl`. */
  tag: string;
  setLocale: (locale: Locale) => void;
  /** Selects the page's language from a server text. */
  say: (words: Words) => string;
};

const SpeechContext = createContext<Speech | null>(null);

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useStored<Locale>("locale", browserLocale(), isLocale);
  // Before the first request, whose Accept-Language header reads it.
  useLayoutEffect(() => {
    document.documentElement.lang = tagOf[locale];
  }, [locale]);
  return (
    <SpeechIn locale={locale} setLocale={setLocale}>
      {children}
    </SpeechIn>
  );
}

type SpeechInProps = { locale: Locale; setLocale?: Speech["setLocale"]; children: ReactNode };

const setNothing = () => undefined;

/** Fixes the language below it; without `setLocale` it cannot be changed. */
export function SpeechIn({ locale, setLocale = setNothing, children }: SpeechInProps) {
  const speech = useMemo(
    (): Speech => ({
      t: catalogues[locale],
      locale,
      tag: tagOf[locale],
      setLocale,
      say: (words) => words[locale],
    }),
    [locale, setLocale],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** Messages of one feature, loaded with it. */
type Part<Name extends string, Words> = Speech & { t: Messages & Record<Name, Words> };

/** Adds a feature's messages. `words` must be the same object in each call. */
export function useSpeechWith<Name extends string, Words>(
  name: Name,
  words: Record<Locale, Words>,
): Part<Name, Words> {
  const speech = useSpeech();
  return useMemo(
    () => ({ ...speech, t: { ...speech.t, [name]: words[speech.locale] } }) as Part<Name, Words>,
    [speech, name, words],
  );
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("useSpeech needs a SpeechProvider above it");
  return speech;
}
