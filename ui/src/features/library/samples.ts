/** The photos that come with the page. */
export const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
export type Sample = (typeof samples)[number];

export const sampleUrl = (sample: Sample) => `/samples/${sample}.jpg`;
export const sampleThumb = (sample: Sample) => `/samples/${sample}.thumb.webp`;

/** A sample as a file, as if it had been picked. */
export async function sampleFile(sample: Sample): Promise<File> {
  const answer = await fetch(sampleUrl(sample));
  if (!answer.ok) throw new Error(`sample ${sample}: ${answer.status}`);
  return new File([await answer.blob()], `${sample}.jpg`, { type: "image/jpeg" });
}
