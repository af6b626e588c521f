/** Alt text and listing title of a picture, as the dialog edits them. */
import { ProblemError } from "@/api/problems";
import type { Schemas } from "@/api/client";
import type { enListing } from "@/shared/i18n/messages/en/listing";

export type Listing = Schemas["Description"];
export type Language = "zh" | "en";
type Failure = keyof (typeof enListing)["failed"];

export const areSame = (a: Listing, b: Listing) =>
  a.title.zh === b.title.zh &&
  a.title.en === b.title.en &&
  a.alt_text.zh === b.alt_text.zh &&
  a.alt_text.en === b.alt_text.en;

type Texts = Listing["title"];

/** Puts a suggestion in place of the texts that were not changed since it was asked for. */
export function withSuggestion(now: Listing, asked: Listing, suggestion: Listing): Listing {
  const kept = (typed: Texts, before: Texts, suggested: Texts): Texts => ({
    zh: typed.zh === before.zh ? suggested.zh : typed.zh,
    en: typed.en === before.en ? suggested.en : typed.en,
  });
  return {
    title: kept(now.title, asked.title, suggestion.title),
    alt_text: kept(now.alt_text, asked.alt_text, suggestion.alt_text),
  };
}

export const isEmpty = ({ title, alt_text: alt }: Listing) => !(title.zh || title.en || alt.zh || alt.en);

/** Language to show: the only one with texts, otherwise the page's language. */
export function languageOf({ title, alt_text: alt }: Listing, page: Language): Language {
  const other = page === "zh" ? "en" : "zh";
  return !(title[page] || alt[page]) && (title[other] || alt[other]) ? other : page;
}

const byCode: Readonly<Record<string, Failure>> = {
  E_AI_CONTENT_REFUSED: "refused",
  E_AI_TIMEOUT: "timeout",
  E_AI_AUTH: "auth",
  E_AI_RATE_LIMITED: "limited",
  E_RATE_LIMITED: "limited",
};

/** Reason why there is no suggestion; null for errors that are not about the model, such as a lost connection. */
export function failureOf(error: unknown): Failure | null {
  const problem = error instanceof ProblemError ? error.problem : null;
  if (!problem) return null;
  const { reason } = problem.params;
  if (reason === "over_budget" || reason === "breaker_open") return reason;
  return byCode[problem.code] ?? (problem.code === "E_AI_MODEL_UNAVAILABLE" ? "other" : null);
}
