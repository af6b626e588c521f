/** Sample photos for users who have none at hand. */
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { useTranslation } from "@/shared/i18n/translation";
import { CallProblem } from "@/shared/ui/call-problem";
import { fetchFile } from "@/api/client";

const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
type Sample = (typeof samples)[number];

type SampleRowProps = {
  onlyOnPhones: boolean;
  /** True while photos are being added: the second half of a double click must not add the sample again. */
  busy: boolean;
  /** Called with the photo and the title of its product. */
  onPick: (file: File, title: string) => void;
};

export function SampleRow({ onlyOnPhones, busy, onPick }: SampleRowProps) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useSingleMutation({
    mutationFn: sampleFile,
    onSuccess: (file, name: Sample) => onPick(file, t.home.sampleTitles[name] ?? t.home.samples[name]),
  });
  return (
    <section
      className={`flex items-center gap-x-8 gap-y-4 max-lg:flex-col max-lg:items-start ${onlyOnPhones ? "sm:hidden" : ""}`}
    >
      <div className="w-[240px] shrink-0 max-lg:w-auto">
        <h2 className="text-lead font-semibold">{t.home.noPhoto}</h2>
        <p className="text-body text-ink-2">{t.home.trySample}</p>
        <CallProblem error={error} />
      </div>
      <ul className="grid w-full min-w-0 flex-1 grid-cols-6 gap-4 max-md:grid-cols-3 max-sm:grid-cols-2 max-sm:gap-3">
        {samples.map((sample) => (
          <li key={sample}>
            <button
              type="button"
              disabled={isPending || busy}
              onClick={() => mutate(sample)}
              className="frame-button flex w-full items-center gap-3 text-left text-data text-ink-2 hover:text-ink disabled:text-ink-3"
            >
              <img
                src={`/samples/${sample}.thumb.webp`}
                alt=""
                width={88}
                height={88}
                loading={onlyOnPhones ? "lazy" : "eager"}
                className="size-[88px] shrink-0 bg-stage outline-1 outline-edge max-sm:size-16"
              />
              {t.home.samples[sample]}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Downloads a sample as a file, as if the user had picked it. */
async function sampleFile(sample: Sample): Promise<File> {
  const photo = await (await fetchFile(`/samples/${sample}.jpg`)).blob();
  return new File([photo], `${sample}.jpg`, { type: "image/jpeg" });
}
