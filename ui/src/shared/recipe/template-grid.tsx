/** Backdrops to pick instead of typing. */
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";

const SHORT = 4;

type TemplateGridProps = {
  templates: readonly Schemas["TemplateAnswer"][];
  selected: string | null;
  onSelect: (id: string | null) => void;
  disabled?: boolean;
};

export function TemplateGrid({ templates, selected, onSelect, disabled = false }: TemplateGridProps) {
  const { t, say } = useSpeech();
  const [all, setAll] = useState(false);
  const shown = all ? templates : templates.slice(0, SHORT);
  return (
    <section className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between">
        <h2 className="text-body font-semibold">{t.studio.replace}</h2>
        {templates.length > SHORT && (
          <button
            type="button"
            aria-expanded={all}
            onClick={() => setAll(!all)}
            className="text-data font-medium text-accent pointer-coarse:min-h-11"
          >
            {all ? t.studio.fewerTemplates : t.studio.allTemplates(templates.length)}
          </button>
        )}
      </div>
      <ul className="grid grid-cols-4 gap-x-2.5 gap-y-3">
        {shown.map((template) => {
          const on = template.id === selected;
          return (
            <li key={template.id}>
              <button
                type="button"
                aria-pressed={on}
                disabled={disabled}
                onClick={() => onSelect(on ? null : template.id)}
                className="frame-button flex w-full flex-col gap-1.5 text-left"
              >
                <TemplatePicture id={template.id} selected={on} />
                <span className={`text-caption ${on ? "font-semibold text-ink" : "text-ink-2"}`}>
                  {say(template.name)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What the template makes of the sample mug; an operator's own template has no picture. */
function TemplatePicture({ id, selected }: { id: string; selected: boolean }) {
  const [missing, setMissing] = useState(false);
  const ring = selected ? "ring-selected [--ring-ground:var(--color-panel)]" : "";
  return (
    <span className={`block aspect-square w-full overflow-hidden bg-stage outline-1 outline-edge ${ring}`}>
      {!missing && (
        <img
          src={`/samples/${id}.webp`}
          alt=""
          loading="lazy"
          className="size-full"
          onError={() => setMissing(true)}
        />
      )}
    </span>
  );
}
