/** Mutation of a button that must send once, however often it is pressed. */
import { useIsMutating, useMutation, useQueryClient, type UseMutationOptions } from "@tanstack/react-query";
import { useId } from "react";

type SingleOptions<Data, Variables, Context> = Omit<
  UseMutationOptions<Data, Error, Variables, Context>,
  "mutationKey"
> & {
  /** Identifies the call for a screen that is left and opened again while it is running. */
  key?: readonly string[];
};

/**
 * Ignores calls while one is running. Disabling the button is too late for a double click, whose second half may come
 * before the next render.
 */
export function useSingleMutation<Data, Variables = void, Context = unknown>({
  key,
  ...options
}: SingleOptions<Data, Variables, Context>) {
  const client = useQueryClient();
  const ownKey = useId();
  const mutationKey = key ?? [ownKey];
  const mutation = useMutation({ ...options, mutationKey });
  const mutate: typeof mutation.mutate = (...args) => {
    if (client.isMutating({ mutationKey }) === 0) mutation.mutate(...args);
  };
  return { ...mutation, mutate, isPending: useIsMutating({ mutationKey }) > 0 };
}
