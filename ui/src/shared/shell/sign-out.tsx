/** The way out, where the server asks who one is. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "../i18n/words";
import { IconButton } from "../ui/button";

export function SignOut() {
  const { t } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const leave = useMutation({
    mutationFn: () => unwrap(api.POST("/logout")),
    // What was fetched for this person must not stay on the screen of the next.
    onSuccess: () => window.location.assign("/"),
  });
  if (config?.auth !== "token") return null;
  return (
    <IconButton
      name="signOut"
      label={t.signIn.signOut}
      disabled={leave.isPending}
      onClick={() => leave.mutate()}
    />
  );
}
