/** The home screen as markup, in both languages, for the templates that the page carries. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Router } from "wouter";
import { FirstDay, FirstShelf } from "@/features/library";
import { themes } from "@/shared/hooks/use-theme";
import { locales, SpeechIn, tagOf, type Locale } from "@/shared/i18n/words";
import { PageBar } from "@/shared/shell/page-bar";
import { ThemeButton } from "@/shared/shell/switches";

// Nothing is thrown away later: a timer for it would keep the build waiting for five minutes.
const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });

const render = (locale: Locale, node: ReactNode) =>
  renderToStaticMarkup(
    <SpeechIn locale={locale}>
      <QueryClientProvider client={client}>
        <Router ssrPath="/">{node}</Router>
      </QueryClientProvider>
    </SpeechIn>,
  );

/** The bar with a switch for each theme, of which one will be left. */
function bar(locale: Locale): string {
  const html = render(locale, <PageBar />);
  const ofSystem = render(locale, <ThemeButton theme="system" />);
  if (!html.includes(ofSystem)) throw new Error("the bar has no switch for the theme");
  const all = themes.map((theme) =>
    render(locale, <ThemeButton theme={theme} />).replace("<button", `<button data-theme-of="${theme}"`),
  );
  return html.replace(ofSystem, all.join(""));
}

export const templates = (): string =>
  locales
    .flatMap((locale) =>
      Object.entries({
        bar: bar(locale),
        day: render(locale, <FirstDay />),
        shelf: render(locale, <FirstShelf />),
      }).map(([name, html]) => `<template id="first-${name}-${tagOf[locale]}">${html}</template>`),
    )
    .join("\n");
