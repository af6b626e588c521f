/** Clauses that are not carried out, and replacing them by suggested phrases. */
import type { Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";

export type RejectedClause = Schemas["ToldBackAnswer"];

const QUOTED = /“([^”]+)”/g;

/** Splits a suggestion at its quoted phrases, which can be typed instead of the clause. */
export function piecesOf(suggestion: string): { text: string; isPhrase: boolean }[] {
  return suggestion
    .split(QUOTED)
    .map((text, at) => ({ text, isPhrase: at % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** Replaces the clause by a phrase, or appends the phrase if the clause is no longer in the text. */
export function withPhraseFor(text: string, clause: string, phrase: string, joiner: string): string {
  const at = text.indexOf(clause);
  if (at !== -1) return text.slice(0, at) + phrase + text.slice(at + clause.length);
  return text.trim() ? text.trimEnd() + joiner + phrase : phrase;
}

/** Clauses that a refused instruction reported; empty for any other error. */
export function rejectedClausesIn(error: unknown): RejectedClause[] {
  if (!(error instanceof ProblemError)) return [];
  const clauses: unknown = error.problem?.params.told_back;
  return Array.isArray(clauses) ? clauses.filter(isRejectedClause) : [];
}

const isRejectedClause = (item: unknown): item is RejectedClause =>
  typeof item === "object" && item !== null && "text" in item && "reason" in item && "suggestion" in item;

/** Phrases quoted in a suggestion. */
export function phrasesIn(suggestion: unknown): string[] {
  if (typeof suggestion !== "string") return [];
  return piecesOf(suggestion)
    .filter(({ isPhrase }) => isPhrase)
    .map(({ text }) => text);
}
