/** A server in place of the network: a test says what it answers and sees what it was asked. */
import { onTestFinished } from "vitest";
import { api } from "@/api/client";

export type Asked = {
  /** Method and path of the API, such as `GET /job/{job_id}`. */
  call: string;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  signal: AbortSignal;
};

type Called = {
  request: Request;
  schemaPath: string;
  params: { path?: Record<string, unknown>; query?: Record<string, unknown> };
};

/** Answers all calls until the test ends; what is no response is sent as JSON. */
export function serve(answer: (asked: Asked) => unknown): Asked[] {
  const calls: Asked[] = [];
  const server = {
    onRequest: async ({ request, schemaPath, params }: Called) => {
      const isJson = request.headers.get("Content-Type") === "application/json";
      const asked: Asked = {
        call: `${request.method} ${schemaPath}`,
        path: params.path ?? {},
        query: params.query ?? {},
        body: isJson ? await request.clone().json() : null,
        signal: request.signal,
      };
      calls.push(asked);
      const given = await answer(asked);
      return given instanceof Response ? given : Response.json(given);
    },
  };
  api.use(server);
  onTestFinished(() => api.eject(server));
  return calls;
}
