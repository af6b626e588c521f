/** Clauses that are not carried out, as the server tells them, and putting better words in their place. */
import { ProblemError } from "@/api/problems";
import type { ToldBack } from "./hooks/use-reading";

const QUOTED = /“([^”]+)”/g;

/** A suggestion in pieces; what it quotes are words that can be typed instead. */
export function piecesOf(suggestion: string): { text: string; isPhrase: boolean }[] {
  return suggestion
    .split(QUOTED)
    .map((text, at) => ({ text, isPhrase: at % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** Puts a phrase where the clause stands; at the end if the clause has been changed meanwhile. */
export function withPhraseFor(text: string, clause: string, phrase: string, joiner: string): string {
  const at = text.indexOf(clause);
  if (at !== -1) return text.slice(0, at) + phrase + text.slice(at + clause.length);
  return text.trim() ? text.trimEnd() + joiner + phrase : phrase;
}

/** What a refused instruction was told; empty for any other error. */
export function toldBackIn(error: unknown): ToldBack[] {
  if (!(error instanceof ProblemError)) return [];
  const told: unknown = error.problem?.params.told_back;
  return Array.isArray(told) ? told.filter(isToldBack) : [];
}

const isToldBack = (item: unknown): item is ToldBack =>
  typeof item === "object" && item !== null && "text" in item && "reason" in item && "suggestion" in item;

/** Phrases that a suggestion proposes instead. */
export function phrasesIn(suggestion: unknown): string[] {
  if (typeof suggestion !== "string") return [];
  return piecesOf(suggestion)
    .filter(({ isPhrase }) => isPhrase)
    .map(({ text }) => text);
}
