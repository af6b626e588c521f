/** Mutation of a button that must send once, however often it is pressed. */
import { useMutation, useQueryClient, type UseMutationOptions } from "@tanstack/react-query";
import { useId } from "react";

/**
 * Ignores calls while one is running. Disabling the button is too late for a double click, whose second half may come
 * before the next render.
 */
export function useSingleMutation<Data, Variables = void, Context = unknown>(
  options: Omit<UseMutationOptions<Data, Error, Variables, Context>, "mutationKey">,
) {
  const client = useQueryClient();
  const mutationKey = [useId()];
  const mutation = useMutation({ ...options, mutationKey });
  const mutate: typeof mutation.mutate = (...args) => {
    if (client.isMutating({ mutationKey }) === 0) mutation.mutate(...args);
  };
  return { ...mutation, mutate };
}
