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

type Translation = {
  t: Messages;
  locale: Locale;
  /** BCP 47 tag for `lang` and `Intl`. */
  tag: string;
  setLocale: (locale: Locale) => void;
  /** Selects the page's language from a server text. */
  say: (words: Words) => string;
};

const TranslationContext = createContext<Translation | null>(null);

/** `fixed` is a language in place of the one that this browser remembers. */
export function TranslationProvider({ fixed, children }: { fixed?: Locale; children: ReactNode }) {
  const [stored, setLocale] = useStored<Locale>("locale", browserLocale(), isLocale);
  const locale = fixed ?? stored;
  // Before the first request, whose Accept-Language header reads it.
  useLayoutEffect(() => {
    document.documentElement.lang = tagOf[locale];
  }, [locale]);
  const translation = useMemo(
    (): Translation => ({
      t: catalogues[locale],
      locale,
      tag: tagOf[locale],
      setLocale,
      say: (words) => words[locale],
    }),
    [locale, setLocale],
  );
  return <TranslationContext value={translation}>{children}</TranslationContext>;
}

/** Messages of one feature, loaded with it. */
type Part<Name extends string, Words> = Translation & { t: Messages & Record<Name, Words> };

/** Makes the hook of a feature, whose messages are added to those of the page. */
export function translationWith<Name extends string, Words>(name: Name, words: Record<Locale, Words>) {
  return function useTranslationWith(): Part<Name, Words> {
    const translation = useTranslation();
    return useMemo(
      () =>
        ({ ...translation, t: { ...translation.t, [name]: words[translation.locale] } }) as Part<Name, Words>,
      [translation],
    );
  };
}

export function useTranslation(): Translation {
  const translation = use(TranslationContext);
  if (!translation) throw new Error("useTranslation needs a TranslationProvider above it");
  return translation;
}
