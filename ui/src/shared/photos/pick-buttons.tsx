/** Buttons that pick photos: a file dialog, or camera and album on a phone. */
import { useRef, type ChangeEvent, type RefObject } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";

/** `accept` attribute of file inputs. */
export const PICTURES =
  "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,image/tiff,image/gif,.heic,.heif";

export type Pickers = {
  files: RefObject<HTMLInputElement | null>;
  camera: RefObject<HTMLInputElement | null>;
};

export function usePickers(): Pickers {
  return { files: useRef<HTMLInputElement>(null), camera: useRef<HTMLInputElement>(null) };
}

/** File inputs of the buttons. They stay mounted while the buttons change, because a file dialog may be open. */
export function PickInputs({ files, camera, onFiles }: Pickers & { onFiles: (files: File[]) => void }) {
  const picked = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.target.files ?? [])]);
    // Reset, so that picking the same file again fires an event.
    event.target.value = "";
  };
  return (
    <>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={PICTURES}
        onChange={picked}
        data-testid="photo-picker"
      />
      <input ref={camera} type="file" hidden accept="image/*" capture="environment" onChange={picked} />
    </>
  );
}

export function PickButtons({ pickers, compact = false }: { pickers: Pickers; compact?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="flex w-full flex-wrap gap-2 at-desk:hidden">
        <Button
          size="touch"
          weight="filled"
          icon="camera"
          className="flex-1"
          onClick={() => pickers.camera.current?.click()}
        >
          {t.home.takePhoto}
        </Button>
        <Button
          size="touch"
          icon="images"
          className="flex-1 bg-transparent"
          onClick={() => pickers.files.current?.click()}
        >
          {t.home.fromAlbum}
        </Button>
      </div>
      <Button
        size={compact ? "action" : "touch"}
        weight="filled"
        icon={compact ? undefined : "photo"}
        className="in-hand:hidden"
        onClick={() => pickers.files.current?.click()}
      >
        {t.home.choose}
      </Button>
    </>
  );
}
