/** Sample photos that come with the page. */
import { ProblemError } from "@/api/problems";

export const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
export type Sample = (typeof samples)[number];

const sampleUrl = (sample: Sample) => `/samples/${sample}.jpg`;
export const sampleThumb = (sample: Sample) => `/samples/${sample}.thumb.webp`;

/** Downloads a sample as a file, as if the user had picked it. Throws a `ProblemError` if the server refuses. */
export async function sampleFile(sample: Sample): Promise<File> {
  const photo = await fetch(sampleUrl(sample))
    .then((answer) => (answer.ok ? answer.blob() : null))
    .catch(() => null);
  if (!photo) throw new ProblemError(null);
  return new File([photo], `${sample}.jpg`, { type: "image/jpeg" });
}
