/** Sample photos that come with the page. */
import { fetchFile } from "@/api/client";

export const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
export type Sample = (typeof samples)[number];

export const sampleThumb = (sample: Sample) => `/samples/${sample}.thumb.webp`;

/** Downloads a sample as a file, as if the user had picked it. */
export async function sampleFile(sample: Sample): Promise<File> {
  const photo = await (await fetchFile(`/samples/${sample}.jpg`)).blob();
  return new File([photo], `${sample}.jpg`, { type: "image/jpeg" });
}
