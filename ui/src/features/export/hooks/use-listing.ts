/** Listing texts of a picture while the dialog is open. Typed or suggested texts are saved after a debounce. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { api, unwrap, type Variant } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { useDebounced } from "@/shared/hooks/use-debounced";
import { areSame, withSuggestion, type Listing } from "../listing";

/** Debounce in milliseconds before the texts are saved. */
const DEBOUNCE_MS = 700;

export function useListing(variant: Variant) {
  const client = useQueryClient();
  const [words, setWords] = useState<Listing>(variant.description);
  const saved = useRef<Listing>(variant.description);
  const settled = useDebounced(words, DEBOUNCE_MS);
  const path = { variant_id: variant.id };

  const save = useMutation({
    // One after the other, so that older texts cannot arrive last.
    scope: { id: `description ${variant.id}` },
    mutationFn: (body: Listing) =>
      unwrap(api.PUT("/variant/{variant_id}/description", { params: { path }, body })),
    onSuccess: (_, body) => {
      saved.current = body;
      return client.invalidateQueries({ queryKey: sessionQuery(variant.session_id).queryKey });
    },
  });
  const suggest = useSingleMutation({
    mutationFn: () => unwrap(api.POST("/variant/{variant_id}/description/suggestion", { params: { path } })),
    onSuccess: (suggestion, asked: Listing) => {
      setBefore(words);
      setWords(withSuggestion(words, asked, suggestion));
    },
  });
  /** Texts before the suggestion, for undo. */
  const [before, setBefore] = useState<Listing | null>(null);

  const keep = async (listing: Listing) => {
    if (!areSame(listing, saved.current)) await save.mutateAsync(listing);
  };
  const keepSettled = useEffectEvent((listing: Listing) => void keep(listing).catch(() => undefined));
  useEffect(() => keepSettled(settled), [settled]);
  const keepLast = useEffectEvent(() => void keep(words).catch(() => undefined));
  useEffect(() => () => keepLast(), []);

  return {
    words,
    type: setWords,
    /** Resolves once the server has saved the current texts. */
    keep: () => keep(words),
    isSaving: save.isPending,
    isSaved: save.isSuccess && areSame(words, save.variables),
    saveError: save.error,
    suggest: () => suggest.mutate(words),
    isSuggesting: suggest.isPending,
    suggestError: suggest.error,
    suggestion: suggest.data ?? null,
    undo: () => {
      if (before) setWords(before);
      suggest.reset();
    },
  };
}

export type ListingState = ReturnType<typeof useListing>;
