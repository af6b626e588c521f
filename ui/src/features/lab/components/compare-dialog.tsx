/** Pictures of a case at full resolution, side by side, with synchronised scrolling. */
import { useRef } from "react";
import { useLabTranslation } from "../translation";
import { Dialog } from "@/shared/ui/layers/dialog";
import { letters, type Row } from "../rows";

export function CompareDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useLabTranslation();
  const panes = useRef(new Map<string, HTMLDivElement>());
  const name = t.lab.cases[row.name] ?? row.name;
  const pictures = [
    { title: t.studio.photo, src: row.main.source_url },
    { title: t.lab.columns.mask, src: row.main.mask_url },
    ...row.entries.map(({ case: one }, index) => ({ title: letters[index] ?? "", src: one.picture_url })),
  ];
  // As a share of the scroll range, because the photo and its pictures differ in size.
  const follow = (title: string) => {
    const moved = panes.current.get(title);
    if (!moved) return;
    for (const [other, pane] of panes.current) {
      if (other === title) continue;
      pane.scrollLeft =
        shareOf(moved.scrollLeft, moved.scrollWidth - moved.clientWidth) *
        (pane.scrollWidth - pane.clientWidth);
      pane.scrollTop =
        shareOf(moved.scrollTop, moved.scrollHeight - moved.clientHeight) *
        (pane.scrollHeight - pane.clientHeight);
    }
  };
  return (
    <Dialog title={name} lead={t.lab.at100} onClose={onClose} size="wide">
      <div className="grid min-h-0 flex-1 auto-cols-fr grid-flow-col gap-px bg-line max-sm:auto-rows-fr max-sm:grid-flow-row">
        {pictures.map(({ title, src }) => (
          <figure key={title} className="flex min-h-0 min-w-0 flex-col bg-panel">
            <figcaption className="px-3 py-1.5 text-data text-ink-2">{title}</figcaption>
            <div
              ref={(element) => {
                if (element) panes.current.set(title, element);
                return () => {
                  panes.current.delete(title);
                };
              }}
              // Focusable, so that arrow keys scroll it.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              role="group"
              aria-label={title}
              className="min-h-0 flex-1 overflow-auto bg-stage"
              onScroll={(event) => {
                if (event.currentTarget.matches(":hover, :focus")) follow(title);
              }}
            >
              {src && (
                <img
                  src={src}
                  alt={title}
                  draggable={false}
                  className="max-w-none"
                  onLoad={(event) => centre(event.currentTarget.parentElement)}
                />
              )}
            </div>
          </figure>
        ))}
      </div>
    </Dialog>
  );
}

/** Start at the centre, where products usually are. */
function centre(pane: HTMLElement | null): void {
  pane?.scrollTo((pane.scrollWidth - pane.clientWidth) / 2, (pane.scrollHeight - pane.clientHeight) / 2);
}

const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
