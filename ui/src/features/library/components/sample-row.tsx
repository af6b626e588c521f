/** Sample photos for users who have none at hand. */
import { useTranslation } from "@/shared/i18n/translation";
import { CallProblem } from "@/shared/ui/call-problem";
import { samples, sampleThumb, type Sample } from "../samples";

type SampleRowProps = {
  onlyOnPhones?: boolean;
  busy: boolean;
  error: unknown;
  onPick: (sample: Sample) => void;
};

export function SampleRow({ onlyOnPhones = false, busy, error, onPick }: SampleRowProps) {
  const { t } = useTranslation();
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
              disabled={busy}
              onClick={() => onPick(sample)}
              className="frame-button flex w-full items-center gap-3 text-left text-data text-ink-2 hover:text-ink disabled:text-ink-3"
            >
              <img
                src={sampleThumb(sample)}
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
