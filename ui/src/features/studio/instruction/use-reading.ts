/** Reading of the instruction, requested while the user types. No picture is made. */
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { useDebounced } from "@/shared/hooks/use-debounced";
import type { RejectedClause } from "@/shared/instruction/rejected-clauses";

/** Debounce in milliseconds between key presses of a slow typist; a shorter one would send half words. */
const TYPING_MS = 350;
/** A longer pause in milliseconds. Only then are misunderstood clauses shown and a reader model asked. */
const PAUSED_MS = 1_200;

type Change = Schemas["InstructionChange"];

/** Context of an instruction. */
export type Subject = {
  sessionId: string;
  variantId: string | null;
  operation: Schemas["Operation"];
};

export type Reading = {
  /** Short labels of the changes that the rules found, without duplicates. */
  labels: string[];
  /** Clauses that the rules did not understand, with the labels of a reader model. */
  readAs: { text: string; label: string }[];
  toldBack: RejectedClause[];
  /** True if the instruction changes the kind or scene of the backdrop. */
  namesBackdrop: boolean;
};

const instructionQuery = (subject: Subject, text: string, askReader: boolean) =>
  queryOptions({
    queryKey: ["instruction", subject, text, askReader],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST("/instruction", {
          body: {
            text,
            session_id: subject.sessionId,
            variant_id: subject.variantId,
            operation: subject.operation,
            ask_reader: askReader,
          },
          signal,
        }),
      ),
    // The same text on the same picture always has the same reading.
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });

const hasWords = (text: string) => /[\p{L}\p{N}]/u.test(text);
const isUnsure = ({ reason }: RejectedClause) => reason === "not_understood" || reason === "ambiguous";

export function useReading(subject: Subject, value: string, limit: number): Reading | null {
  const typed = value.trim();
  const text = useDebounced(typed, TYPING_MS);
  const paused = useDebounced(typed, PAUSED_MS);
  const config = useConfig();
  const isReadable = (words: string) => hasWords(words) && words.length <= limit;

  const rules = useQuery({
    ...instructionQuery(subject, text, false),
    enabled: isReadable(text),
    // Keep the last reading until the next one arrives.
    placeholderData: keepPreviousData,
  });
  const atRest = useQuery({
    ...instructionQuery(subject, paused, false),
    enabled: isReadable(paused),
    placeholderData: keepPreviousData,
  });
  const isUnclear = !atRest.isPlaceholderData && (atRest.data?.told_back.some(isUnsure) ?? false);
  const model = useQuery({
    ...instructionQuery(subject, paused, true),
    enabled: config?.reader != null && isUnclear && paused === typed,
  });

  if (!isReadable(typed)) return null;
  const answer = (paused === typed ? model.data : undefined) ?? rules.data;
  if (!answer) return null;
  const unclear = new Set(
    answer.reader === "model" ? (atRest.data?.told_back ?? []).map((clause) => clause.text) : [],
  );
  const toldBack = (answer.reader === "model" ? answer.told_back : (atRest.data?.told_back ?? [])).filter(
    (clause) => typed.includes(clause.text),
  );
  return {
    labels: labelsOf(answer.changes.filter((change) => !unclear.has(change.text))),
    readAs: [...unclear]
      .map((clause) => ({
        text: clause,
        label: labelsOf(answer.changes.filter((change) => change.text === clause)).join(" · "),
      }))
      .filter(({ label }) => label !== ""),
    toldBack,
    namesBackdrop: answer.changes.some(
      ({ part, field }) => part === "backdrop" && (field === "kind" || field === "scene"),
    ),
  };
}

/** True if the instruction puts the product into a scene. */
export function useIsScene(subject: Subject, value: string, limit: number): boolean {
  const text = useDebounced(value.trim(), TYPING_MS);
  const { data } = useQuery({
    ...instructionQuery(subject, text, false),
    enabled: hasWords(text) && text.length <= limit,
  });
  return data?.plan.backdrop.kind === "scene";
}

const labelsOf = (changes: readonly Change[]) => [...new Set(changes.map(({ label }) => label))];
