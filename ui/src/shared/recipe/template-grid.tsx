/** Template grid: backdrops to choose instead of typing. */
import { useState, type ReactNode } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Toolbar } from "@/shared/ui/toolbar";
import { useScenes, type Scene } from "./use-offers";

const SHORT = 4;

type TemplateGridProps = {
  selected: string | null;
  onSelect: (id: string | null) => void;
  disabled?: boolean;
  /** Smaller title above the grid, below another heading. */
  title?: string | undefined;
  /** Replaces the sample picture of a template. */
  pictureOf?: (scene: Scene, selected: boolean) => ReactNode;
};

export function TemplateGrid({ selected, onSelect, disabled = false, title, pictureOf }: TemplateGridProps) {
  const { t, say } = useTranslation();
  const templates = useScenes();
  const [all, setAll] = useState(false);
  const shown = all ? templates : templates.slice(0, SHORT);
  return (
    <Toolbar label={title ?? t.studio.replace} className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between">
        {title ? (
          <h3 className="text-data font-medium">{title}</h3>
        ) : (
          <h2 className="text-body font-semibold">{t.studio.replace}</h2>
        )}
        {templates.length > SHORT && (
          <ShowAll all={all} label={t.studio.allTemplates(templates.length)} onToggle={() => setAll(!all)} />
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
                {pictureOf ? pictureOf(template, on) : <TemplatePicture id={template.id} selected={on} />}
                <span className={`text-caption ${on ? "font-semibold text-ink" : "text-ink-2"}`}>
                  {say(template.name)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Toolbar>
  );
}

/** Picture of a template on the sample mug. A template added by the operator has none. */
function TemplatePicture({ id, selected }: { id: string; selected: boolean }) {
  const [missing, setMissing] = useState(false);
  return (
    <TileFrame selected={selected}>
      {!missing && (
        <img
          src={`/samples/${id}.webp`}
          alt=""
          loading="lazy"
          className="size-full object-contain"
          onError={() => setMissing(true)}
        />
      )}
    </TileFrame>
  );
}

type ShowAllProps = { all: boolean; label: string; onToggle: () => void };

/** Button that shows all tiles of a shelf, or its first row again. */
export function ShowAll({ all, label, onToggle }: ShowAllProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-expanded={all}
      onClick={onToggle}
      className="text-data font-medium text-accent pointer-coarse:min-h-11"
    >
      {all ? t.studio.fewerTemplates : label}
    </button>
  );
}

/** Square toggle button with a ring when selected. */
export function TileFrame({ selected, children }: { selected: boolean; children: ReactNode }) {
  const ring = selected ? "ring-selected [--ring-ground:var(--color-panel)]" : "";
  return (
    <span className={`block aspect-square w-full overflow-hidden bg-stage outline-1 outline-edge ${ring}`}>
      {children}
    </span>
  );
}
