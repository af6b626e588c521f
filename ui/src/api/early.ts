/** Answers that the page's first script asked for while this one was on its way. */

/** A good answer, read, and when it had come. */
type Body = { json: unknown; at: number };

export type Early = {
  /** By address; each is used once. */
  answers: Map<string, Promise<Response>>;
  bodies: Map<string, Body>;
  /** The page has taken over: what comes now is for the calls that wait for it. */
  over: boolean;
  /** Ends when what the first script draws is on the screen. */
  seen: Promise<void>;
};

declare global {
  interface Window {
    early?: Early;
  }
}

/** The answer to that request, if it was asked for early and nobody has had it. */
export function earlyAnswer(request: Request): Promise<Response> | undefined {
  if (request.method !== "GET") return undefined;
  const address = request.url.slice(window.location.origin.length);
  const answer = window.early?.answers.get(address);
  window.early?.answers.delete(address);
  return answer?.catch(() => fetch(request));
}

/** What has come so far, by address; nobody else gets it. */
export function takeEarly(): ReadonlyMap<string, Body> {
  const { early } = window;
  if (!early) return new Map();
  early.over = true;
  for (const address of early.bodies.keys()) early.answers.delete(address);
  return early.bodies;
}
