/** Objects found in the photo, from which the user selects the product. Several can be selected. */
import type { Schemas } from "@/api/client";
import { Icon } from "@/shared/ui/icon";
import { useMatteTranslation } from "./translation";

type SubjectChoiceProps = {
  matte: Schemas["Matte"];
  photo: Schemas["Image"];
  chosen: readonly string[];
  /** True while a choice is being cut out. */
  busy: boolean;
  onToggle: (id: string) => void;
};

/** Margin around an object, as a share of its box. */
const ROOM = 0.15;

export function SubjectChoice({ matte, photo, chosen, busy, onToggle }: SubjectChoiceProps) {
  const { t } = useMatteTranslation();
  if (matte.subjects.length < 2) return null;
  return (
    <section
      aria-labelledby="matte-subjects"
      className={`flex flex-col gap-2.5 ${matte.certain ? "" : "rounded-control bg-warn-soft px-3 py-2.5"}`}
    >
      <h3 id="matte-subjects" className="flex gap-2.5 text-body font-semibold">
        {!matte.certain && <Icon name="warning" className="mt-px text-warn" />}
        {matte.certain ? t.matte.objects : t.matte.which}
      </h3>
      <p className="text-data text-ink-2">{busy ? t.matte.cutting : t.matte.several}</p>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(88px,1fr))] gap-2">
        {matte.subjects.map((subject, index) => (
          <li key={subject.id}>
            <button
              type="button"
              aria-pressed={chosen.includes(subject.id)}
              aria-label={t.matte.object(index + 1)}
              className="relative block w-full cursor-pointer overflow-hidden rounded-control border border-line-strong bg-stage outline-offset-2 aria-pressed:border-accent aria-pressed:ring-2 aria-pressed:ring-accent"
              onClick={() => onToggle(subject.id)}
            >
              <Cropped subject={subject} matte={matte} photo={photo} />
              {chosen.includes(subject.id) && (
                <span className="absolute top-1 right-1 grid size-5 place-items-center rounded-full bg-accent text-accent-ink">
                  <Icon name="adopt" />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

type CroppedProps = Pick<SubjectChoiceProps, "matte" | "photo"> & { subject: Schemas["Subject"] };

/** Crop of the photo around an object, with everything else faded. */
function Cropped({ subject: { id, box, outline_url }, matte: { width, height }, photo }: CroppedProps) {
  const room = ROOM * Math.max(box.w * width, box.h * height);
  const view = [
    box.x * width - room,
    box.y * height - room,
    box.w * width + 2 * room,
    box.h * height + 2 * room,
  ];
  const whole = { width, height, preserveAspectRatio: "none" };
  return (
    <svg viewBox={view.join(" ")} className="aspect-square w-full" aria-hidden="true">
      <mask id={`outline-${id}`} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
        <image href={outline_url} {...whole} />
      </mask>
      <image href={photo.thumbnail_url} {...whole} opacity="0.3" />
      <image href={photo.thumbnail_url} {...whole} mask={`url(#outline-${id})`} />
    </svg>
  );
}
