/** The photos that come with the page. */
import { ProblemError } from "@/api/problems";

export const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
export type Sample = (typeof samples)[number];

const sampleUrl = (sample: Sample) => `/samples/${sample}.jpg`;
export const sampleThumb = (sample: Sample) => `/samples/${sample}.thumb.webp`;

/** A sample as a file, as if it had been picked. Throws a `ProblemError` where the server does not hand it out. */
export async function sampleFile(sample: Sample): Promise<File> {
  const photo = await fetch(sampleUrl(sample))
    .then((answer) => (answer.ok ? answer.blob() : null))
    .catch(() => null);
  if (!photo) throw new ProblemError(null);
  return new File([photo], `${sample}.jpg`, { type: "image/jpeg" });
}
