// From a photo to a marketplace's file with the generated TypeScript client: node walk.js URL PHOTO EXPORT.
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from './client/client';
import { edit, getExport, getJob, makeExports, openSession, upload, type Job } from './client';

const ASK_EVERY_MS = 100;

async function walk(url: string, photo: string, target: string) {
  const client = createClient({ baseUrl: url });
  const options = { client, throwOnError: true } as const;
  const file = new File([await readFile(photo)], 'mug.jpg', { type: 'image/jpeg' });
  const image = (await upload({ ...options, body: { file } })).data;
  const session = (await openSession({ ...options, body: { image_id: image.id } })).data;
  const order = { session_id: session.id, operation: 'bg_replace', candidates: 1 } as const;
  let job: Job = (await edit({ ...options, body: order })).data;
  while (job.status === 'queued' || job.status === 'running') {
    await sleep(ASK_EVERY_MS);
    job = (await getJob({ ...options, path: { job_id: job.id } })).data;
  }
  const [variant] = job.variants;
  const body = { variant_ids: [variant.id], presets: ['amazon-main'] };
  const [made] = (await makeExports({ ...options, body })).data.exports;
  const path = { export_id: made.id! };
  const exported = (await getExport({ ...options, path, parseAs: 'blob' })).data;
  await writeFile(target, Buffer.from(await exported.arrayBuffer()));
  const backdrop = variant.plan.backdrop.kind;
  console.log(JSON.stringify({ status: job.status, backdrop, logo: session.context.logo_anchor }));
}

const [url, photo, target] = process.argv.slice(2);
void walk(url, photo, target);
